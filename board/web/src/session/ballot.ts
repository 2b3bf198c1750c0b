import type { Note } from '../model/types'

/** A note with its votes. */
export interface Tally {
  note: Note
  votes: number
  mine: number
}

/** The votes that a person has spent on all notes. */
export function spent(notes: Iterable<Note>, person: string): number {
  let sum = 0
  for (const n of notes) sum += n.votes[person] ?? 0
  return sum
}

/** All notes with votes, most votes first; among equals from left to right. */
export function tally(notes: Iterable<Note>, person: string): Tally[] {
  const list: Tally[] = []
  for (const note of notes) {
    const votes = votesOf(note)
    if (votes > 0) list.push({ note, votes, mine: note.votes[person] ?? 0 })
  }
  return list.sort((a, b) => b.votes - a.votes || a.note.x - b.note.x || a.note.y - b.note.y)
}

/** The votes of all people on a note. */
export function votesOf(note: Note): number {
  let sum = 0
  for (const v of Object.values(note.votes)) sum += v
  return sum
}

/**
 * The votes a person has on a note after adding some (or taking some back), or
 * null where that is not possible: none left, or none to take.
 */
export function voted(notes: Iterable<Note>, note: Note, person: string, each: number, add: number): number | null {
  const now = note.votes[person] ?? 0
  const next = now + add
  if (next < 0) return null
  if (add > 0 && spent(notes, person) + add > each) return null
  return next
}
