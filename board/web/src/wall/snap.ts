import type { Box } from './box'

/** Guide is a line that shows what a box snapped to: an edge, a centre, or the same gap as between others. */
export interface Guide {
  axis: 'x' | 'y' // x: a vertical line at `at`; y: a horizontal one
  at: number
  from: number
  to: number
  kind: 'line' | 'gap'
}

export interface Snapped {
  dx: number
  dy: number
  guides: Guide[]
}

interface Side {
  at: number // where it starts
  size: number
  cross: number
  crossSize: number
}

/**
 * snap moves a box by as little as brings it in line with its neighbours: edge
 * to edge, centre to centre, or with the gap that two neighbours have between
 * them. reach is how far, in board pixels.
 */
export function snap(box: Box, others: readonly Box[], reach: number): Snapped {
  const x = along('x', box, others, reach)
  const y = along('y', { ...box, x: box.x + x.by }, others, reach)
  const at = { ...box, x: box.x + x.by, y: box.y + y.by }
  return { dx: x.by, dy: y.by, guides: [...guides('x', at, others, x), ...guides('y', at, others, y)] }
}

interface Found {
  by: number
  hit: boolean
  gap?: { before: Side; after: Side; size: number }
}

function side(axis: 'x' | 'y', b: Box): Side {
  return axis === 'x' ? { at: b.x, size: b.w, cross: b.y, crossSize: b.h } : { at: b.y, size: b.h, cross: b.x, crossSize: b.w }
}

function marks(s: Side): [number, number, number] {
  return [s.at, s.at + s.size / 2, s.at + s.size]
}

function along(axis: 'x' | 'y', box: Box, others: readonly Box[], reach: number): Found {
  const me = side(axis, box)
  const mine = marks(me)
  const best: Found = { by: 0, hit: false }
  let nearest = reach
  const offer = (by: number, gap?: Found['gap']) => {
    const far = Math.abs(by)
    if (far > reach || (best.hit && far >= nearest)) return
    nearest = far
    best.by = by
    best.hit = true
    if (gap) best.gap = gap
    else delete best.gap
  }
  for (const o of others) {
    const its = marks(side(axis, o))
    // Edges meet edges and centres meet centres; an edge on a centre means nothing.
    offer(its[0] - mine[0])
    offer(its[2] - mine[2])
    offer(its[1] - mine[1])
    offer(its[0] - mine[2])
    offer(its[2] - mine[0])
  }
  for (const g of gaps(axis, me, others)) offer(g.at - me.at, g.gap)
  return best
}

/** gaps returns where the box would stand with the same gap as two neighbours in its row have. */
function gaps(axis: 'x' | 'y', me: Side, others: readonly Box[]): { at: number; gap: NonNullable<Found['gap']> }[] {
  const row = others
    .map((o) => side(axis, o))
    .filter((s) => s.cross < me.cross + me.crossSize && s.cross + s.crossSize > me.cross)
    .sort((a, b) => a.at - b.at)
  const out: { at: number; gap: NonNullable<Found['gap']> }[] = []
  for (let i = 0; i + 1 < row.length; i++) {
    const a = row[i]!
    const b = row[i + 1]!
    const size = b.at - (a.at + a.size)
    if (size <= 0) continue
    out.push({ at: b.at + b.size + size, gap: { before: a, after: b, size } })
    out.push({ at: a.at - size - me.size, gap: { before: a, after: b, size } })
    if (size > me.size) out.push({ at: a.at + a.size + (size - me.size) / 2, gap: { before: a, after: b, size: (size - me.size) / 2 } })
  }
  return out
}

function guides(axis: 'x' | 'y', box: Box, others: readonly Box[], found: Found): Guide[] {
  if (!found.hit) return []
  const me = side(axis, box)
  if (found.gap) return gapGuides(axis, me, found.gap)
  const out: Guide[] = []
  const mine = marks(me)
  for (const [i, at] of mine.entries()) {
    let from = me.cross
    let to = me.cross + me.crossSize
    let met = false
    for (const o of others) {
      const s = side(axis, o)
      const its = marks(s)
      const hit = i === 1 ? near(its[1], at) : near(its[0], at) || near(its[2], at)
      if (!hit) continue
      met = true
      from = Math.min(from, s.cross)
      to = Math.max(to, s.cross + s.crossSize)
    }
    if (met) out.push({ axis, at, from, to, kind: 'line' })
  }
  return out
}

function gapGuides(axis: 'x' | 'y', me: Side, gap: NonNullable<Found['gap']>): Guide[] {
  const all = [gap.before, gap.after, me].sort((a, b) => a.at - b.at)
  const out: Guide[] = []
  for (let i = 0; i + 1 < all.length; i++) {
    const a = all[i]!
    const b = all[i + 1]!
    const cross = (Math.max(a.cross, b.cross) + Math.min(a.cross + a.crossSize, b.cross + b.crossSize)) / 2
    out.push({ axis: axis === 'x' ? 'y' : 'x', at: cross, from: a.at + a.size, to: b.at, kind: 'gap' })
  }
  return out
}

function near(a: number, b: number): boolean {
  return Math.abs(a - b) < 0.01
}
