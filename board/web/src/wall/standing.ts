import type { Link, Note } from '../model/types'
import { centre, grown, holds, type Box } from './box'

/**
 * Standing is how much a link is shown. A command, what handles it and its event
 * can be linked in three ways, some of which say the same: plain links are drawn,
 * faint ones as a hint, and silent ones only while one of their notes is looked at.
 */
export type Standing = 'plain' | 'faint' | 'silent'

/** Wires is what the standing of links depends on. */
export interface Wires {
  note(id: string): Note | undefined
  box(n: Note): Box
  linksOf(id: string): readonly Link[]
}

/**
 * standing returns how much a link is shown. Where an aggregate that emits an event
 * lies between the command and the event, the direct link is silent. Where what
 * handles the command lies elsewhere, the direct link tells the flow, and the ways
 * to the aggregate and back are faint.
 */
export function standing(l: Link, w: Wires): Standing {
  switch (l.verb) {
    case 'leads to': {
      const over = handler(l, w)
      return over !== undefined && emits(over.id, l.to, w) ? 'silent' : 'plain'
    }
    case 'is handled by':
      return aside(w.linksOf(l.from).filter((k) => k.verb === 'leads to' && k.from === l.from), l.to, w)
    case 'emits':
      return aside(w.linksOf(l.to).filter((k) => k.verb === 'leads to' && k.to === l.to && handles(l.from, k.from, w)), l.from, w)
    default:
      return 'plain'
  }
}

/** via returns what handles a command and lies between it and its event, with no link of its own with that: theirs is drawn from there on. */
export function via(l: Link, w: Wires): Note | undefined {
  const over = l.verb === 'leads to' ? handler(l, w) : undefined
  return over !== undefined && emits(over.id, l.to, w) ? undefined : over
}

/** handler returns what handles a command and lies between it and its event. */
function handler(l: Link, w: Wires): Note | undefined {
  for (const k of w.linksOf(l.from)) {
    if (k.verb === 'is handled by' && k.from === l.from && between(l.from, k.to, l.to, w)) return w.note(k.to)
  }
  return undefined
}

/** aside tells the standing of a link with a handler by the direct links beside it. */
function aside(direct: readonly Link[], handler: string, w: Wires): Standing {
  if (direct.length === 0) return 'plain'
  return direct.some((k) => between(k.from, handler, k.to, w)) ? 'plain' : 'faint'
}

function emits(handler: string, event: string, w: Wires): boolean {
  return w.linksOf(event).some((k) => k.verb === 'emits' && k.from === handler)
}

function handles(handler: string, command: string, w: Wires): boolean {
  return w.linksOf(command).some((k) => k.verb === 'is handled by' && k.to === handler)
}

/** between says whether the straight way from one note to another runs over or close by a third. */
function between(from: string, over: string, to: string, w: Wires): boolean {
  const [a, g, b] = [w.note(from), w.note(over), w.note(to)]
  return a !== undefined && g !== undefined && b !== undefined && runsOver(w.box(a), grown(w.box(g), 32), w.box(b))
}

function runsOver(from: Box, over: Box, to: Box): boolean {
  const [a, b] = [centre(from), centre(to)]
  // What holds one of the ends does not lie between them.
  if (holds(over, a) || holds(over, b)) return false
  for (let i = 1; i < 16; i++) if (holds(over, { x: a.x + ((b.x - a.x) * i) / 16, y: a.y + ((b.y - a.y) * i) / 16 })) return true
  return false
}
