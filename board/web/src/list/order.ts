import type { Note, Place } from '../model/types'

/** A part of the board in the list: a module with its notes, or what lies in none. */
export interface Part {
  /** The frame, or null for what lies outside of all frames. */
  frame: Note | null
  rows: Row[]
}

/** A note with what is attached to it. */
export interface Row {
  note: Note
  attached: Note[]
}

/** Kinds that are stuck on other notes and follow them in the list. */
const sticky = new Set(['hotspot', 'opportunity', 'rule', 'note'])

/** The board in the order in which it is read: what lies in no module first, then module by module from left to right. */
export function partsOf(notes: Iterable<Note>): Part[] {
  const all = [...notes].sort(byFlow)
  const frames = all.filter((n) => n.kind === 'module')
  const known = new Set(all.map((n) => n.id))
  const parts: Part[] = [{ frame: null, rows: [] }, ...frames.map((frame): Part => ({ frame, rows: [] }))]
  const partOf = new Map(parts.map((p) => [p.frame?.id ?? '', p]))
  const rows = new Map<string, Row>()
  for (const note of all) {
    if (note.kind === 'module' || hostOf(note, known)) continue
    const row = { note, attached: [] }
    rows.set(note.id, row)
    ;(partOf.get(note.module) ?? parts[0]!).rows.push(row)
  }
  for (const note of all) {
    const host = hostOf(note, known)
    if (!host) continue
    const row = rows.get(host)
    if (row) row.attached.push(note)
    else (partOf.get(host) ?? parts[0]!).rows.push({ note, attached: [] })
  }
  return parts.filter((p) => p.frame !== null || p.rows.length > 0)
}

/** The note that a sticky follows in the list: the first that it is attached to. */
function hostOf(note: Note, known: Set<string>): string | undefined {
  return sticky.has(note.kind) ? note.on.find((id) => known.has(id) && id !== note.id) : undefined
}

/** The loose order of time: left to right; what stands in one column, from top to bottom. */
export function byFlow(a: Note, b: Note): number {
  return a.x - b.x || a.y - b.y || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}

/**
 * The places after a note changed places with its neighbour (-1 before, 1 after)
 * in its part; [] at either end. What is attached moves along.
 */
export function swapped(part: Part, id: string, by: -1 | 1): Place[] {
  const at = part.rows.findIndex((r) => r.note.id === id)
  const a = part.rows[at]
  const b = part.rows[at + by]
  if (!a || !b) return []
  const [left, right] = by < 0 ? [b, a] : [a, b]
  const x = Math.min(left.note.x, right.note.x)
  const apart = right.note.x - left.note.x
  const places = [...shift(right, x - right.note.x, left.note.y - right.note.y)]
  places.push(...shift(left, apart === 0 && left.note.y === right.note.y ? 20 : apart, right.note.y - left.note.y))
  return places
}

function shift(row: Row, dx: number, dy: number): Place[] {
  return [row.note, ...row.attached].map((n) => ({ id: n.id, x: Math.round(n.x + dx), y: Math.round(n.y + dy), w: n.w, h: n.h, module: n.module }))
}

/** Room around what lies in a frame. */
const margin = 40

/**
 * The places after a row has moved to the end of another part; the part's frame
 * grows with it. To no module: to the right of all that lies in none.
 */
export function moved(row: Row, to: Part): Place[] {
  const inside = to.rows.filter((r) => r !== row)
  const last = inside[inside.length - 1]?.note
  const right = inside.reduce((x, r) => Math.max(x, r.note.x + r.note.w), to.frame ? to.frame.x : 0)
  const x = inside.length > 0 || to.frame ? right + margin : row.note.x
  const y = last?.y ?? (to.frame ? to.frame.y + 2 * margin : row.note.y)
  const module = to.frame?.id ?? ''
  const places = shift(row, x - row.note.x, y - row.note.y).map((p) => ({ ...p, module }))
  const frame = to.frame && grown(to.frame, places)
  return frame ? [frame, ...places] : places
}

/** The frame, large enough for some places, or null when it is already. */
export function grown(frame: Note, places: Place[]): Place | null {
  const x = Math.min(frame.x, ...places.map((p) => p.x - margin))
  const y = Math.min(frame.y, ...places.map((p) => p.y - 2 * margin))
  const w = Math.max(frame.x + frame.w, ...places.map((p) => p.x + p.w + margin)) - x
  const h = Math.max(frame.y + frame.h, ...places.map((p) => p.y + p.h + margin)) - y
  if (x === frame.x && y === frame.y && w === frame.w && h === frame.h) return null
  return { id: frame.id, x, y, w, h, module: frame.module }
}

/** Where a new note of some size goes at the end of a part, and the part's frame when it has to grow. */
export function atEnd(part: Part, size: { w: number; h: number }): { x: number; y: number; frame: Place | null } {
  const frame = part.frame
  const last = part.rows.at(-1)?.note
  const right = part.rows.reduce((x, r) => Math.max(x, r.note.x + r.note.w), frame ? frame.x : 0)
  const x = Math.round(right + (last || frame ? margin : 0))
  const y = last?.y ?? (frame ? frame.y + 2 * margin : 0)
  return { x, y, frame: frame && grown(frame, [{ id: '', x, y, ...size, module: frame.id }]) }
}
