import type { Note } from '../../model/types'
import { holds, grown, type Point } from '../box'
import { panned, pinched, wheeled, zoomed } from '../camera'
import { add } from '../edits'
import { gripAt, gripsOf, type Grip } from '../handles'
import { badgeSize, problemAt } from '../paint/badges'
import { underLinks, type Hit } from '../scene'
import type { Stage } from '../stage'
import type { Drag, Keys } from './drag'
import { linking } from './link'
import { choosing } from './marquee'
import { moving } from './move'
import { panning } from './pan'
import { sizing } from './size'

const slackMouse = 3 // CSS pixels that a pointer may move and still be said to have stood still
const slackTouch = 9
const longPress = 500 // ms
const doubleTap = 320 // ms
const margin = 24 // CSS pixels at the edge in which a drag moves the view along
const touchReach = 22 // CSS pixels

interface Press {
  id: number
  at: Point
  touch: boolean
  hit: Hit | undefined
  grip: { grip: Grip; note: Note } | undefined
  shift: boolean
  pan: boolean
  /** it was selected before it was pressed */
  was: boolean
  drag: Drag | undefined
  /** the drag is the view's own */
  follows: boolean
}

/**
 * Pointer turns what mouse, pen and fingers do on the wall into gestures. A
 * mouse drags notes and draws a box on the empty wall; a finger pans, and drags a
 * note only when it is selected, so that the wall can be moved from everywhere.
 */
export class Pointer {
  private press: Press | undefined
  private readonly fingers = new Map<number, Point>()
  private pinch: [Point, Point] | undefined
  private timer: ReturnType<typeof setTimeout> | undefined
  private tapped: { at: number; id: string | undefined; p: Point } | undefined
  private longPressed = false
  private edging = 0
  /** Space is held: the wall is taken by whatever is pressed */
  space = false

  constructor(
    private readonly s: Stage,
    private readonly element: HTMLElement,
  ) {}

  /** listen begins to hear the pointers and returns how to stop. */
  listen(): () => void {
    const stop = new AbortController()
    const on = <K extends keyof HTMLElementEventMap>(type: K, f: (e: HTMLElementEventMap[K]) => void) =>
      this.element.addEventListener(type, f, { signal: stop.signal, passive: false })
    on('pointerdown', (e) => this.down(e))
    on('pointermove', (e) => this.move(e))
    on('pointerup', (e) => this.up(e))
    on('pointercancel', (e) => this.lost(e))
    on('pointerleave', () => this.leave())
    // The finger that opened a menu must not press what now lies under it.
    on('touchend', (e) => { if (this.longPressed && e.cancelable) e.preventDefault() })
    on('wheel', (e) => this.wheel(e))
    on('dblclick', (e) => this.double(e))
    on('contextmenu', (e) => this.context(e))
    return () => {
      clearTimeout(this.timer)
      cancelAnimationFrame(this.edging)
      stop.abort()
    }
  }

  /** cancel ends what a pointer is in the middle of and reports whether there was anything. */
  cancel(): boolean {
    const drag = this.press?.drag
    this.press = undefined
    clearTimeout(this.timer)
    drag?.cancel()
    return drag !== undefined
  }

  private at(e: MouseEvent): Point {
    const r = this.element.getBoundingClientRect()
    return { x: e.clientX - r.left, y: e.clientY - r.top }
  }

  private down(e: PointerEvent): void {
    if (e.target !== this.element) return
    const at = this.at(e)
    const touch = e.pointerType === 'touch'
    this.longPressed = false
    this.s.menu.value = null
    this.s.tip.value = null
    if (this.s.model.editing.peek() !== null) this.s.endWriting()
    this.element.focus({ preventScroll: true })
    if (touch) {
      this.fingers.set(e.pointerId, at)
      if (this.fingers.size === 2) return this.beginPinch()
      if (this.fingers.size > 2) return
    }
    if (e.button === 2) return
    this.element.setPointerCapture(e.pointerId)
    const pan = e.button === 1 || this.space
    if (pan) e.preventDefault()
    this.press = this.pressed(e, at, touch, pan)
    if (touch) this.timer = setTimeout(() => this.long(at), longPress)
  }

  private pressed(e: PointerEvent, at: Point, touch: boolean, pan: boolean): Press {
    const grip = pan || !this.s.model.mayEdit() ? undefined : this.gripUnder(at, touch)
    const hit = grip || pan ? undefined : this.under(at, touch)
    const was = hit !== undefined && this.s.model.selection.peek().has(hit.id)
    const press: Press = { id: e.pointerId, at, touch, hit, grip, shift: e.shiftKey || e.ctrlKey || e.metaKey, pan, was, drag: undefined, follows: false }
    if (hit && !was && !touch && !this.s.linking) this.choose(hit.id, press.shift)
    return press
  }

  private choose(id: string, add: boolean): void {
    const ids = new Set(add ? this.s.model.selection.peek() : [])
    if (add && ids.has(id)) ids.delete(id)
    else ids.add(id)
    this.s.model.selection.value = ids
    const n = this.s.model.note(id)
    if (n) this.s.say(this.s.describe(n))
  }

  private under(p: Point, touch: boolean): Hit | undefined {
    return this.s.scene.at(this.s.board(p), (touch ? 14 : 6) / this.s.camera.zoom, this.s.model.selection.peek())
  }

  private gripUnder(p: Point, touch: boolean): Press['grip'] {
    const chosen = this.s.selected()
    const hover = this.s.hover?.what === 'note' ? this.s.model.note(this.s.hover.id) : undefined
    for (const note of [chosen, touch ? undefined : hover]) {
      if (!note) continue
      const grip = gripAt(gripsOf(note, this.s.scene.box(note), this.s.camera, note === chosen), p, touch ? touchReach : 9)
      if (grip) return { grip, note }
    }
    return undefined
  }

  private move(e: PointerEvent): void {
    const at = this.at(e)
    if (this.fingers.has(e.pointerId)) this.fingers.set(e.pointerId, at)
    if (this.pinch) return this.pinching()
    const press = this.press
    if (e.pointerType !== 'touch') this.point(at)
    if (!press) {
      if (e.pointerType !== 'touch') this.hover(at)
      return
    }
    if (press.id !== e.pointerId) return
    if (!press.drag) {
      const slack = press.touch ? slackTouch : slackMouse
      if (Math.hypot(at.x - press.at.x, at.y - press.at.y) < slack) return
      clearTimeout(this.timer)
      press.drag = this.begin(press)
    }
    press.drag.move(at, keysOf(e))
    this.edge(press, at, keysOf(e))
    if (press.touch) this.s.pointer = undefined
  }

  /** edge moves the view along while something is dragged to the edge of what is seen. */
  private edge(press: Press, at: Point, keys: Keys): void {
    cancelAnimationFrame(this.edging)
    const { w, h } = this.s.view
    const pull = (v: number, end: number) => (v < margin ? v - margin : v > end - margin ? v - end + margin : 0)
    const dx = pull(at.x, w)
    const dy = pull(at.y, h)
    if (press.pan || press.follows || (dx === 0 && dy === 0)) return
    this.edging = requestAnimationFrame(() => {
      if (this.press !== press || !press.drag) return
      this.s.camera = panned(this.s.camera, -dx * 0.5, -dy * 0.5)
      press.drag.move(at, keys)
      this.edge(press, at, keys)
    })
  }

  /** begin chooses what a pressed pointer that moves is about. */
  private begin(press: Press): Drag {
    const s = this.s
    const { grip, hit } = press
    if (s.linking && !press.touch) s.stopLinking()
    if (grip?.grip.what === 'link') return linking(s, grip.note, press.at)
    if (grip?.grip.what === 'size') return sizing(s, grip.note, grip.grip, press.at)
    const may = s.model.mayEdit()
    if (press.pan || (press.touch && !(press.was && may))) return this.panned(press)
    if (hit?.what === 'note' && may && s.model.selection.peek().has(hit.id)) return moving(s, press.at)
    return hit && !may ? this.panned(press) : choosing(s, press.at, press.shift)
  }

  private panned(press: Press): Drag {
    press.follows = true
    return panning(this.s, press.at)
  }

  private up(e: PointerEvent): void {
    const at = this.at(e)
    this.fingers.delete(e.pointerId)
    if (this.pinch) return this.endPinch()
    const press = this.press
    if (press?.id !== e.pointerId) return
    this.press = undefined
    clearTimeout(this.timer)
    if (press.drag) press.drag.end(at, keysOf(e))
    else if (!press.pan) this.click(press)
    if (!press.touch) this.hover(at)
  }

  /** click is a press that did not move. */
  private click(press: Press): void {
    const { hit, grip } = press
    if (this.s.linking) return this.s.finishLinking(hit?.what === 'note' ? hit.id : '')
    if (grip?.grip.what === 'link') return this.s.startLinking(grip.note)
    if (press.touch) return this.tap(press)
    if (!hit) {
      if (!press.shift) this.s.model.selection.value = new Set()
      return
    }
    if (press.was) this.choose(hit.id, press.shift)
    const n = this.s.model.note(hit.id)
    if (n && this.onProblem(n, press.at)) this.s.openMenu(press.at, 'problems')
  }

  private onProblem(n: Note, p: Point): boolean {
    if (this.s.camera.zoom < 0.5 || underLinks(n.kind) || this.s.problemsOf(n.id).length === 0) return false
    const b = this.s.scene.box(n)
    const at = problemAt(b)
    const q = this.s.board(p)
    return Math.hypot(q.x - b.x - at.x, q.y - b.y - at.y) <= badgeSize * 0.75
  }

  private tap(press: Press): void {
    const now = performance.now()
    const id = press.hit?.id
    const again = this.tapped && now - this.tapped.at < doubleTap && this.tapped.id === id && Math.hypot(press.at.x - this.tapped.p.x, press.at.y - this.tapped.p.y) < 30
    this.tapped = again ? undefined : { at: now, id, p: press.at }
    if (again) return this.open(press.at, press.hit)
    if (id === undefined) this.s.model.selection.value = new Set()
    else {
      this.choose(id, press.shift)
      const n = this.s.model.note(id)
      if (n && this.onProblem(n, press.at)) this.s.openMenu(press.at, 'problems')
    }
  }

  private double(e: MouseEvent): void {
    const at = this.at(e)
    if (this.gripUnder(at, false)) return
    this.open(at, this.under(at, false))
  }

  /** open writes on the note at a point, or makes an event where there is none. */
  private open(at: Point, hit: Hit | undefined): void {
    if (!this.s.model.mayEdit()) return
    if (hit?.what === 'note') {
      this.s.model.select([hit.id])
      this.s.write(hit.id)
    } else if (!hit) {
      const gesture = this.s.model.newId()
      const id = add(this.s.model, this.s.scene, { kind: 'event', at: this.s.board(at), gesture })
      this.s.model.select([id])
      this.s.write(id, gesture)
    }
  }

  private long(at: Point): void {
    const press = this.press
    if (!press || press.drag) return
    this.press = undefined
    this.longPressed = true
    if (press.hit && !press.was) this.choose(press.hit.id, false)
    if (!press.hit) this.s.model.selection.value = new Set()
    this.s.openMenu(at)
    if ('vibrate' in navigator) navigator.vibrate(10)
  }

  private context(e: MouseEvent): void {
    e.preventDefault()
    if (e.target !== this.element || this.press?.touch) return
    const at = this.at(e)
    const hit = this.under(at, false)
    if (hit && !this.s.model.selection.peek().has(hit.id)) this.choose(hit.id, false)
    if (!hit) this.s.model.selection.value = new Set()
    this.s.openMenu(at)
  }

  private point(at: Point): void {
    this.s.pointer = at
    this.s.pointed = true
    const b = this.s.board(at)
    this.s.model.pointer.value = b
    this.s.model.sayHere({ x: b.x, y: b.y })
  }

  /** hover takes up what the pointer is over while nothing is pressed. */
  private hover(at: Point): void {
    const s = this.s
    if (s.linking?.byKey) {
      const b = s.board(at)
      s.lead(b, s.scene.noteAt(b, s.linking.from))
      return
    }
    const before = s.hover
    let hit = this.under(at, false)
    // On the way to a handle the note stays the one that is meant, though its own links run there too.
    if (hit?.what !== 'note' && before?.what === 'note') {
      const n = s.model.note(before.id)
      if (n && holds(grown(s.scene.box(n), 24 / s.camera.zoom), s.board(at))) hit = before
    }
    if (hit?.id !== before?.id) {
      s.hover = hit
      s.touchOverlay()
    }
    const grip = s.model.mayEdit() ? this.gripUnder(at, false) : undefined
    s.cursor.value = this.space ? 'grab' : grip ? cursorOf(grip.grip) : hit ? 'pointer' : 'default'
    this.tell(at, hit)
  }

  /** tell shows the problems of a note while the pointer is over their badge. */
  private tell(at: Point, hit: Hit | undefined): void {
    const n = hit?.what === 'note' ? this.s.model.note(hit.id) : undefined
    if (!n || !this.onProblem(n, at)) {
      this.s.tip.value = null
      return
    }
    const lines = this.s.problemsOf(n.id).slice(0, 4).map((p) => p.message)
    this.s.tip.value = { x: at.x, y: at.y, lines }
  }

  private leave(): void {
    this.s.pointer = undefined
    this.s.hover = undefined
    this.s.tip.value = null
    this.s.model.pointer.value = null
    this.s.touchOverlay()
  }

  private lost(e: PointerEvent): void {
    this.fingers.delete(e.pointerId)
    this.pinch = undefined
    if (this.press?.id === e.pointerId) this.cancel()
  }

  private wheel(e: WheelEvent): void {
    if (e.target !== this.element) return
    e.preventDefault()
    const s = this.s
    const at = this.at(e)
    if (e.ctrlKey || e.metaKey) s.camera = zoomed(s.camera, at, s.camera.zoom * wheeled(e.deltaY, e.deltaMode))
    else {
      const k = e.deltaMode === 1 ? 16 : e.deltaMode === 2 ? s.view.h : 1
      const sideways = e.shiftKey && e.deltaX === 0
      s.camera = panned(s.camera, -(sideways ? e.deltaY : e.deltaX) * k, -(sideways ? 0 : e.deltaY) * k)
    }
    this.point(at)
  }

  private beginPinch(): void {
    this.cancel()
    this.pinch = this.twoFingers()
  }

  private pinching(): void {
    const now = this.twoFingers()
    if (!this.pinch || !now) return
    this.s.camera = pinched(this.s.camera, this.pinch, now)
    this.pinch = now
  }

  private endPinch(): void {
    if (this.fingers.size < 2) this.pinch = undefined
  }

  private twoFingers(): [Point, Point] | undefined {
    const [a, b] = this.fingers.values()
    return a && b ? [a, b] : undefined
  }
}

function keysOf(e: PointerEvent): Keys {
  return { shift: e.shiftKey, alt: e.altKey, ctrl: e.ctrlKey || e.metaKey }
}

function cursorOf(grip: Grip): string {
  if (grip.what === 'link') return 'crosshair'
  if (grip.x === 0) return 'ns-resize'
  return grip.x === grip.y ? 'nwse-resize' : 'nesw-resize'
}
