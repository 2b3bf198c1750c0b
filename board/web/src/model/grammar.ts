import { kindOf } from './kinds'
import type { NoteKind, Verb } from './types'

// What an arrow means follows from the kinds at its ends; the same table as the
// storm's (storm/edit.VerbOf), and the same words as the server's when there is
// no such arrow.
const verbs: Partial<Record<NoteKind, Partial<Record<NoteKind, Verb>>>> = {
  actor: { command: 'issues' },
  system: { command: 'issues', event: 'emits' },
  command: { aggregate: 'is handled by', system: 'is handled by', event: 'leads to' },
  aggregate: { event: 'emits' },
  event: { policy: 'triggers', projection: 'updates' },
  policy: { command: 'invokes' },
  projection: { actor: 'informs', policy: 'supports' },
}

/** flow are the kinds that links lie between, in the order in which they are told. */
export const flow: readonly NoteKind[] = ['actor', 'system', 'command', 'aggregate', 'event', 'policy', 'projection']

/** verbOf returns what an arrow between two kinds means, or undefined when there is no such arrow. */
export function verbOf(from: NoteKind, to: NoteKind): Verb | undefined {
  return verbs[from]?.[to]
}

const stickies = new Set<NoteKind>(['hotspot', 'opportunity', 'rule', 'note'])

/** sticks reports whether notes of a kind are attached to others. */
export function sticks(kind: NoteKind): boolean {
  return stickies.has(kind)
}

/** isShape reports whether a kind is no note but a thing that notes lie in or beside. */
export function isShape(kind: NoteKind): boolean {
  return kind === 'module' || kind === 'line' || kind === 'lane'
}

/** helps reports whether a kind only helps to read the wall: labels, frames, lines and swimlanes. */
export function helps(kind: NoteKind): boolean {
  return kindOf(kind).group === 'wall'
}

const spoken: Partial<Record<NoteKind, string>> = { module: 'frame', text: 'label', lane: 'swimlane' }

/** article returns a kind as it stands in a sentence: "an event". */
export function article(kind: NoteKind): string {
  const name = spoken[kind] ?? kind
  return (/^[aeio]/.test(name) ? 'an ' : 'a ') + name
}

/** capital returns a sentence with a capital letter. */
export function capital(sentence: string): string {
  return sentence.slice(0, 1).toUpperCase() + sentence.slice(1)
}

/** whyNot says why there is no arrow between two kinds, and what is possible. */
export function whyNot(from: NoteKind, to: NoteKind): string {
  for (const k of [from, to]) if (!flow.includes(k)) return `${capital(article(k))} takes no links.`
  const leads = flow.filter((k) => verbOf(from, k))
  const possible = leads.map((k) => `${verbOf(from, k)!} ${article(k)}`).join(' or ')
  const between = leads.find((k) => verbOf(k, to))
  const way = between ? ` Put ${article(between)} between them.` : ''
  return `${capital(article(from))} and ${article(to)} cannot be linked: ${article(from)} ${possible}.${way}`
}

/**
 * Linkable says what comes of dragging from one note to another: a link (reversed
 * when it means something only the other way), a sticky that is attached, or
 * nothing, and why and what would be possible.
 */
export type Linkable = { verb: Verb; reversed: boolean } | { sticky: string; on: string } | { reason: string }

/** linkable says what a drag from one note to another would make. */
export function linkable(from: { id: string; kind: NoteKind }, to: { id: string; kind: NoteKind }): Linkable {
  if (from.id === to.id) return { reason: 'A note cannot be linked with itself.' }
  const verb = verbOf(from.kind, to.kind)
  if (verb) return { verb, reversed: false }
  const back = verbOf(to.kind, from.kind)
  if (back) return { verb: back, reversed: true }
  if (sticks(from.kind) && carries(to.kind)) return { sticky: from.id, on: to.id }
  if (sticks(to.kind) && carries(from.kind)) return { sticky: to.id, on: from.id }
  return { reason: whyNot(from.kind, to.kind) }
}

/** carries reports whether stickies are put on notes of a kind. */
function carries(kind: NoteKind): boolean {
  return !helps(kind) || kind === 'module'
}

const nexts: Partial<Record<NoteKind, readonly NoteKind[]>> = {
  actor: ['command'],
  command: ['event'],
  aggregate: ['event'],
  system: ['event'],
  event: ['policy', 'projection'],
  policy: ['command'],
  projection: ['actor', 'policy'],
}

/**
 * nextKinds returns the kinds that sensibly come after one, the likeliest
 * first. What is not of the flow is followed by more of itself.
 */
export function nextKinds(kind: NoteKind): readonly NoteKind[] {
  return nexts[kind] ?? [kind]
}

/** nextKind returns the kind of the note that Tab makes after one, given the kinds that it leads to already. */
export function nextKind(kind: NoteKind, has: readonly NoteKind[] = []): NoteKind {
  const list = nextKinds(kind)
  return list.find((k) => !has.includes(k)) ?? list[0]!
}
