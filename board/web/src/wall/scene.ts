import type { Link, Note, NoteKind } from '../model/types'
import type { BoardModel } from '../model/board'
import { sticks } from '../model/grammar'
import { turnOf } from '../model/kinds'
import { hanging } from '../model/placing'
import { around, centre, grown, type Box, type Point } from './box'
import { Grid } from './grid'
import { along, bends, detours, distance, hull, route, type Route } from './route'
import { standing, via, type Standing } from './standing'

/** layers says what lies over what; links run between the frames and the notes. */
const layers: Partial<Record<NoteKind, number>> = { lane: 0, module: 1, line: 2, hotspot: 5, opportunity: 5, rule: 5, actor: 5 }
const notesLayer = 4
const nothing: ReadonlySet<string> = new Set()

/** underLinks reports whether a kind lies beneath the links. */
export function underLinks(kind: NoteKind): boolean {
  return (layers[kind] ?? notesLayer) < 3
}

/** Part of a note or frame that a pointer can be over. */
export type Hit =
  | { what: 'note'; id: string }
  | { what: 'link'; id: string }

/** Reader is what the scene needs of the model. */
export type Reader = Pick<BoardModel, 'note' | 'notes' | 'links' | 'linksOf' | 'item' | 'people'>

/**
 * Scene is the wall as it is drawn: where each note is at this moment, with what
 * is being dragged, in what order they lie over each other, and how the links
 * run. It answers what is in a box and what is at a point.
 */
export class Scene {
  private readonly noteGrid = new Grid()
  private readonly linkGrid = new Grid()
  private readonly routes = new Map<string, Route>()
  private readonly live = new Map<string, Box>()
  private readonly standings = new Map<string, Standing>()
  private readonly commands = new Map<string, string>() // of the links to what handles them
  private readonly frameIds = new Set<string>()
  private readonly wires = { note: (id: string) => this.model.note(id), box: (n: Note) => this.box(n), linksOf: (id: string) => this.model.linksOf(id) }
  private readonly found: string[] = []

  constructor(private readonly model: Reader) {
    this.reset()
  }

  /** reset takes everything from the model anew. */
  reset(): void {
    this.noteGrid.clear()
    this.linkGrid.clear()
    this.routes.clear()
    this.standings.clear()
    this.commands.clear()
    this.frameIds.clear()
    for (const n of this.model.notes()) this.put(n)
    for (const l of this.model.links()) this.lead(l)
  }

  /** refresh takes up items that changed. */
  refresh(ids: ReadonlySet<string>): void {
    this.standings.clear()
    const links = new Set<string>()
    for (const id of ids) {
      const item = this.model.item(id)
      if (item?.type === 'note') this.put(item)
      else this.noteGrid.remove(id)
      if (item?.type !== 'note' || item.kind !== 'module') this.frameIds.delete(id)
      if (item?.type === 'link' || this.routes.has(id)) links.add(id)
      this.touched(id, links)
    }
    for (const id of links) this.relead(id)
  }

  /** touched collects the links that run elsewhere when a note or a link changes: its own, and those of commands that lead over it. */
  private touched(id: string, links: Set<string>): void {
    const also = (command: string | undefined) => {
      if (command !== undefined) for (const l of this.model.linksOf(command)) links.add(l.id)
    }
    also(this.commands.get(id))
    const item = this.model.item(id)
    if (item?.type === 'link' && item.verb === 'is handled by') also(item.from)
    for (const l of this.model.linksOf(id)) {
      links.add(l.id)
      if (l.to === id) also(this.commands.get(l.id))
    }
  }

  /** hold shows notes in other places than the model has them, as while they are dragged; an empty map lets all of them go. */
  hold(boxes: ReadonlyMap<string, Box>): void {
    const touched = new Set(this.live.keys())
    this.live.clear()
    this.standings.clear()
    for (const [id, box] of boxes) {
      this.live.set(id, box)
      touched.add(id)
    }
    const links = new Set<string>()
    for (const id of touched) {
      const n = this.model.note(id)
      if (n) this.put(n)
      this.touched(id, links)
    }
    for (const id of links) this.relead(id)
  }

  get held(): ReadonlyMap<string, Box> {
    return this.live
  }

  /** box returns where a note is at this moment. */
  box(n: Note): Box {
    return this.live.get(n.id) ?? n
  }

  route(link: string): Route | undefined {
    return this.routes.get(link)
  }

  /** standing returns how much a link is shown. */
  standing(l: Link): Standing {
    let s = this.standings.get(l.id)
    // What an actor looks at is often far from the actor: an arrow beneath notes on the way back would confuse the flow.
    if (!s) this.standings.set(l.id, (s = l.verb === 'informs' && this.covered(l) ? 'faint' : standing(l, this.wires)))
    return s
  }

  /** shows says whether a link is to be seen, given what is looked at: it or one of its notes. */
  shows(l: Link, looked: ReadonlySet<string>): boolean {
    return this.standing(l) !== 'silent' || looked.has(l.id) || looked.has(l.from) || looked.has(l.to)
  }

  /** approach returns the way from a command to what handles it, for a link that is drawn only from there on. */
  approach(l: Link): Route | undefined {
    const from = this.model.note(l.from)
    const over = via(l, this.wires)
    return from && over && route(this.box(from), this.box(over))
  }

  /** notesIn returns the notes in a box, the lowest first. */
  notesIn(box: Box): Note[] {
    const out: Note[] = []
    for (const id of this.noteGrid.query(box)) {
      const n = this.model.note(id)
      if (n) out.push(n)
    }
    return out.sort((a, b) => this.order(a) - this.order(b) || later(a, b))
  }

  linksIn(box: Box): Link[] {
    const out: Link[] = []
    for (const id of this.linkGrid.query(box)) {
      const l = this.model.item(id)
      if (l?.type === 'link') out.push(l)
    }
    return out
  }

  /** at returns what is uppermost at a point; reach is the nearness in board pixels that is near enough for lines, and looked what is selected. */
  at(p: Point, reach: number, looked: ReadonlySet<string> = nothing): Hit | undefined {
    const near = grown({ x: p.x, y: p.y, w: 0, h: 0 }, reach)
    const notes = this.notesIn(near).reverse()
    for (const n of notes) if (!underLinks(n.kind) && this.over(n, p)) return { what: 'note', id: n.id }
    let link: Link | undefined
    let least = reach
    for (const l of this.linksIn(near)) {
      if (!this.shows(l, looked)) continue
      const r = this.routes.get(l.id)
      // Of links on the same way it is the one that is looked at.
      const d = r ? distance(r, p) - (looked.has(l.from) || looked.has(l.to) ? reach * 0.3 : 0) : Infinity
      if (d < least) {
        least = d
        link = l
      }
    }
    if (link) return { what: 'link', id: link.id }
    for (const n of notes) if (underLinks(n.kind) && this.onFrame(n, p, reach)) return { what: 'note', id: n.id }
    return undefined
  }

  /** noteAt returns the uppermost note at a point that is no frame, lane or line. */
  noteAt(p: Point, except?: string): Note | undefined {
    return this.notesIn({ ...p, w: 0, h: 0 })
      .reverse()
      .find((n) => n.id !== except && !underLinks(n.kind) && this.over(n, p))
  }

  /** frameAt returns the smallest module's frame that a point lies in, leaving out some. */
  frameAt(p: Point, except?: ReadonlySet<string>): Note | undefined {
    let found: Note | undefined
    let least = Infinity
    for (const id of this.frameIds) {
      const n = this.model.note(id)
      if (!n || except?.has(id)) continue
      const b = this.box(n)
      if (p.x < b.x || p.y < b.y || p.x > b.x + b.w || p.y > b.y + b.h || b.w * b.h >= least) continue
      least = b.w * b.h
      found = n
    }
    return found
  }

  /** inFrame returns what lies in a module's frame: what says so, and what has its middle in it. */
  inFrame(frame: Note): Note[] {
    return this.notesIn(frame).filter((n) => n.id !== frame.id && n.kind !== 'lane' && n.kind !== 'line' && inside(frame, n) && (n.kind !== 'module' || n.w * n.h < frame.w * frame.h))
  }

  /** hangingOn returns the stickies that hang on some notes and on nothing else. */
  hangingOn(ids: ReadonlySet<string>): Note[] {
    return hanging(this.model.notes(), ids)
  }

  private over(n: Note, p: Point): boolean {
    const b = this.box(n)
    const turn = turnOf(n.kind, n.id)
    if (turn === 0) return p.x >= b.x && p.x <= b.x + b.w && p.y >= b.y && p.y <= b.y + b.h
    const c = centre(b)
    const a = (-turn * Math.PI) / 180
    const x = (p.x - c.x) * Math.cos(a) - (p.y - c.y) * Math.sin(a)
    const y = (p.x - c.x) * Math.sin(a) + (p.y - c.y) * Math.cos(a)
    return Math.abs(x) <= b.w / 2 && Math.abs(y) <= b.h / 2
  }

  /** onFrame reports whether a point is on what can be taken of a frame, a lane or a line: its title, its edge. */
  private onFrame(n: Note, p: Point, reach: number): boolean {
    const b = this.box(n)
    if (n.kind === 'line') return Math.abs(p.x - (b.x + b.w / 2)) <= Math.max(reach, b.w / 2) && p.y >= b.y - reach && p.y <= b.y + b.h + reach
    const x = p.x - b.x
    const y = p.y - b.y
    if (x < -reach || y < -reach || x > b.w + reach || y > b.h + reach) return false
    return x < reach || y < reach || x > b.w - reach || y > b.h - reach || y < titleHeight
  }

  private put(n: Note): void {
    if (n.kind === 'module') this.frameIds.add(n.id)
    else this.frameIds.delete(n.id)
    const b = this.box(n)
    // A turned note reaches over its box; a line can be taken from beside it.
    this.noteGrid.put(n.id, turnOf(n.kind, n.id) === 0 ? b : grown(b, Math.max(b.w, b.h) * 0.08))
  }

  private relead(id: string): void {
    const item = this.model.item(id)
    if (item?.type === 'link') this.lead(item)
    else {
      this.routes.delete(id)
      this.commands.delete(id)
      this.linkGrid.remove(id)
    }
  }

  private lead(l: Link): void {
    const from = this.model.note(l.from)
    const to = this.model.note(l.to)
    if (!from || !to) {
      this.routes.delete(l.id)
      this.linkGrid.remove(l.id)
      return
    }
    if (l.verb === 'is handled by') this.commands.set(l.id, l.from)
    else this.commands.delete(l.id)
    const r = this.led(via(l, this.wires) ?? from, to)
    this.routes.set(l.id, r)
    this.linkGrid.put(l.id, hull(r))
  }

  /** led finds a way for a link that runs over no other notes, or else over few. */
  private led(from: Note, to: Note): Route {
    const a = this.box(from)
    const b = this.box(to)
    const straight = route(a, b)
    const across = this.crossed(straight, from, to)
    if (across.length === 0) return straight
    let best = straight
    let least = across.length
    for (const r of bends(a, b)) {
      const n = this.crossed(r, from, to).length
      if (n === 0) return r
      if (n < least / 2) [best, least] = [r, n]
    }
    return detours(a, b, around(across)!).find((r) => this.crossed(r, from, to).length === 0) ?? best
  }

  /** crossed returns the notes that a way runs over, each as often as it has a long way over it. */
  private crossed(r: Route, from: Note, to: Note): Box[] {
    if (Math.hypot(r.b.x - r.a.x, r.b.y - r.a.y) < 64) return []
    const out: Box[] = []
    for (let i = 1; i < 12; i++) {
      for (const id of this.noteGrid.query({ ...along(r, i / 12), w: 0, h: 0 }, this.found)) {
        const n = this.model.note(id)
        if (n && n !== from && n !== to && !underLinks(n.kind) && n.kind !== 'text' && !sticks(n.kind)) out.push(this.box(n))
      }
    }
    return out
  }

  private covered(l: Link): boolean {
    const [r, from, to] = [this.routes.get(l.id), this.model.note(l.from), this.model.note(l.to)]
    return r !== undefined && from !== undefined && to !== undefined && this.crossed(r, from, to).length > 0
  }

  private order(n: Note): number {
    const layer = layers[n.kind] ?? notesLayer
    // A smaller frame lies on a larger one, whichever was there first.
    if (n.kind === 'module') return layer * 1e9 + 1e9 - Math.min(1e9 - 1, (n.w * n.h) / 100)
    return layer * 1e9 + (this.live.has(n.id) ? 5e8 : 0)
  }
}

/** later says which of two notes was written later and so lies on the other: on every screen the same, whatever came there first. */
function later(a: Note, b: Note): number {
  return a.at - b.at || (a.id < b.id ? -1 : 1)
}

/** titleHeight is the band at the top of a frame or lane that holds its name, in board pixels. */
export const titleHeight = 36

function inside(frame: Box, n: Note): boolean {
  const c = centre(n)
  return c.x >= frame.x && c.x <= frame.x + frame.w && c.y >= frame.y && c.y <= frame.y + frame.h
}
