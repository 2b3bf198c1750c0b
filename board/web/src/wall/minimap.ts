import { effect } from '@preact/signals'
import { inks, kindOf } from '../model/kinds'
import { theme } from '../shell'
import { around, grown, type Box, type Point } from './box'
import { centredOn, seen } from './camera'
import { underLinks } from './scene'
import type { Stage } from './stage'

/** tells says whether a map is of use: there is something on the wall that is not in view. */
export function tells(all: Box | undefined, view: Box): boolean {
  return all !== undefined && (all.x < view.x || all.y < view.y || all.x + all.w > view.x + view.w || all.y + all.h > view.y + view.h)
}

const calm = 200 // ms between two pictures of the notes

/** Minimap shows the whole wall in a corner, and what of it is in view; pressing or dragging goes there. */
export class Minimap {
  private readonly g: CanvasRenderingContext2D | null
  private readonly picture = document.createElement('canvas')
  private area: Box = { x: 0, y: 0, w: 1, h: 1 }
  private scale = 1
  private timer: ReturnType<typeof setTimeout> | undefined
  private frame = 0
  private all: Box | undefined // all notes
  private readonly undoers: (() => void)[] = []

  constructor(
    private readonly s: Stage,
    private readonly canvas: HTMLCanvasElement,
  ) {
    this.g = canvas.getContext('2d')
    const stop = new AbortController()
    const drag = (e: PointerEvent) => {
      if (e.type === 'pointerdown') canvas.setPointerCapture(e.pointerId)
      else if (!canvas.hasPointerCapture(e.pointerId)) return
      const r = canvas.getBoundingClientRect()
      this.go({ x: e.clientX - r.left, y: e.clientY - r.top })
    }
    canvas.addEventListener('pointerdown', drag, { signal: stop.signal })
    canvas.addEventListener('pointermove', drag, { signal: stop.signal })
    this.undoers.push(
      () => stop.abort(),
      s.model.onChange(() => this.soon()),
      effect(() => {
        void [theme.value, s.model.focus.value]
        this.soon()
      }),
      effect(() => {
        void [s.model.camera.value, s.model.viewport.value]
        if (this.frame === 0) this.frame = requestAnimationFrame(() => this.show())
      }),
    )
  }

  stop(): void {
    clearTimeout(this.timer)
    cancelAnimationFrame(this.frame)
    for (const undo of this.undoers) undo()
  }

  private soon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined
      this.draw()
      this.show()
    }, calm)
  }

  /** draw makes the picture of all notes anew. */
  private draw(): void {
    const ratio = Math.min(2, devicePixelRatio || 1)
    const w = this.canvas.clientWidth
    const h = this.canvas.clientHeight
    if (w === 0) return
    for (const c of [this.canvas, this.picture]) {
      c.width = Math.round(w * ratio)
      c.height = Math.round(h * ratio)
    }
    const notes = [...this.s.model.notes()]
    this.all = around(notes)
    const all = this.all ?? { x: 0, y: 0, w: 1000, h: 600 }
    this.area = grown(all, Math.max(all.w, all.h) * 0.04)
    this.scale = Math.min(w / this.area.w, h / this.area.h)
    const left = (w / this.scale - this.area.w) / 2
    const top = (h / this.scale - this.area.h) / 2
    this.area = { x: this.area.x - left, y: this.area.y - top, w: w / this.scale, h: h / this.scale }
    const g = this.picture.getContext('2d')!
    const k = this.scale * ratio
    const t = theme.peek()
    const focus = this.s.model.focus.peek()
    notes.sort((a, b) => Number(underLinks(b.kind)) - Number(underLinks(a.kind)))
    for (const n of notes) {
      if (n.kind === 'text') continue
      const frame = n.kind === 'module' || n.kind === 'lane'
      g.globalAlpha = focus && !focus.has(n.id) ? 0.15 : n.kind === 'lane' ? 0.15 : 1
      g.fillStyle = n.pivotal ? inks[t].pivotal : n.kind === 'module' ? inks[t].line : kindOf(n.kind).paper[t]
      if (frame) g.globalAlpha *= 0.5
      g.fillRect((n.x - this.area.x) * k, (n.y - this.area.y) * k, Math.max(1.2, n.w * k), Math.max(1.2, n.h * k))
    }
    g.globalAlpha = 1
  }

  private show(): void {
    this.frame = 0
    const g = this.g
    if (!g) return
    const { width, height } = this.canvas
    g.clearRect(0, 0, width, height)
    if (this.picture.width > 0) g.drawImage(this.picture, 0, 0)
    const v = seen(this.s.camera, this.s.view)
    this.canvas.classList.toggle('is-idle', !tells(this.all, v))
    const k = this.scale * (width / Math.max(1, this.canvas.clientWidth))
    const ink = inks[theme.peek()]
    const x = (v.x - this.area.x) * k
    const y = (v.y - this.area.y) * k
    g.fillStyle = ink.focus
    g.globalAlpha = 0.1
    g.fillRect(x, y, v.w * k, v.h * k)
    g.globalAlpha = 1
    g.strokeStyle = ink.focus
    g.lineWidth = 1.5
    g.strokeRect(x, y, v.w * k, v.h * k)
  }

  private go(p: Point): void {
    const at = { x: this.area.x + p.x / this.scale, y: this.area.y + p.y / this.scale }
    this.s.camera = centredOn(at, this.s.view, this.s.camera.zoom)
  }
}
