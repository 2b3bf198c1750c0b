import { around, type Box } from './box'

export type Arrangement = 'left' | 'centre' | 'right' | 'top' | 'middle' | 'bottom' | 'across' | 'down'

/**
 * arranged lines boxes up by an edge or by their middles, or puts equal gaps
 * between them (across: from left to right; down: from top to bottom). The
 * outermost ones stay where they are.
 */
export function arranged<B extends Box>(boxes: readonly B[], how: Arrangement): B[] {
  const all = around(boxes)
  if (!all) return []
  switch (how) {
    case 'left':
      return boxes.map((b) => ({ ...b, x: all.x }))
    case 'centre':
      return boxes.map((b) => ({ ...b, x: Math.round(all.x + (all.w - b.w) / 2) }))
    case 'right':
      return boxes.map((b) => ({ ...b, x: all.x + all.w - b.w }))
    case 'top':
      return boxes.map((b) => ({ ...b, y: all.y }))
    case 'middle':
      return boxes.map((b) => ({ ...b, y: Math.round(all.y + (all.h - b.h) / 2) }))
    case 'bottom':
      return boxes.map((b) => ({ ...b, y: all.y + all.h - b.h }))
    case 'across':
      return spread(boxes, (b) => b.x, (b) => b.w, (b, x) => ({ ...b, x }))
    case 'down':
      return spread(boxes, (b) => b.y, (b) => b.h, (b, y) => ({ ...b, y }))
  }
}

function spread<B extends Box>(boxes: readonly B[], at: (b: B) => number, size: (b: B) => number, put: (b: B, at: number) => B): B[] {
  const sorted = [...boxes].sort((a, b) => at(a) - at(b) || size(a) - size(b))
  if (sorted.length < 3) return [...boxes]
  const first = sorted[0]!
  const end = Math.max(...sorted.map((b) => at(b) + size(b)))
  const free = end - at(first) - sorted.reduce((sum, b) => sum + size(b), 0)
  const gap = free / (sorted.length - 1)
  const out = new Map<B, B>()
  let next = at(first)
  for (const b of sorted) {
    out.set(b, put(b, Math.round(next)))
    next += size(b) + gap
  }
  return boxes.map((b) => out.get(b)!)
}
