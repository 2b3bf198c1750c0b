import type { BoardModel } from '../model/board'
import type { Box, Point } from './box'

/** Cursor is another person's pointer as it is shown: it glides to where it was last said to be. */
export interface Cursor extends Point {
  person: string
  name: string
  color: string
  to: Point
  movedAt: number
}

const glide = 70 // ms in which a cursor goes most of its way

/** Others is what the others are doing: their cursors, what they have selected, type and drag. */
export class Others {
  readonly cursors = new Map<string, Cursor>()
  /** texts being typed, by note */
  readonly drafts = new Map<string, string>()
  /** who writes on a note */
  readonly writers = new Map<string, string[]>()
  /** where what they drag is at the moment */
  readonly dragged = new Map<string, Box>()
  private readonly bases = new Map<string, Map<string, Box>>()

  constructor(private readonly model: BoardModel) {}

  /** take reads anew what the others are doing. */
  take(now: number): void {
    this.drafts.clear()
    this.writers.clear()
    this.dragged.clear()
    for (const [id, h] of this.model.here) {
      if (h.editing) {
        this.writers.set(h.editing, [...(this.writers.get(h.editing) ?? []), id])
        if (h.draft !== undefined && h.draft !== '') this.drafts.set(h.editing, h.draft)
      }
      this.drag(id, h.drag)
      if (h.x !== undefined && h.y !== undefined) this.point(id, { x: h.x, y: h.y }, now)
      else this.cursors.delete(id)
    }
    for (const id of this.cursors.keys()) if (!this.model.here.has(id)) this.cursors.delete(id)
    for (const id of this.bases.keys()) if (!this.model.here.has(id)) this.bases.delete(id)
  }

  /** step moves the cursors on, and reports whether any is still under way. */
  step(ms: number): boolean {
    const part = 1 - Math.exp(-ms / glide)
    let going = false
    for (const c of this.cursors.values()) {
      c.x += (c.to.x - c.x) * part
      c.y += (c.to.y - c.y) * part
      if (Math.abs(c.to.x - c.x) + Math.abs(c.to.y - c.y) > 0.3) going = true
      else Object.assign(c, { x: c.to.x, y: c.to.y })
    }
    return going
  }

  private point(id: string, to: Point, now: number): void {
    const person = this.model.people().get(id)
    const name = person?.name ?? 'Someone'
    const color = person?.color ?? '#777777'
    const c = this.cursors.get(id)
    if (!c) this.cursors.set(id, { person: id, name, color, ...to, to, movedAt: now })
    else if (c.to.x !== to.x || c.to.y !== to.y) Object.assign(c, { name, color, to, movedAt: now })
  }

  /**
   * drag says where dragged notes are. Each is moved from where it lay when the
   * drag was first heard of: the drop may arrive before the word that the drag is
   * over, and would else move it twice.
   */
  private drag(id: string, drag: { ids: readonly string[]; dx: number; dy: number } | undefined): void {
    if (!drag || drag.ids.length === 0) {
      this.bases.delete(id)
      return
    }
    let base = this.bases.get(id)
    if (!base) this.bases.set(id, (base = new Map<string, Box>()))
    for (const note of drag.ids) {
      const n = this.model.note(note)
      if (n && !base.has(note)) base.set(note, { x: n.x, y: n.y, w: n.w, h: n.h })
      const b = base.get(note)
      if (n && b) this.dragged.set(note, { x: b.x + drag.dx, y: b.y + drag.dy, w: b.w, h: b.h })
    }
  }
}
