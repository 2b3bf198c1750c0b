import { patch } from '../model/items'
import type { Item, Op } from '../model/types'
import { phaseOf } from '../session/phases'

/** Tells an operation in words, without the person: "moved 3 notes". */
export function telling(op: Op, state: ReadonlyMap<string, Item>): string {
  const tell = tellings[op.what]
  return tell ? tell(op, state) : wordsOf(op.what)
}

/** Tells all operations of a session, by their seq, each with the names that things had at the time. */
export function tellAll(ops: readonly Op[]): Map<number, string> {
  const state = new Map<string, Item>()
  const words = new Map<number, string>()
  for (const op of ops) {
    words.set(op.seq, telling(op, state))
    for (const change of op.changes) {
      if (change.edit) continue // texts are not told
      const next = patch(state.get(change.id), change)
      if (next) state.set(change.id, next)
    }
  }
  return words
}

type Tell = (op: Op, state: ReadonlyMap<string, Item>) => string

const tellings: Record<string, Tell> = {
  BoardOpened: () => 'opened the board',
  BoardNamed: (op) => `named the board ${quoted(prop(op, 'name'))}`,
  PersonJoined: () => 'joined',
  NotesAdded: (op, s) => `added ${named(op, s)}`,
  NoteRewritten: (op) => `wrote ${quoted(prop(op, 'text'))}`,
  NotesMoved: (op, s) => `moved ${named(op, s)}`,
  KindChanged: (op, s) => `made ${named(op, s)} ${article(textOf(prop(op, 'kind')) || 'note')}`,
  NotesRemoved: (op) => `removed ${count(op.changes.filter((c) => c.gone).length, 'item')}`,
  NotesLinked: (op) => `drew ${count(op.changes.length, 'link')}`,
  NotesUnlinked: (op) => `took away ${count(op.changes.length, 'link')}`,
  PivotalMarked: (op, s) => (prop(op, 'pivotal') ? `marked ${named(op, s)} as pivotal` : `took the pivotal mark off ${named(op, s)}`),
  NoteDescribed: (op, s) => `described ${named(op, s)}`,
  StickyAttached: (op, s) => `attached ${named(op, s)}`,
  HotspotAnswered: (op, s) => `answered ${named(op, s)}`,
  TeamAssigned: (op, s) => `gave ${named(op, s)} the team ${quoted(prop(op, 'team'))}`,
  NotesMerged: (op) => `merged ${count(1 + op.changes.filter((c) => c.gone).length, 'note')}`,
  NotesKeptApart: () => 'said that two notes are not the same',
  NotesRevealed: (op) => `revealed ${count(op.changes.length, 'note')}`,
  NotesTidied: (op) => `tidied ${count(op.changes.length, 'note')}`,
  CommentWritten: (op) => `commented ${quoted(prop(op, 'text'))}`,
  CommentSettled: (op) => (prop(op, 'settled') ? 'settled a comment' : 'opened a comment again'),
  CommentRemoved: () => 'removed a comment',
  VotePlaced: (op, s) => `voted on ${named(op, s)}`,
  StepUndone: () => 'undid a step',
  StepRedone: () => 'redid a step',
  TextEdited: () => 'edited the text',
  GoalsSet: () => 'set the goals',
  PhaseStarted: (op) => `started the phase ${quoted(phaseOf(textOf(prop(op, 'phase')))?.title ?? prop(op, 'phase'))}`,
  TimerSet: (op) => (prop(op, 'timerEnds') ? 'set the timer' : 'stopped the timer'),
  VotesAllowed: () => 'opened the vote',
  VotesClosed: () => 'closed the vote',
  WritingSet: (op) => (prop(op, 'writing') === 'private' ? 'had everyone write alone' : 'had everyone write openly'),
  BroughtInStep: () => 'text and wall followed each other',
  StormLanded: () => 'landed the storm',
}

function prop(op: Op, name: string): unknown {
  for (const c of op.changes) if (c.set && name in c.set) return c.set[name]
  return undefined
}

/** One changed note by its text, several by their number. */
function named(op: Op, state: ReadonlyMap<string, Item>): string {
  const notes = op.changes.filter((c) => c.set && isNote(c.id, c.set, state))
  if (notes.length !== 1) return count(notes.length || op.changes.length, 'note')
  const change = notes[0]!
  const item = state.get(change.id)
  const text = change.set?.['text'] ?? (item?.type === 'note' ? item.text : '')
  return text === '' ? 'an empty note' : quoted(text)
}

function isNote(id: string, set: object, state: ReadonlyMap<string, Item>): boolean {
  if ('type' in set) return set.type === 'note'
  return (state.get(id)?.type ?? 'note') === 'note'
}

function quoted(v: unknown): string {
  const text = textOf(v).replace(/\s+/g, ' ').trim()
  return `“${text.length > 60 ? text.slice(0, 59) + '…' : text}”`
}

function textOf(v: unknown): string {
  return typeof v === 'string' ? v : ''
}

function count(n: number, what: string): string {
  return n === 1 ? (/^[aeiou]/.test(what) ? 'an ' : 'a ') + what : `${n} ${what}s`
}

function article(kind: string): string {
  return (/^[aeiou]/.test(kind) ? 'an ' : 'a ') + kind
}

function wordsOf(what: string): string {
  return what.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
}

/** A stretch of operations of one person of one kind, told as one step. */
export interface Step {
  /** The seq of the first and the last operation in it. */
  from: number
  to: number
  by: string
  at: number
  what: string
  count: number
}

/**
 * Groups operations into steps as people remember them: what one person did of
 * one kind in a row, at most half a minute apart, is one step.
 */
export function stepsOf(ops: readonly Op[], apart = 30_000): Step[] {
  const steps: Step[] = []
  for (const op of ops) {
    const last = steps[steps.length - 1]
    if (last && last.by === op.by && last.what === op.what && op.at - last.at <= apart && mergeable.has(op.what)) {
      last.to = op.seq
      last.at = op.at
      last.count++
    } else {
      steps.push({ from: op.seq, to: op.seq, by: op.by, at: op.at, what: op.what, count: 1 })
    }
  }
  return steps
}

const mergeable = new Set(['NotesMoved', 'NoteRewritten', 'TextEdited', 'VotePlaced', 'BroughtInStep'])

/** For every minute of the session in which something was done, the last seq of it. */
export function minutesOf(ops: readonly Op[]): { at: number; seq: number }[] {
  const list: { at: number; seq: number }[] = []
  for (const op of ops) {
    const minute = Math.floor(op.at / 60_000) * 60_000
    const last = list[list.length - 1]
    if (last && last.at >= minute) last.seq = op.seq
    else list.push({ at: minute, seq: op.seq })
  }
  return list
}
