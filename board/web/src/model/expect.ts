import type { Change, CommandName, Commands, Link, Note } from './types'
import { linkable, verbOf } from './grammar'
import type { Items } from './items'
import { kindOf } from './kinds'

// What the server will most likely make of a command, so that the page need not
// wait for it. board/session decides; its golden files are this file's test.

/** Refusal says why a command cannot be done; the user is told. */
export class Refusal extends Error {}

/** Standing is what a command is done on, by whom and when. */
export interface Standing {
  items: Items
  me: string
  now: number
}

type Expect = { [W in CommandName]?: (data: Commands[W], s: Standing) => Change[] }

const note = (s: Standing, id: string): Note => {
  const n = s.items.notes.get(id)
  if (!n) throw new Refusal('The note is no longer there.')
  return n
}

const each = (ids: readonly string[], set: (n: Note) => Record<string, unknown>) => (s: Standing): Change[] =>
  ids.map((id) => ({ id, set: set(note(s, id)) }))

function place(data: Commands['MoveNotes'] | Commands['TidyNotes'], s: Standing): Change[] {
  return data.places.map(({ id, x, y, w, h, module }) => {
    note(s, id)
    return { id, set: { x, y, w, h, module } }
  })
}

function link(s: Standing, from: string, to: string, kinds: Map<string, Note['kind']>): Link['verb'] {
  const a = kinds.get(from) ?? note(s, from).kind
  const b = kinds.get(to) ?? note(s, to).kind
  const verb = verbOf(a, b)
  if (verb) return verb
  const why = linkable({ id: from, kind: a }, { id: to, kind: b })
  throw new Refusal('reason' in why ? why.reason : `No link leads from ${kindOf(a).name} to ${kindOf(b).name}.`)
}

function draw(links: Commands['LinkNotes']['links'], s: Standing, kinds = new Map<string, Note['kind']>()): Change[] {
  return links.map(({ id, from, to }) => ({ id, set: { type: 'link', from, to, verb: link(s, from, to, kinds) } }))
}

function gone(ids: Iterable<string>): Change[] {
  return Array.from(new Set(ids), (id) => ({ id, gone: true as const }))
}

const table: Expect = {
  NameBoard: ({ name }) => [{ id: 'board', set: { name } }],
  AddNotes: ({ notes, links }, s) => {
    const kinds = new Map(notes.map((n) => [n.id, n.kind]))
    const made = notes.map(({ id, ...rest }): Change => ({ id, set: { type: 'note', ...rest, by: s.me, at: s.now } }))
    return [...made, ...draw(links ?? [], s, kinds)]
  },
  RewriteNote: ({ id, text }, s) => each([id], () => ({ text }))(s),
  MoveNotes: place,
  TidyNotes: place,
  ChangeKind: ({ ids, kind }, s) => each(ids, () => ({ kind }))(s),
  RemoveNotes: ({ ids }, s) => {
    const notes = ids.filter((id) => s.items.notes.has(id))
    const links = notes.flatMap((id) => s.items.linksOf(id).map((l) => l.id))
    const comments = notes.flatMap((id) => s.items.comments(id).map((c) => c.id))
    return gone([...notes, ...links, ...comments])
  },
  LinkNotes: ({ links }, s) => draw(links, s),
  UnlinkNotes: ({ ids }, s) => gone(ids.filter((id) => s.items.links.has(id))),
  MarkPivotal: ({ ids, pivotal }, s) => each(ids, () => ({ pivotal }))(s),
  DescribeNote: ({ id, doc }, s) => each([id], () => ({ doc }))(s),
  AttachSticky: ({ id, on }, s) => each([id], () => ({ on }))(s),
  AnswerHotspot: ({ id, answer }, s) => each([id], () => ({ answer }))(s),
  AssignTeam: ({ id, team }, s) => each([id], () => ({ team }))(s),
  KeepApart: ({ id, a, b }) => [{ id, set: { type: 'apart', a, b } }],
  WriteComment: ({ id, note: on, text }, s) => {
    note(s, on)
    return [{ id, set: { type: 'comment', note: on, text, by: s.me, at: s.now, settled: false } }]
  },
  SettleComment: ({ id, settled }) => [{ id, set: { settled } }],
  RemoveComment: ({ id }) => gone([id]),
  PlaceVote: ({ id, votes }, s) => {
    const all = { ...note(s, id).votes }
    if (votes > 0) all[s.me] = votes
    else Reflect.deleteProperty(all, s.me)
    return [{ id, set: { votes: all } }]
  },
  SetGoals: ({ goals }) => [{ id: 'board', set: { goals } }],
  EditText: ({ path, version, changes, client }, s) => {
    const file = s.items.files.get('file:' + path)
    // Of an edit that is not of the newest text the server has to say what
    // becomes of it.
    if (file?.version !== version) return []
    return [{ id: file.id, edit: { version: version + 1, changes, client } }]
  },
}

/** expect returns the changes that a command will most likely make. It throws a Refusal when the command cannot be done. */
export function expect<W extends CommandName>(what: W, data: Commands[W], s: Standing): Change[] {
  return table[what]?.(data, s) ?? []
}
