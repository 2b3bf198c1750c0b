import type { Standing } from './expect'
import { article, isShape } from './grammar'
import { checkText, limits, Refusal } from './limits'
import type { Change, Commands, Link, Note } from './types'

// What becomes of notes that are made one; board/session/merge.go is the same in Go.

/** merge returns what merging changes. Nothing that was said is lost. */
export function merge({ into: id, from: ids }: Commands['MergeNotes'], s: Standing): Change[] {
  const into = noteOf(s, id)
  const from: Note[] = []
  const goes = new Set<string>()
  for (const f of ids) {
    const n = noteOf(s, f)
    if (n === into || goes.has(f)) throw new Refusal('A note cannot be merged with itself.')
    if (n.kind !== into.kind || isShape(n.kind)) {
      throw new Refusal(`Only notes of the same kind are merged, not ${article(into.kind)} and ${article(n.kind)}.`)
    }
    goes.add(f)
    from.push(n)
  }
  if (from.length === 0) throw new Refusal('There is nothing to merge.')
  return [
    { id, set: united(into, from, goes) },
    ...rewired(id, goes, s),
    ...Array.from(goes).flatMap((g) => s.items.comments(g)).map((c) => c.id).sort().map((c) => ({ id: c, set: { note: id } })),
    ...apart(id, goes, s),
    ...attached(id, goes, s),
    ...ids.map((f) => ({ id: f, gone: true })),
  ]
}

function noteOf(s: Standing, id: string): Note {
  const n = s.items.notes.get(id)
  if (!n) throw new Refusal('The note is no longer there.')
  return n
}

/** united returns what the note is after it has taken in others. */
function united(into: Note, from: Note[], goes: Set<string>): Record<string, unknown> {
  const all = [into, ...from]
  const votes: Record<string, number> = {}
  for (const n of all) for (const [p, v] of Object.entries(n.votes)) votes[p] = (votes[p] ?? 0) + v
  const on = all.flatMap((n) => n.on).filter((o) => o !== into.id && !goes.has(o))
  const authors = [...into.authors, ...from.flatMap((n) => [n.by, ...n.authors]).filter((a) => a !== into.by)]
  const was = [...into.was, ...from.flatMap((n) => [n.text, ...n.was]).filter((t) => t !== into.text)]
  const set = {
    doc: all.map((n) => n.doc).reduce(joined), answer: all.map((n) => n.answer).reduce(joined),
    pivotal: all.some((n) => n.pivotal), private: all.every((n) => n.private),
    votes, authors: [...new Set(authors)], was: [...new Set(was)], on: [...new Set(on)],
  }
  if (set.was.length > limits.was || set.on.length > limits.on) throw new Refusal(`A note takes in at most ${limits.was} others.`)
  checkText('The description of both', set.doc, limits.doc)
  checkText('The answer of both', set.answer, limits.answer)
  return set
}

/** joined puts one text below another, unless it says nothing new. */
function joined(a: string, b: string): string {
  if (b === '' || a.includes(b)) return a
  return a === '' ? b : `${a}\n\n${b}`
}

/**
 * rewired moves links over. Those of the one note come first, so that they are
 * kept where another would be there twice.
 */
function rewired(into: string, goes: Set<string>, s: Standing): Change[] {
  const links = new Map<string, Link>()
  for (const n of [into, ...goes]) for (const l of s.items.linksOf(n)) links.set(l.id, l)
  const list = [...links.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  const moves = (l: Link) => goes.has(l.from) || goes.has(l.to)
  const drawn = new Set(list.filter((l) => !moves(l)).map((l) => `${l.from} ${l.to}`))
  const gone: Change[] = []
  const kept: Change[] = []
  for (const l of list.filter(moves)) {
    const from = goes.has(l.from) ? into : l.from
    const to = goes.has(l.to) ? into : l.to
    if (from === to || drawn.has(`${from} ${to}`)) {
      gone.push({ id: l.id, gone: true })
      continue
    }
    drawn.add(`${from} ${to}`)
    kept.push({ id: l.id, set: { type: 'link', from, to, verb: l.verb } })
  }
  return [...gone, ...kept]
}

/** apart moves what was said not to be the same; where both are one now, it is forgotten. */
function apart(into: string, goes: Set<string>, s: Standing): Change[] {
  const all = [...s.items.aparts.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  const known = new Set(all.filter((a) => !goes.has(a.a) && !goes.has(a.b)).map((a) => [a.a, a.b].sort().join(' ')))
  const gone: Change[] = []
  const kept: Change[] = []
  for (const x of all.filter((a) => goes.has(a.a) || goes.has(a.b))) {
    const a = goes.has(x.a) ? into : x.a
    const b = goes.has(x.b) ? into : x.b
    const key = [a, b].sort().join(' ')
    if (a === b || known.has(key)) {
      gone.push({ id: x.id, gone: true })
      continue
    }
    known.add(key)
    kept.push({ id: x.id, set: { a, b } })
  }
  return [...gone, ...kept]
}

/** attached puts the stickies of what goes on what stays. */
function attached(into: string, goes: Set<string>, s: Standing): Change[] {
  const out: Change[] = []
  for (const n of s.items.notes.values()) {
    if (goes.has(n.id) || n.id === into || !n.on.some((o) => goes.has(o))) continue
    out.push({ id: n.id, set: { on: [...new Set(n.on.map((o) => (goes.has(o) ? into : o)))] } })
  }
  return out.sort((a, b) => (a.id < b.id ? -1 : 1))
}
