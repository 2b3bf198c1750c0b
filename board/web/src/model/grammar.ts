import type { NoteKind, Verb } from './types'
import { kindOf } from './kinds'

// What an arrow means follows from the kinds at its ends; the same table as the
// storm's (storm/edit.VerbOf).
const verbs: Partial<Record<NoteKind, Partial<Record<NoteKind, Verb>>>> = {
  actor: { command: 'issues' },
  system: { command: 'issues', event: 'emits' },
  command: { aggregate: 'is handled by', system: 'is handled by', event: 'leads to' },
  aggregate: { event: 'emits' },
  event: { policy: 'triggers', projection: 'updates' },
  policy: { command: 'invokes' },
  projection: { actor: 'informs', policy: 'supports' },
}

/** verbOf returns what an arrow between two kinds means, or undefined when there is no such arrow. */
export function verbOf(from: NoteKind, to: NoteKind): Verb | undefined {
  return verbs[from]?.[to]
}

/**
 * Linkable says what comes of dragging from one note to another: a link (reversed
 * when it means something only the other way), a sticky that is attached, or
 * nothing, and why and what would be possible.
 */
export type Linkable = { verb: Verb; reversed: boolean } | { sticky: string; on: string } | { reason: string }

const stickies = new Set<NoteKind>(['hotspot', 'opportunity', 'rule', 'note'])

/** sticks reports whether notes of a kind are attached to others. */
export function sticks(kind: NoteKind): boolean {
  return stickies.has(kind)
}

function isWall(kind: NoteKind): boolean {
  return kindOf(kind).group === 'wall' && kind !== 'module'
}

/** linkable says what a link between two notes would mean, in the direction in which it means something. */
export function linkable(from: { id: string; kind: NoteKind }, to: { id: string; kind: NoteKind }): Linkable {
  if (from.id === to.id) return { reason: 'A note cannot be linked with itself.' }
  const verb = verbOf(from.kind, to.kind)
  if (verb) return { verb, reversed: false }
  const back = verbOf(to.kind, from.kind)
  if (back) return { verb: back, reversed: true }
  if (sticks(from.kind) && !isWall(to.kind)) return { sticky: from.id, on: to.id }
  if (sticks(to.kind) && !isWall(from.kind)) return { sticky: to.id, on: from.id }
  const a = kindOf(from.kind).name.toLowerCase()
  const b = kindOf(to.kind).name.toLowerCase()
  const possible = ends(from.kind)
  if (possible === '') return { reason: `${article(a, true)} takes no links.` }
  if (ends(to.kind) === '') return { reason: `${article(b, true)} takes no links.` }
  const way = between(from.kind, to.kind)
  const hint = way ? ` Put ${article(kindOf(way).name.toLowerCase())} between them.` : ''
  return { reason: `${article(a, true)} and ${article(b)} cannot be linked: ${possible}.${hint}` }
}

/** ends says where the links of a kind lead: "an event triggers a policy or updates a projection". */
function ends(kind: NoteKind): string {
  const name = article(kindOf(kind).name.toLowerCase())
  const to = Object.entries(verbs[kind] ?? {}).map(([k, v]) => `${v} ${article(kindOf(k as NoteKind).name.toLowerCase())}`)
  if (to.length > 0) return `${name} ${to.join(' or ')}`
  const from = (Object.keys(verbs) as NoteKind[]).filter((k) => verbs[k]?.[kind])
  if (from.length === 0) return ''
  return from.map((k) => `${article(kindOf(k).name.toLowerCase())} ${verbs[k]![kind]!} ${name}`).join(', ')
}

/** between returns a kind that can stand between two that cannot be linked. */
function between(from: NoteKind, to: NoteKind): NoteKind | undefined {
  return (Object.keys(verbs[from] ?? {}) as NoteKind[]).find((k) => verbOf(k, to))
}

function article(name: string, first = false): string {
  const text = (/^[aeio]/.test(name) ? 'an ' : 'a ') + name
  return first ? text[0]!.toUpperCase() + text.slice(1) : text
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
