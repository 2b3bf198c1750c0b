import { isShape, sticks } from './grammar'
import { kindOf } from './kinds'
import type { Note, NoteKind } from './types'

/** Point is a place on the board, in board pixels. */
export interface Point { x: number; y: number }

const gap = 48 // between a note and the one that is made after it
const below = 16 // between notes that come after the same one

/** frameAt returns the smallest module frame that a point lies in. */
export function frameAt(notes: Iterable<Note>, p: Point): Note | undefined {
  let found: Note | undefined
  for (const n of notes) {
    if (n.kind !== 'module' || p.x < n.x || p.y < n.y || p.x >= n.x + n.w || p.y >= n.y + n.h) continue
    if (!found || n.w * n.h < found.w * found.h) found = n
  }
  return found
}

/** hanging returns the stickies that hang on some notes and on nothing else: they go where those go. */
export function hanging(notes: Iterable<Note>, on: ReadonlySet<string>): Note[] {
  const out: Note[] = []
  for (const n of notes) if (sticks(n.kind) && n.on.length > 0 && !on.has(n.id) && n.on.every((o) => on.has(o))) out.push(n)
  return out
}

/** placeFor returns where a new note comes to lie: with its middle at a point, or in the next free place to the right of another. */
export function placeFor(notes: Iterable<Note>, kind: NoteKind, at: Point, after?: Note): Point & { w: number; h: number; module: string } {
  const all = [...notes]
  const { w, h } = kindOf(kind)
  const { x, y } = after ? freePlace(all, after, w, h) : { x: Math.round(at.x - w / 2), y: Math.round(at.y - h / 2) }
  const module = isShape(kind) ? '' : frameAt(all, { x: x + w / 2, y: y + h / 2 })?.id ?? ''
  return { x, y, w, h, module }
}

function freePlace(notes: readonly Note[], after: Note, w: number, h: number): Point {
  const x = Math.round(after.x + after.w + gap)
  let y = Math.round(after.y + after.h / 2 - h / 2)
  const taken = notes.filter((n) => !isShape(n.kind) && n.x < x + w && n.x + n.w > x)
  for (;;) {
    const hit = taken.find((n) => n.y < y + h && n.y + n.h > y)
    if (!hit) return { x, y }
    y = Math.round(hit.y + hit.h + below)
  }
}
