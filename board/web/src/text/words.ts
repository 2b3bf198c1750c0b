import type { NoteKind } from '../model/types'

/** Words that begin a statement. */
export const statements = [
  'storm', 'level', 'section', 'module', 'team', 'publishes', 'actor', 'command', 'event', 'aggregate', 'system', 'policy', 'projection',
  'value', 'enum', 'term', 'state', 'every', 'pivotal', 'lane', 'hotspot', 'opportunity', 'rule', 'note', 'flow', 'scenario', 'given', 'when', 'then',
] as const

/** Words that go on with a statement, by the word that it begins with. */
export const clauses: Readonly<Record<string, readonly string[]>> = {
  policy: ['after', 'unless', 'using', 'was'],
  hotspot: ['on', 'resolved'],
  opportunity: ['on', 'resolved'],
  rule: ['on', 'resolved'],
  note: ['on', 'resolved'],
  level: ['big-picture', 'process', 'design'],
  then: ['nothing', 'rejected'],
  module: ['was'], actor: ['was'], command: ['was'], event: ['was'], aggregate: ['was'],
  system: ['was'], projection: ['was'], value: ['was'], enum: ['was'], term: ['was'],
}

/** The types of fields that the language has. */
export const types = ['text', 'int', 'decimal', 'bool', 'time', 'date', 'duration', 'id'] as const

const reserved = new Set<string>([...statements, 'on', 'resolved', 'was', 'after', 'unless', 'using', 'nothing', 'rejected'])

/** Whether a word means something at the beginning of a statement. */
export function isStatement(word: string): boolean {
  return (statements as readonly string[]).includes(word)
}

/** A name as it is written in a storm: in quotes where it is no identifier or a word of the language. */
export function spelled(name: string): string {
  if (/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) && !reserved.has(name)) return name
  return '"' + name.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n').replace(/\t/g, '\\t') + '"'
}

/** A name in a text: where it stands, quotes included, and what it says. */
export interface Word {
  from: number
  to: number
  name: string
  quoted: boolean
}

const pattern = /\/\/[^\n]*|"((?:[^"\\\n]|\\.)*)"?|[\p{L}_][\p{L}\p{N}_]*/gu
const escapes: Record<string, string> = { n: '\n', t: '\t' }

/** All names and words of a storm text, in their order, without comments. */
export function* wordsOf(text: string): Generator<Word> {
  for (const m of text.matchAll(pattern)) {
    if (m[0].startsWith('//')) continue
    const quoted = m[0].startsWith('"')
    const name = quoted ? (m[1] ?? '').replace(/\\(.)/g, (_, c: string) => escapes[c] ?? c) : m[0]
    yield { from: m.index, to: m.index + m[0].length, name, quoted }
  }
}

/**
 * What two spellings of one name have in common: MarsRoverMoved, "Mars rover
 * moved" and “Mars Rover\nMoved” are alike.
 */
export function keyOf(name: string): string {
  return name.normalize('NFC').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '')
}

/** What a note may be found by in the text: its text and the name of its element. */
export function keysOf(note: { text: string; element: string }): Set<string> {
  const keys = new Set([keyOf(note.text)])
  const colon = note.element.indexOf(':')
  if (colon >= 0) {
    const path = note.element.slice(colon + 1)
    keys.add(keyOf(path))
    keys.add(keyOf(path.slice(path.indexOf('.') + 1)))
  }
  keys.delete('')
  return keys
}

/** The name at a place of a text, or undefined; a word of the language counts only where it is used as a name. */
export function wordAt(text: string, pos: number): Word | undefined {
  const start = text.lastIndexOf('\n', pos - 1) + 1
  const end = text.indexOf('\n', pos)
  const line = text.slice(start, end < 0 ? text.length : end)
  for (const w of wordsOf(line)) {
    if (pos >= start + w.from && pos <= start + w.to) return { ...w, from: w.from + start, to: w.to + start }
  }
  return undefined
}

/** The kinds that a name may have after a word of the language, for completion. */
export const kindsAfter: Readonly<Record<string, readonly NoteKind[]>> = {
  pivotal: ['event'],
  publishes: ['event'],
  lane: ['event', 'command', 'policy', 'projection', 'system', 'aggregate'],
  given: ['event'],
  unless: ['event'],
  using: ['projection'],
  every: ['event'],
}
