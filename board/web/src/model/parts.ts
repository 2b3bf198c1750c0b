import { limits } from '../wire/protocol'
import type { Commands, NewLink } from './types'

/** most is how many notes go into one command, well below what a message may hold. */
const most = 1_000

/**
 * inParts parts the putting up of many notes into commands that are not too large,
 * of one gesture, so that they are undone as one. A link goes with the last of
 * the notes that it lies between.
 */
export function inParts(data: Commands['AddNotes'], gesture: string): Commands['AddNotes'][] {
  if (data.notes.length <= most) return [data]
  const partOf = new Map(data.notes.map((n, i) => [n.id, Math.floor(i / most)]))
  const parts = Array.from({ length: Math.ceil(data.notes.length / most) }, (_, i) => ({
    notes: data.notes.slice(i * most, (i + 1) * most), links: [] as NewLink[], gesture: data.gesture ?? gesture,
  }))
  for (const l of data.links ?? []) parts[Math.max(partOf.get(l.from) ?? 0, partOf.get(l.to) ?? 0)]!.links.push(l)
  return parts
}

/** tooLarge says why a command cannot be sent, or nothing. */
export function tooLarge(what: string, data: unknown): string | undefined {
  const size = new TextEncoder().encode(JSON.stringify(data)).length + what.length + 100
  return size > limits.message ? 'This is too much for one step. Do it in several.' : undefined
}
