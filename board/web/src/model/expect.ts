import { article, capital, helps, isShape, sticks, verbOf, whyNot } from './grammar'
import { type Items } from './items'
import { checkLine, checkName, checkPlace, checkText, limits, Refusal } from './limits'
import { merge } from './merge'
import type { Change, CommandName, Commands, NewLink, NewNote, Note, NoteKind, Place, Verb } from './types'

// What the server will make of a command, so that the page need not wait for it.
// board/session decides; its golden files are this file's test. What it says of
// the wall as this page knows it may be wrong by what others do at the same time:
// the server's answer then takes its place.

/** Standing is what a command is done on, by whom and when. */
export interface Standing {
  items: Items
  me: string
  now: number
}

type Expect = { [W in CommandName]?: (data: Commands[W], s: Standing) => Change[] }

const gone = (id: string): Change => ({ id, gone: true })
const same = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((x, i) => x === b[i])

function noteOf(s: Standing, id: string): Note {
  const n = s.items.notes.get(id)
  if (!n) throw new Refusal('The note is no longer there.')
  return n
}

/** seen returns those of the notes that are there, each once. */
function seen(s: Standing, ids: readonly string[]): Note[] {
  const notes = [...new Set(ids)].flatMap((id) => s.items.notes.get(id) ?? [])
  if (notes.length === 0) throw new Refusal('The notes are no longer there.')
  return notes
}

/** change sets a property, unless it has the value already. */
function change(n: { id: string }, name: string, value: unknown): Change[] {
  return (n as Record<string, unknown>)[name] === value ? [] : [{ id: n.id, set: { [name]: value } }]
}

function checkNew(s: Standing, id: string, also?: Set<string>): void {
  if (!/^[A-Za-z0-9_-]{4,40}$/.test(id)) throw new Refusal(`"${id}" is no id: it has 4 to 40 letters, digits, hyphens or underscores.`)
  if (also?.has(id) || s.items.all.has(id)) throw new Refusal(`The id ${id} is in use already.`)
  also?.add(id)
}

/** frame returns the frame that a note may lie in, or "": it may have been removed in the meantime. */
function frame(s: Standing, module: string, kind: NoteKind, id: string, kinds?: Map<string, NoteKind>): string {
  if (module === '' || module === id || isShape(kind)) return ''
  const of = kinds?.get(module) ?? s.items.notes.get(module)?.kind
  return of === 'module' ? module : ''
}

function addNotes({ notes, links }: Commands['AddNotes'], s: Standing): Change[] {
  if (notes.length === 0) throw new Refusal('There is nothing to put on the wall.')
  const ids = new Set<string>()
  for (const n of notes) checkNew(s, n.id, ids)
  const kinds = new Map(notes.map((n) => [n.id, n.kind]))
  return [...notes.map((n) => added(n, kinds, s)), ...drawn(links ?? [], s, ids, kinds)]
}

function added(n: NewNote, kinds: Map<string, NoteKind>, s: Standing): Change {
  checkText('The note', n.text, limits.text)
  checkText('The answer', n.answer ?? '', limits.answer)
  checkText('The description', n.doc ?? '', limits.doc)
  checkLine('The team', n.team ?? '', limits.name)
  checkPlace(n)
  const on = [...new Set(n.on ?? [])].filter((id) => id !== n.id && (kinds.has(id) || s.items.notes.has(id)))
  if (on.length > limits.on) throw new Refusal(`A sticky is on at most ${limits.on} notes.`)
  const more = {
    module: frame(s, n.module ?? '', n.kind, n.id, kinds),
    private: (n.private ?? false) && s.items.board.writing,
    pivotal: n.pivotal ?? false,
    answer: n.kind === 'hotspot' ? n.answer ?? '' : '',
    doc: n.doc ?? '',
    on: sticks(n.kind) ? on : [],
    team: n.kind === 'module' ? n.team ?? '' : '',
  }
  const set: Record<string, unknown> = { type: 'note', kind: n.kind, text: n.text, x: n.x, y: n.y, w: n.w, h: n.h, by: s.me, at: s.now }
  for (const [name, value] of Object.entries(more)) {
    if (Array.isArray(value) ? value.length > 0 : value) set[name] = value
  }
  return { id: n.id, set }
}

/** drawn returns links with their verbs, and without those that are there already. */
function drawn(links: readonly NewLink[], s: Standing, ids: Set<string>, kinds?: Map<string, NoteKind>): Change[] {
  const out: Change[] = []
  const done = new Set<string>()
  for (const { id, from, to } of links) {
    checkNew(s, id, ids)
    const verb = verbBetween(s, from, to, kinds)
    const ends = `${from} ${to}`
    if (done.has(ends) || s.items.linksOf(from).some((l) => l.from === from && l.to === to)) continue
    done.add(ends)
    out.push({ id, set: { type: 'link', from, to, verb } })
  }
  return out
}

function verbBetween(s: Standing, from: string, to: string, kinds?: Map<string, NoteKind>): Verb {
  if (from === to) throw new Refusal('A note cannot be linked with itself.')
  const a = kinds?.get(from) ?? noteOf(s, from).kind
  const b = kinds?.get(to) ?? noteOf(s, to).kind
  const verb = verbOf(a, b)
  if (!verb) throw new Refusal(whyNot(a, b))
  return verb
}

function placed({ places }: { places: readonly Place[] }, s: Standing): Change[] {
  const out: Change[] = []
  const once = new Set<string>()
  for (const p of places) {
    const n = s.items.notes.get(p.id)
    if (!n) continue
    checkPlace(p)
    if (once.has(p.id)) throw new Refusal('A note cannot be in two places.')
    once.add(p.id)
    const module = frame(s, p.module, n.kind, n.id)
    if (p.x === n.x && p.y === n.y && p.w === n.w && p.h === n.h && module === n.module) continue
    out.push({ id: p.id, set: { x: p.x, y: p.y, w: p.w, h: p.h, module } })
  }
  if (once.size === 0) throw new Refusal('The notes are no longer there.')
  return out
}

function changeKind({ ids, kind }: Commands['ChangeKind'], s: Standing): Change[] {
  const notes = seen(s, ids).filter((n) => n.kind !== kind)
  for (const n of notes) {
    const shape = [n.kind, kind].find(isShape)
    if (shape) throw new Refusal(`Nothing else can be made of ${article(shape)}, nor one of a note.`)
  }
  const changed = new Set(notes.map((n) => n.id))
  const kindOf = (id: string) => (changed.has(id) ? kind : s.items.notes.get(id)?.kind)
  const unlinked: Change[] = []
  const relinked: Change[] = []
  for (const id of linksOf(s, changed)) {
    const l = s.items.links.get(id)!
    const [from, to] = [kindOf(l.from), kindOf(l.to)]
    const verb = from && to && verbOf(from, to)
    if (!verb) unlinked.push(gone(id))
    else if (verb !== l.verb) relinked.push({ id, set: { type: 'link', from: l.from, to: l.to, verb } })
  }
  return [...unlinked, ...notes.map((n) => ({ id: n.id, set: { kind } })), ...relinked]
}

/** linksOf returns the ids of all links of the notes, in order. */
function linksOf(s: Standing, notes: Iterable<string>): string[] {
  const ids = new Set<string>()
  for (const n of notes) for (const l of s.items.linksOf(n)) ids.add(l.id)
  return [...ids].sort()
}

function removeNotes({ ids }: Commands['RemoveNotes'], s: Standing): Change[] {
  const goes = new Set(ids.filter((id) => s.items.notes.has(id)))
  if (goes.size === 0) return [] // they are gone, as they should be
  const attached: Change[] = []
  const freed: Change[] = []
  for (const n of s.items.notes.values()) {
    if (goes.has(n.id)) continue
    if (n.module !== '' && goes.has(n.module)) freed.push({ id: n.id, set: { module: '' } })
    if (n.on.some((o) => goes.has(o))) attached.push({ id: n.id, set: { on: n.on.filter((o) => !goes.has(o)) } })
  }
  const comments = Array.from(goes).flatMap((id) => s.items.comments(id)).map((c) => c.id)
  const aparts = Array.from(s.items.aparts.values()).filter((a) => goes.has(a.a) || goes.has(a.b)).map((a) => a.id)
  const byId = (a: Change, b: Change) => (a.id < b.id ? -1 : 1)
  return [...attached.sort(byId), ...freed.sort(byId), ...[...linksOf(s, goes), ...comments.sort(), ...aparts.sort(), ...goes].map(gone)]
}

function markPivotal({ ids, pivotal }: Commands['MarkPivotal'], s: Standing): Change[] {
  const notes = seen(s, ids)
  for (const n of notes) {
    if (pivotal && n.kind !== 'event' && n.kind !== 'line') throw new Refusal(`Only events are pivotal, not ${article(n.kind)}.`)
  }
  return notes.flatMap((n) => change(n, 'pivotal', pivotal))
}

function attachSticky({ id, on }: Commands['AttachSticky'], s: Standing): Change[] {
  const n = noteOf(s, id)
  if (!sticks(n.kind)) throw new Refusal(`${capital(article(n.kind))} is not put on other notes; hotspots, opportunities, rules and notes are.`)
  if (on.length > limits.on) throw new Refusal(`A sticky is on at most ${limits.on} notes.`)
  for (const o of on) if (noteOf(s, o) === n) throw new Refusal('A sticky cannot be on itself.')
  const once = [...new Set(on)]
  return same(once, n.on) ? [] : [{ id, set: { on: once } }]
}

function placeVote({ id, votes }: Commands['PlaceVote'], s: Standing): Change[] {
  const n = noteOf(s, id)
  const { votingOpen, votesEach } = s.items.board
  if (!votingOpen) throw new Refusal('The voting is closed.')
  if (helps(n.kind)) throw new Refusal(`Votes are not for ${article(n.kind)}.`)
  if (votes < 0) throw new Refusal('There are no negative votes.')
  const mine = n.votes[s.me] ?? 0
  if (votes === mine) return []
  let elsewhere = 0
  for (const other of s.items.notes.values()) if (other !== n) elsewhere += other.votes[s.me] ?? 0
  if (votes > mine && elsewhere + votes > votesEach) throw new Refusal(`You have ${votesEach} votes in all, and ${elsewhere} elsewhere already.`)
  const all = Object.entries(n.votes).filter(([p]) => p !== s.me)
  return [{ id, set: { votes: Object.fromEntries(votes > 0 ? [...all, [s.me, votes]] : all) } }]
}

function keepApart({ id, a, b }: Commands['KeepApart'], s: Standing): Change[] {
  if (noteOf(s, a) === noteOf(s, b)) throw new Refusal('A note is the same as itself.')
  checkNew(s, id)
  for (const x of s.items.aparts.values()) if ((x.a === a && x.b === b) || (x.a === b && x.b === a)) return []
  return [{ id, set: { type: 'apart', a, b } }]
}

function writeComment({ id, note, text }: Commands['WriteComment'], s: Standing): Change[] {
  noteOf(s, note)
  checkNew(s, id)
  if (text.trim() === '') throw new Refusal('The comment is empty.')
  checkText('The comment', text, limits.comment)
  return [{ id, set: { type: 'comment', note, text, by: s.me, at: s.now } }]
}

function comment(s: Standing, id: string) {
  const c = s.items.all.get(id)
  if (c?.type !== 'comment') throw new Refusal('The comment is no longer there.')
  return c
}

function editText({ path, version, changes, client }: Commands['EditText'], s: Standing): Change[] {
  const file = s.items.files.get('file:' + path)
  if (!file) throw new Refusal(`There is no file ${JSON.stringify(path)}.`)
  if (file.version !== version) throw new Refusal(`The text has changed in the meantime: it has version ${file.version}, not ${version}.`, 'stale')
  return [{ id: file.id, edit: { version: version + 1, changes, client } }]
}

/** onBoard are the commands about the board as a whole. */
const onBoard: Expect = {
  NameBoard: ({ name }, s) => {
    checkName('The board\'s name', name)
    return change({ ...s.items.board, id: 'board' }, 'name', name)
  },
  SetGoals: ({ goals }, s) => {
    if (goals.length > limits.goals) throw new Refusal(`A session has at most ${limits.goals} goals.`)
    for (const g of goals) checkText('A goal', g, limits.goal)
    return same(goals, s.items.board.goals) ? [] : [{ id: 'board', set: { goals } }]
  },
  StartPhase: ({ phase }, s) => s.items.board.phase === phase ? []
    : [{ id: 'board', set: { phase, phaseAt: s.now, writing: phase === 'explore', timerEnds: 0 } }],
  SetTimer: ({ seconds }, s) => {
    if (seconds < 0 || seconds > limits.timer) throw new Refusal('The timer runs for at most a day.')
    return change({ ...s.items.board, id: 'board' }, 'timerEnds', seconds > 0 ? s.now + seconds * 1000 : 0)
  },
  AllowVotes: ({ each }, s) => {
    if (each < 1 || each > limits.votes) throw new Refusal(`Everyone has between 1 and ${limits.votes} votes.`)
    const cleared = Array.from(s.items.notes.values()).filter((n) => Object.keys(n.votes).length > 0).map((n) => n.id).sort()
    return [{ id: 'board', set: { votingOpen: true, votesEach: each } }, ...cleared.map((id) => ({ id, set: { votes: {} } }))]
  },
  CloseVotes: (_, s) => s.items.board.votingOpen ? [{ id: 'board', set: { votingOpen: false } }] : [],
}

/** onNotes are the commands about what lies on the wall. */
const onNotes: Expect = {
  AddNotes: addNotes,
  RewriteNote: ({ id, text }, s) => {
    const n = noteOf(s, id)
    checkText('The note', text, limits.text)
    return change(n, 'text', text)
  },
  MoveNotes: placed,
  TidyNotes: placed,
  ChangeKind: changeKind,
  RemoveNotes: removeNotes,
  LinkNotes: ({ links }, s) => drawn(links, s, new Set()),
  UnlinkNotes: ({ ids }, s) => [...new Set(ids)].filter((id) => s.items.links.has(id)).sort().map(gone),
  MarkPivotal: markPivotal,
  DescribeNote: ({ id, doc }, s) => {
    const n = noteOf(s, id)
    checkText('The description', doc, limits.doc)
    return change(n, 'doc', doc)
  },
  AttachSticky: attachSticky,
  AnswerHotspot: ({ id, answer }, s) => {
    const n = noteOf(s, id)
    if (n.kind !== 'hotspot') throw new Refusal(`Only hotspots are answered, not ${article(n.kind)}.`)
    checkText('The answer', answer, limits.answer)
    return change(n, 'answer', answer)
  },
  AssignTeam: ({ id, team }, s) => {
    const n = noteOf(s, id)
    if (n.kind !== 'module') throw new Refusal(`Only modules have a team, not ${article(n.kind)}.`)
    checkLine('The team', team, limits.name)
    return change(n, 'team', team)
  },
  MergeNotes: merge,
  KeepApart: keepApart,
  RevealNotes: ({ ids, all }, s) => {
    const notes = all ? Array.from(s.items.notes.values()) : (ids ?? []).flatMap((id) => s.items.notes.get(id) ?? []).filter((n) => n.by === s.me)
    return [...new Set(notes.filter((n) => n.private).map((n) => n.id))].sort().map((id) => ({ id, set: { private: false } }))
  },
  WriteComment: writeComment,
  SettleComment: ({ id, settled }, s) => change(comment(s, id), 'settled', settled),
  RemoveComment: ({ id }, s) => [gone(comment(s, id).id)],
  PlaceVote: placeVote,
  EditText: editText,
}

const table: Expect = { ...onBoard, ...onNotes }

/** foreseen reports whether it can be said here what becomes of a command. */
export function foreseen(what: string): what is CommandName {
  return what in table
}

/**
 * expect returns the changes that a command will make; none when it makes none,
 * or when only the server can say. It throws a Refusal when the command cannot be
 * done.
 */
export function expect<W extends CommandName>(what: W, data: Commands[W], s: Standing): Change[] {
  return table[what]?.(data, s) ?? []
}
