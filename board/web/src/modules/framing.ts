import { hanging } from '../model/placing'
import type { NewNote, Note, Place } from '../model/types'

/** arrangeable reports whether a note can lie in a module: frames, lines and lanes are of the wall as a whole. */
export function arrangeable(note: Note): boolean {
  return note.kind !== 'module' && note.kind !== 'line' && note.kind !== 'lane'
}

/** together returns what is arranged of a selection, and the stickies that hang on it and on nothing else. */
export function together(selected: readonly Note[], all: Iterable<Note>): Note[] {
  const notes = selected.filter(arrangeable)
  return [...notes, ...hanging(all, new Set(notes.map((n) => n.id)))]
}

const side = 48
const head = 88

/**
 * A frame around some notes, and their places in it. They stay where they are
 * when nothing else lies between them; else they go together below all that is
 * on the wall, as they lie to each other.
 */
export function framed(id: string, name: string, team: string, selected: readonly Note[], all: Iterable<Note>): { frame: NewNote; places: Place[] } | null {
  const notes = selected.filter(arrangeable)
  if (notes.length === 0) return null
  const x = Math.min(...notes.map((n) => n.x)) - side
  const y = Math.min(...notes.map((n) => n.y)) - head
  const w = Math.max(...notes.map((n) => n.x + n.w)) + side - x
  const h = Math.max(...notes.map((n) => n.y + n.h)) + side - y
  const others = [...all].filter((n) => !notes.includes(n) && n.kind !== 'line' && n.kind !== 'lane')
  const hit = others.some((n) => n.x < x + w && n.x + n.w > x && n.y < y + h && n.y + n.h > y)
  const down = hit ? Math.max(...[...others, ...notes].map((n) => n.y + n.h)) + 2 * side - y : 0
  const frame: NewNote = { id, kind: 'module', text: name, team, x: Math.round(x), y: Math.round(y + down), w: Math.round(w), h: Math.round(h) }
  return { frame, places: notes.map((n) => ({ id: n.id, x: n.x, y: Math.round(n.y + down), w: n.w, h: n.h, module: id })) }
}

/** The places of some notes in a row at the end of a frame, and the frame when it grows. */
export function laidInto(frame: Note, selected: readonly Note[], inside: readonly Note[]): Place[] {
  const notes = selected.filter((n) => arrangeable(n) && n.module !== frame.id)
  if (notes.length === 0) return []
  const left = Math.min(...notes.map((n) => n.x))
  const top = Math.min(...notes.map((n) => n.y))
  const dx = Math.round(Math.max(frame.x, ...inside.map((n) => n.x + n.w)) + side - left)
  const dy = Math.round(frame.y + head - top)
  const places = notes.map((n) => ({ id: n.id, x: n.x + dx, y: n.y + dy, w: n.w, h: n.h, module: frame.id }))
  const w = Math.max(frame.w, ...places.map((p) => p.x + p.w + side - frame.x))
  const h = Math.max(frame.h, ...places.map((p) => p.y + p.h + side - frame.y))
  if (w !== frame.w || h !== frame.h) places.push({ id: frame.id, x: frame.x, y: frame.y, w, h, module: frame.module })
  return places
}
