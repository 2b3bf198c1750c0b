import { effect, signal } from '@preact/signals'
import type { BoardModel } from '../model/board'
import { verbOf } from '../model/grammar'
import { inks } from '../model/kinds'
import type { Note, Problem } from '../model/types'
import { theme } from '../shell'
import { around, centre, type Box, type Point } from './box'
import { centredOn, fitted, shown, toBoard, type Camera, type View } from './camera'
import { join, joining, linkedIn, name, told, type Joining } from './joining'
import { byNote, described, marksOf } from './marks'
import { Others } from './others'
import type { Marks } from './paint/badges'
import { levelOf, type Look } from './paint/look'
import { Pace } from './paint/pace'
import { overlaid, paintOverlay } from './paint/overlay'
import { paintWall } from './paint/wall'
import { Scene, titleHeight, underLinks, type Hit } from './scene'
import type { Guide } from './snap'
import { Letters } from './type'
import { walk, nearest, type Direction } from './walk'

/** Linking is a link that is being drawn. */
export interface Linking {
  from: string
  /** where its loose end is, in board pixels */
  at: Point
  /** the note that it would lead to, and what it would then be */
  target?: string
  joining?: Joining
  byKey: boolean
}

/** MenuAt is an open context menu: where, and what it is about. */
export interface MenuAt {
  x: number
  y: number
  /** of the wall, not of notes */
  at: Point
  only?: 'problems' | 'kinds'
}

/** Tip is a short text beside the pointer. */
export interface Tip {
  x: number
  y: number
  lines: string[]
}

/** how much of the wall's lower edge the bar with the zoom takes, in CSS pixels */
const below = 48

/** so many notes that come to an empty wall at once were imported: they are shown */
const many = 8

/** below the first a note cannot be written on; the second is how large it is shown then */
const legible = 0.4
const writingZoom = 0.65

/** boards whose whole was shown when they were opened; coming back from the list leaves the view where it was */
const opened = new WeakSet<BoardModel>()

/**
 * Stage is the wall while it is on the screen: the scene, what the user is in the
 * middle of, and when it is painted. It paints only when something changed: the
 * wall itself and, on a canvas above it, what moves with pointers.
 */
export class Stage {
  readonly scene: Scene
  readonly letters = new Letters()
  readonly others: Others
  hover: Hit | undefined
  /** where this person's pointer is on the screen, when it is over the wall */
  pointer: Point | undefined
  guides: Guide[] = []
  marquee: Box | undefined
  linking: Linking | undefined
  /** what is said aloud */
  readonly said = signal('')
  readonly menu = signal<MenuAt | null>(null)
  readonly tip = signal<Tip | null>(null)
  readonly cursor = signal('default')
  /** frames painted and how long the last took, for measuring */
  readonly painted = { walls: 0, overlays: 0, ms: 0 }

  private readonly mine = new Map<string, Box>()
  private problems: ReadonlyMap<string, readonly Problem[]> = new Map()
  private readonly undoers: (() => void)[] = []
  private wall: CanvasRenderingContext2D | undefined
  private overlay: CanvasRenderingContext2D | undefined
  private wallDirty = true
  private overlayDirty = true
  private frame = 0
  private last = 0
  private readonly pace = new Pace(() => this.touch())
  private density = 1
  private fittedOnce = false
  private empty = false
  private bare = false
  private idle = 0
  private readonly began: Camera

  constructor(readonly model: BoardModel) {
    this.scene = new Scene(model)
    this.began = model.camera.peek()
    this.others = new Others(model)
    this.undoers.push(
      model.onChange((ids) => this.changed(ids)),
      model.onHere(() => this.heard()),
      effect(() => this.watched()),
      effect(() => this.watchedLightly()),
      effect(() => this.uncover(model.covered.value)),
      effect(() => this.approach(model.editing.value)),
      effect(() => {
        this.problems = byNote(model.problems.value)
        this.touch()
      }),
    )
  }

  /** attach paints on two canvases from now on. */
  attach(wall: HTMLCanvasElement, overlay: HTMLCanvasElement): void {
    this.wall = wall.getContext('2d', { alpha: false }) ?? undefined
    this.overlay = overlay.getContext('2d') ?? undefined
    this.touch()
  }

  /** resize says how large the wall is on the screen. */
  resize(view: View, density: number): void {
    this.density = density
    for (const g of [this.wall, this.overlay]) {
      if (!g) continue
      g.canvas.width = Math.max(1, Math.round(view.w * density))
      g.canvas.height = Math.max(1, Math.round(view.h * density))
    }
    this.model.viewport.value = view
    if (!this.fittedOnce) this.fitFirst()
    cancelAnimationFrame(this.frame)
    this.touch()
    this.paint(performance.now()) // at once: a canvas is empty after its size was set
  }

  stop(): void {
    cancelAnimationFrame(this.frame)
    this.pace.stop()
    if (this.idle !== 0) cancelIdleCallback(this.idle)
    for (const undo of this.undoers) undo()
  }

  get view(): View {
    return this.model.viewport.peek()
  }

  /** free is what of the view nothing else covers. */
  get free(): View {
    return this.model.free()
  }

  get camera(): Camera {
    return this.model.camera.peek()
  }

  set camera(c: Camera) {
    this.model.camera.value = c
  }

  /** touch has the wall painted anew in the next frame. */
  touch(): void {
    this.wallDirty = true
    this.touchOverlay()
  }

  /** touchOverlay has what lies above the wall painted anew in the next frame. */
  touchOverlay(): void {
    this.overlayDirty = true
    if (this.frame === 0) this.frame = requestAnimationFrame((now) => this.paint(now))
  }

  /** hold shows notes elsewhere than the model has them, with what others hold. */
  hold(boxes: ReadonlyMap<string, Box>): void {
    this.mine.clear()
    for (const [id, b] of boxes) this.mine.set(id, b)
    this.holdAll()
  }

  /** say has a text read aloud. */
  say(text: string): void {
    this.said.value = text
  }

  /** describe says what a note is, for who does not see it. */
  describe(n: Note): string {
    return described(this.model, n, this.problemsOf(n.id).length)
  }

  problemsOf(id: string): readonly Problem[] {
    return this.problems.get(id) ?? []
  }

  marksOf(n: Note): Marks {
    return marksOf(this.model, n, this.problemsOf(n.id))
  }

  /** board returns the board point at a point of the screen. */
  board(p: Point): Point {
    return toBoard(this.camera, p)
  }

  /** selected returns the one selected note, if it is one. */
  selected(): Note | undefined {
    const ids = this.model.selection.peek()
    if (ids.size !== 1) return undefined
    const [id] = ids
    return this.model.note(id!)
  }

  /** active returns the note that keys are about: the last one selected. */
  active(): Note | undefined {
    let found: Note | undefined
    for (const id of this.model.selection.peek()) found = this.model.note(id) ?? found
    return found
  }

  /** lead moves the loose end of a link that is being drawn. */
  lead(at: Point, target: Note | undefined): void {
    const k = this.linking
    const from = k && this.model.note(k.from)
    if (!k || !from) return
    k.at = at
    if (target?.id !== k.target) {
      delete k.joining
      delete k.target
      if (target && target.id !== k.from) {
        k.target = target.id
        k.joining = joining(from, target, linkedIn(this.model))
        this.say(told(k.joining, from, target))
      }
    }
    this.touchOverlay()
  }

  /** linkable says whether a note is a possible end of the link that is being drawn. */
  linkable(n: Note): boolean {
    const from = this.linking && this.model.note(this.linking.from)
    return from !== undefined && n.id !== from.id && joining(from, n, linkedIn(this.model)).what !== 'none'
  }

  /** write opens the field on a note; a gesture ties what is written to the step that made the note. */
  write(id: string, gesture?: string): void {
    const n = this.model.note(id)
    if (!n || !this.model.mayEdit()) return
    this.gesture = gesture
    this.tip.value = null
    this.model.editing.value = id
  }

  /** approach shows a note that is written on large enough to be read; of a wall that is seen from afar only colours are left. */
  private approach(id: string | null): void {
    const n = id === null ? undefined : this.model.note(id)
    if (!n || !this.fittedOnce) return
    const under = underLinks(n.kind)
    let c = this.camera
    if (c.zoom < legible && !under) c = centredOn(centre(n), this.free, writingZoom)
    this.camera = shown(c, under ? { x: n.x, y: n.y, w: Math.min(n.w, 240), h: titleHeight } : n, this.free, 24)
  }

  endWriting(): void {
    this.model.editing.value = null
  }

  /** the pointer has moved since the last note was made */
  pointed = false

  /** cancelDrag ends what a pointer is in the middle of; the wall puts its own in place */
  cancelDrag: () => boolean = () => false

  /** gesture is what the next writing belongs to. */
  gesture: string | undefined

  /** startLinking lets keys or taps choose where a link from a note leads. */
  startLinking(from: Note): void {
    if (!this.model.mayEdit()) return
    this.tip.value = null
    const b = this.scene.box(from)
    this.linking = { from: from.id, at: { x: b.x + b.w + 60, y: b.y + b.h / 2 }, byKey: true }
    this.say(`Link from ${name(from)}. Choose a note with the arrow keys, then press Enter.`)
    this.step('right')
    this.touchOverlay()
  }

  /** step goes to the next possible end of the link that is being drawn. */
  step(way: Direction): void {
    const k = this.linking
    const from = k && this.model.note(k.from)
    if (!k || !from) return
    const here = this.model.note(k.target ?? k.from) ?? from
    let possible = [...this.model.notes()].filter((n) => n.id !== here.id && this.linkable(n))
    // At first what the note leads to is looked at, before what leads to it.
    const ahead = possible.filter((n) => verbOf(from.kind, n.kind) !== undefined)
    if (k.target === undefined && ahead.length > 0) possible = ahead
    const to = walk(here, possible, way) ?? (k.target === undefined ? nearest(from, possible) : undefined)
    if (!to) return this.say(k.target === undefined ? 'There is no note that it could be linked with.' : 'No further note that way.')
    this.reveal(to)
    this.lead(centre(to), to)
  }

  finishLinking(to: string | undefined = this.linking?.target): void {
    const from = this.linking?.from
    this.stopLinking()
    if (from !== undefined && to !== undefined && to !== '' && join(this.model, from, to)) this.model.select([to])
  }

  stopLinking(): void {
    this.linking = undefined
    this.touchOverlay()
  }

  openMenu(at: Point, only?: MenuAt['only']): void {
    this.tip.value = null
    this.menu.value = { x: at.x, y: at.y, at: this.board(at), ...(only ? { only } : {}) }
  }

  /** fit shows the selected notes, or everything. */
  fit(ids?: Iterable<string>): void {
    const notes = ids ? Array.from(ids, (id) => this.model.note(id)).filter((n) => n !== undefined) : this.model.notes()
    const box = around(notes)
    if (!box) {
      this.camera = centredOn({ x: 0, y: 0 }, this.free, 1)
      return
    }
    const { w, h } = this.free
    this.camera = fitted(box, { w, h: h - Math.min(below, h / 4) }, Math.min(56, w * 0.06), ids ? 1.5 : 1)
  }

  /** reveal moves the view as little as brings a note into it. */
  reveal(n: Note): void {
    this.camera = shown(this.camera, this.scene.box(n), this.free)
  }

  /** uncover keeps the selected note in sight when a panel comes up over it. */
  private uncover(by: number): void {
    const n = by > 0 ? this.active() : undefined
    if (n && !underLinks(n.kind) && this.fittedOnce) this.camera = shown(this.camera, this.scene.box(n), this.free, 16)
  }

  /** fitFirst shows the whole board when it is opened, unless something moved the view already. An empty one begins in the middle. */
  private fitFirst(): void {
    if (this.view.w < 10) return
    this.fittedOnce = true
    if (!opened.has(this.model) && this.camera === this.began) this.fit()
    this.empty = this.model.counts.notes === 0
    this.bare = this.model.files().length === 0
    opened.add(this.model)
    this.prepare(this.model.notes()[Symbol.iterator]())
  }

  /** prepare works out how texts fit while nothing else is to be done, so that zooming in does not wait for it. */
  private prepare(notes: Iterator<Note>): void {
    if (typeof requestIdleCallback === 'undefined') return
    this.idle = requestIdleCallback((left) => {
      do {
        const next = notes.next()
        if (next.done) return
        this.letters.of(next.value)
      } while (left.timeRemaining() > 2)
      this.prepare(notes)
    })
  }

  private changed(ids: ReadonlySet<string>): void {
    this.scene.refresh(ids)
    const { notes } = this.model.counts
    const bare = this.model.files().length === 0
    // The notes of a storm come a moment after its board was opened for the first time.
    if (this.fittedOnce && this.empty && (notes >= many || (notes > 0 && this.bare && !bare))) this.fit()
    this.empty = notes === 0
    this.bare = bare
    for (const id of this.mine.keys()) if (!this.model.note(id)) this.mine.delete(id)
    if (this.linking && !this.model.note(this.linking.from)) this.linking = undefined
    this.touch()
  }

  private heard(): void {
    const was = [...this.others.drafts.values()].join() + [...this.others.writers.keys()].join()
    const dragging = this.others.dragged.size > 0
    this.others.take(performance.now())
    if (dragging || this.others.dragged.size > 0) this.holdAll()
    if (was !== [...this.others.drafts.values()].join() + [...this.others.writers.keys()].join()) this.touch()
    this.touchOverlay()
  }

  private holdAll(): void {
    this.scene.hold(new Map([...this.others.dragged, ...this.mine]))
    this.touch()
  }

  private watched(): void {
    const m = this.model
    void [m.camera.value, m.focus.value, m.editing.value, m.replaying.value, theme.value]
    this.touch()
  }

  private watchedLightly(): void {
    void this.model.selection.value
    this.touchOverlay()
  }

  private look(): Look {
    const c = this.camera
    const t = theme.peek()
    return { theme: t, ink: inks[t], camera: c, view: this.view, density: this.density, letters: this.letters, level: levelOf(c.zoom), light: this.pace.light }
  }

  private paint(now: number): void {
    this.frame = 0
    const going = this.others.step(Math.min(100, now - this.last))
    this.last = now
    const began = performance.now()
    this.pace.frame(now, this.camera)
    const l = this.look()
    if (this.wallDirty && this.wall) {
      this.wallDirty = false
      paintWall(this.wall, {
        scene: this.scene,
        people: this.model.people(),
        focus: this.model.focus.peek(),
        editing: this.model.editing.peek(),
        drafts: this.others.drafts,
        marksOf: (n) => this.marksOf(n),
        note: (id) => this.model.note(id),
      }, l)
      if (this.painted.walls === 0) performance.mark('wall-first') // the benchmark asks for it
      if (this.model.counts.notes > 0) this.painted.walls++
    }
    if (this.overlayDirty && this.overlay) {
      this.overlayDirty = false
      // An empty canvas over the wall costs as much to put there as a full one.
      const shown = overlaid(this)
      this.overlay.canvas.hidden = !shown
      if (shown) paintOverlay(this.overlay, this, l)
      this.painted.overlays++
    }
    this.painted.ms = performance.now() - began
    if (going) this.touchOverlay()
  }
}
