import { centre, type Box } from './box'

export type Direction = 'left' | 'right' | 'up' | 'down'

/**
 * walk returns the neighbour of a box in a direction: the nearest whose centre
 * lies that way, where what is straight ahead counts as nearer than what is
 * aside. Undefined when there is none.
 */
export function walk<B extends Box>(from: Box, others: Iterable<B>, way: Direction): B | undefined {
  const a = centre(from)
  let best: B | undefined
  let least = Infinity
  for (const o of others) {
    const b = centre(o)
    const dx = b.x - a.x
    const dy = b.y - a.y
    const ahead = way === 'left' ? -dx : way === 'right' ? dx : way === 'up' ? -dy : dy
    const aside = Math.abs(way === 'left' || way === 'right' ? dy : dx)
    if (ahead <= 1 || aside > ahead * 3) continue
    const far = ahead + aside * 2
    if (far < least) {
      least = far
      best = o
    }
  }
  return best
}

/** nearest returns the box whose centre is nearest to that of another. */
export function nearest<B extends Box>(from: Box, others: Iterable<B>): B | undefined {
  const a = centre(from)
  let best: B | undefined
  let least = Infinity
  for (const o of others) {
    const b = centre(o)
    const far = Math.hypot(b.x - a.x, b.y - a.y)
    if (far >= least) continue
    least = far
    best = o
  }
  return best
}
