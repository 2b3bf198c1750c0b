import type { NoteKind } from '../model/types'
import { clauses, isStatement, kindsAfter, spelled, statements, types, wordsOf } from './words'

/** A proposal for what could stand at a place. */
export interface Proposal {
  label: string
  /** What is written instead, when it is not the label. */
  apply?: string
  detail: string
  type: 'keyword' | 'type' | NoteKind
  boost: number
}

/** A name of the wall with its kind and module. */
export interface Known {
  name: string
  kind: NoteKind
  module: string
}

/** The kinds that have names in the text. */
const named = new Set<NoteKind>(['event', 'command', 'actor', 'aggregate', 'system', 'policy', 'projection', 'value', 'term', 'module'])

/**
 * What could stand behind the beginning of a statement (the text of its line up
 * to the word being written): words of the language and names of the wall, with
 * those of the fitting kinds first. here is the module that the place is in, or
 * "": a name of another module is written with its module's.
 */
export function proposals(head: string, known: readonly Known[], here = ''): Proposal[] {
  const [first] = wordsOf(head)
  const statement = first && !first.quoted && isStatement(first.name) ? first.name : ''
  const list: Proposal[] = []
  if (head.trim() === '') list.push(...statements.map((s) => keyword(s, 'statement')))
  else for (const c of clauses[statement] ?? []) list.push(keyword(c, statement))
  if (inData(head)) list.push(...types.map((t): Proposal => ({ label: t, detail: 'type', type: 'type', boost: 1 })))
  const kinds = kindsAt(head, statement)
  for (const k of unique(known)) {
    if (!named.has(k.kind)) continue
    const label = k.name.replace(/\s+/g, ' ')
    const foreign = k.module !== '' && k.module !== here && k.kind !== 'module'
    const apply = (foreign ? spelled(k.module) + '.' : '') + spelled(label)
    list.push({ label, ...(apply === label ? {} : { apply }), detail: k.module ? `${k.kind} of ${k.module}` : k.kind, type: k.kind, boost: kinds.includes(k.kind) ? 2 : -1 })
  }
  return list
}

function keyword(label: string, detail: string): Proposal {
  return { label, detail, type: 'keyword', boost: 0 }
}

function unique(known: readonly Known[]): Known[] {
  const seen = new Map<string, Known>()
  for (const k of known) if (k.name.trim() !== '') seen.set(`${k.kind}:${k.name}`, k)
  return [...seen.values()]
}

/** Whether the place is in braces that hold fields, on the same line. */
function inData(head: string): boolean {
  return head.lastIndexOf('{') > head.lastIndexOf('}') && /[{,]\s*[\p{L}_][\p{L}\p{N}_]*\s+\[?$/u.test(head)
}

/** The kinds that the grammar expects at this place. */
function kindsAt(head: string, statement: string): readonly NoteKind[] {
  const arrows = head.split('->').length - 1
  const clause = /\b(unless|using|on)\s[^]*$/.exec(head)?.[1]
  if (statement === 'policy') {
    if (arrows > 0) return ['command']
    return clause === 'using' ? ['projection'] : ['event']
  }
  if (statement === 'projection') return arrows > 0 ? ['actor'] : ['event']
  if (statement in kindsAfter) return kindsAfter[statement]!
  if (clause === 'on') return [...named]
  if (statement === 'when' || statement === 'then') return ['command', 'event', 'projection']
  if (statement === 'flow') return ['event', 'command', 'policy']
  if (statement === '') return flowKinds(arrows, head)
  return []
}

function flowKinds(arrows: number, head: string): readonly NoteKind[] {
  if (arrows === 0) return ['actor', 'command', 'event']
  if (/^\s*->/.test(head) || arrows > 1) return ['event']
  return ['command', 'event']
}

/** The module whose braces a place of the text is in, or "". */
export function moduleAt(text: string, pos: number): string {
  const open: string[] = []
  let name: string | undefined
  for (const m of text.slice(0, pos).matchAll(/\/\/[^\n]*|"((?:[^"\\\n]|\\.)*)"?|[\p{L}_][\p{L}\p{N}_]*|[{}\n]/gu)) {
    const t = m[0]
    if (t === '{') {
      open.push(name ?? '')
      name = undefined
    } else if (t === '}') {
      open.pop()
    } else if (t === '\n') {
      name = undefined
    } else if (t === 'module' && name === undefined) {
      name = ''
    } else if (name === '' && !t.startsWith('//')) {
      name = m[1] ?? t
    }
  }
  return open.findLast((o) => o !== '') ?? ''
}
