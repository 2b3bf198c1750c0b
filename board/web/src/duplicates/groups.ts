import type { Duplicate, Note } from '../model/types'

/** A group of notes that may mean the same, with what is still there of it. */
export interface Group {
  key: string
  notes: Note[]
  score: number
  why: string
}

/** All pairs of some ids: what KeepApart is told one by one. */
export function pairsApart(ids: readonly string[]): [string, string][] {
  return ids.flatMap((a, i) => ids.slice(i + 1).map((b): [string, string] => [a, b]))
}

/**
 * The proposals as they stand now, best first: without notes that are gone or
 * merged, and without groups of which two were said not to be the same. apart
 * has pairs as "a b" in their order.
 */
export function groupsOf(list: readonly Duplicate[], note: (id: string) => Note | undefined, apart: ReadonlySet<string>): Group[] {
  const groups: Group[] = []
  const seen = new Set<string>()
  for (const d of list) {
    const notes = d.notes.map(note).filter((n) => n !== undefined)
    const ids = notes.map((n) => n.id).sort()
    const key = ids.join(' ')
    if (ids.length < 2 || seen.has(key)) continue
    seen.add(key)
    if (pairsApart(ids).every(([a, b]) => apart.has(`${a} ${b}`))) continue
    groups.push({ key, notes, score: d.score, why: d.why })
  }
  return groups.sort((a, b) => b.score - a.score)
}
