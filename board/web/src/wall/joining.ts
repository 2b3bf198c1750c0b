import { linkable } from '../model/grammar'
import { kindOf } from '../model/kinds'
import type { BoardModel } from '../model/board'
import type { Note, Verb } from '../model/types'

/** Joining is what comes of an arrow that is drawn from one note to another, or why nothing does. */
export type Joining =
  | { what: 'link'; from: string; to: string; verb: Verb }
  | { what: 'attach'; sticky: string; on: string }
  | { what: 'none'; reason: string }

/** joining says what an arrow between two notes would be, by the grammar. */
export function joining(from: Note, to: Note, linked: (from: string, to: string) => boolean = () => false): Joining {
  if (from.id === to.id) return { what: 'none', reason: 'A note cannot be linked with itself.' }
  const found = linkable(from, to)
  if ('reason' in found) return { what: 'none', reason: found.reason }
  if ('sticky' in found) {
    const sticky = found.sticky === from.id ? from : to
    return sticky.on.includes(found.on) ? { what: 'none', reason: 'It hangs there already.' } : { what: 'attach', sticky: found.sticky, on: found.on }
  }
  const [a, b] = found.reversed ? [to, from] : [from, to]
  if (linked(a.id, b.id)) return { what: 'none', reason: 'They are linked already.' }
  return { what: 'link', from: a.id, to: b.id, verb: found.verb }
}

/** linkedIn returns a function that says whether two notes are linked already. */
export function linkedIn(model: Pick<BoardModel, 'linksOf'>): (from: string, to: string) => boolean {
  return (from, to) => model.linksOf(from).some((l) => l.from === from && l.to === to)
}

/** told says aloud what an arrow would be. */
export function told(j: Joining, from: Note, to: Note): string {
  switch (j.what) {
    case 'link':
      return j.from === from.id ? `${name(from)} ${j.verb} ${name(to)}` : `${name(to)} ${j.verb} ${name(from)}`
    case 'attach':
      return `${name(j.sticky === from.id ? from : to)} hangs on ${name(j.sticky === from.id ? to : from)}`
    case 'none':
      return j.reason
  }
}

/** name returns a note's text in one line, or what it is when nothing is written on it. */
export function name(n: Note): string {
  const text = n.text.replace(/\s+/g, ' ').trim()
  return text === '' ? `empty ${kindOf(n.kind).name.toLowerCase()}` : text
}

/** join does what an arrow from one note to another means, and returns whether there was anything to do. */
export function join(model: BoardModel, from: string, to: string): boolean {
  const a = model.note(from)
  const b = model.note(to)
  if (!a || !b) return false
  const j = joining(a, b, linkedIn(model))
  if (j.what === 'link') model.do('LinkNotes', { links: [{ id: model.newId(), from: j.from, to: j.to }] })
  else if (j.what === 'attach') model.do('AttachSticky', { id: j.sticky, on: [...(model.note(j.sticky)?.on ?? []), j.on] })
  else model.tell(j.reason)
  return j.what !== 'none'
}
