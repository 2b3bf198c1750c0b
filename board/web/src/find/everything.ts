import type { BoardModel } from '../model/board'
import { kindOf } from '../model/kinds'
import type { Comment, Note, Person } from '../model/types'
import { match, plain, type Match, type Plain } from './fuzzy'

/** Something that was found on the board. */
export interface Found {
  key: string
  type: 'note' | 'comment' | 'person' | 'module'
  /** The note to go to, or "" for a person who is on none. */
  note: string
  title: string
  /** Which part of it matched, when it is not the title: "description", "former name". */
  part: string
  /** What to mark, in the text that matched. */
  text: string
  marks: [number, number][]
  score: number
}

interface Text { part: string; text: string; plain: Plain; weight: number }

/** The texts of an item are made ready once for as long as the item is the same. */
const ready = new WeakMap<Note | Comment | Person, Text[]>()

function textsOf(item: Note | Comment | Person): Text[] {
  let list = ready.get(item)
  if (!list) {
    list = raw(item).filter((t) => t.text.trim() !== '').map((t) => ({ ...t, plain: plain(t.text) }))
    ready.set(item, list)
  }
  return list
}

function raw(item: Note | Comment | Person): Omit<Text, 'plain'>[] {
  if (item.type === 'comment') return [{ part: 'comment', text: item.text, weight: 0.75 }]
  if (item.type === 'person') return [{ part: '', text: item.name, weight: 1 }]
  return [
    { part: '', text: item.text, weight: item.kind === 'term' || item.kind === 'module' ? 1.05 : 1 },
    { part: 'description', text: item.doc, weight: 0.8 },
    { part: 'answer', text: item.answer, weight: 0.8 },
    { part: 'team', text: item.team, weight: 0.8 },
    ...item.was.map((text) => ({ part: 'former name', text, weight: 0.85 })),
  ]
}

/** Everything on the board that matches a query, best first. */
export function findAll(query: string, model: Pick<BoardModel, 'notes' | 'comments' | 'people'>, most = 60): Found[] {
  const found: Found[] = []
  const q = query.trim()
  if (q === '') return found
  for (const note of model.notes()) {
    const best = bestOf(q, note)
    if (best) found.push({ ...best, key: note.id, type: note.kind === 'module' ? 'module' : 'note', note: note.id, title: line(note.text) || kindOf(note.kind).name })
    for (const c of model.comments(note.id)) {
      const hit = bestOf(q, c)
      if (hit) found.push({ ...hit, key: c.id, type: 'comment', note: note.id, title: line(note.text) || kindOf(note.kind).name })
    }
  }
  for (const p of model.people().values()) {
    const hit = bestOf(q, p)
    if (hit) found.push({ ...hit, key: p.id, type: 'person', note: '', title: p.name })
  }
  return found.sort((a, b) => b.score - a.score || a.title.localeCompare(b.title)).slice(0, most)
}

function line(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

function bestOf(query: string, item: Note | Comment | Person): Pick<Found, 'part' | 'text' | 'marks' | 'score'> | null {
  let best: Pick<Found, 'part' | 'text' | 'marks' | 'score'> | null = null
  for (const t of textsOf(item)) {
    const m: Match | null = match(query, t.plain)
    const score = m ? m.score * t.weight : 0
    if (m && (!best || score > best.score)) best = { part: t.part, text: t.text, marks: m.marks, score }
  }
  return best
}

/** A text in pieces, those that matched and those between. */
export function pieces(text: string, marks: [number, number][]): { text: string; hit: boolean }[] {
  const list: { text: string; hit: boolean }[] = []
  let at = 0
  for (const [from, to] of marks) {
    if (from > at) list.push({ text: text.slice(at, from), hit: false })
    list.push({ text: text.slice(from, to), hit: true })
    at = to
  }
  if (at < text.length) list.push({ text: text.slice(at), hit: false })
  return list
}
