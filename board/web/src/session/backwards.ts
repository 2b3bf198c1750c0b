import type { Link, Note } from '../model/types'

/** The events of a wall from right to left: the order of the reverse narrative. */
export function backwards(notes: Iterable<Note>): Note[] {
  return [...notes].filter((n) => n.kind === 'event').sort((a, b) => b.x + b.w / 2 - (a.x + a.w / 2) || a.y - b.y || (a.id < b.id ? -1 : 1))
}

/** Where the walk stands: the index of the event in the list of backwards. */
export function indexAfterChange(list: Note[], current: string | null, lastX: number): number {
  const at = list.findIndex((n) => n.id === current)
  if (at >= 0) return at
  const next = list.findIndex((n) => n.x <= lastX)
  return next >= 0 ? next : list.length - 1
}

/** What is linked to lead to a note, directly: shown as what had to happen before. */
export function before(id: string, linksOf: (id: string) => Link[], note: (id: string) => Note | undefined): Note[] {
  const seen = new Set<string>()
  const list: Note[] = []
  for (const l of linksOf(id)) {
    if (l.to !== id || seen.has(l.from)) continue
    seen.add(l.from)
    const n = note(l.from)
    if (n) list.push(n)
  }
  return list
}

/** The upper left corner of a new note in front of one, moved down until it lies on nothing. */
export function placeBefore(of: Note, size: { w: number; h: number }, notes: Iterable<Note>, gap = 40): { x: number; y: number } {
  const others = [...notes].filter((n) => n.kind !== 'module' && n.kind !== 'line' && n.kind !== 'lane')
  const x = Math.round(of.x - gap - size.w)
  let y = of.y
  const hit = () => others.find((n) => n.x < x + size.w && n.x + n.w > x && n.y < y + size.h && n.y + n.h > y)
  for (let blocking = hit(), tries = 0; blocking && tries < 50; blocking = hit(), tries++) y = Math.round(blocking.y + blocking.h + gap / 2)
  return { x, y }
}
