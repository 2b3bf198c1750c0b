import { centre, type Box, type Point } from './box'

/** Route is the curve of a link: from the edge of one note to the edge of another, with two handles of a Bézier curve. */
export interface Route {
  a: Point
  b: Point
  c1: Point
  c2: Point
}

type Edge = 'left' | 'right' | 'top' | 'bottom'

/**
 * route leads a link out of the edge that faces the other note and into the one
 * that faces back, so that it never runs over the notes that it links. Time
 * runs to the right: where there is room, left and right edges are taken.
 */
export function route(from: Box, to: Box): Route {
  const [out, into] = edges(from, to)
  const a = facing(from, out, to)
  const b = facing(to, into, from)
  const far = Math.hypot(b.x - a.x, b.y - a.y)
  const pull = Math.min(160, Math.max(12, far * 0.42))
  return { a, b, c1: pulled(a, out, pull), c2: pulled(b, into, pull) }
}

/** facing is where a link leaves a note: the middle of the edge, or, of one that is much longer than the other note, right beside that. */
function facing(box: Box, e: Edge, other: Box): Point {
  const p = middle(box, e)
  const c = centre(other)
  if (e === 'left' || e === 'right') {
    if (box.h > other.h * 1.5) p.y = within(c.y, box.y, box.h)
  } else if (box.w > other.w * 1.5) p.x = within(c.x, box.x, box.w)
  return p
}

function within(v: number, from: number, size: number): number {
  const edge = Math.min(24, size / 2)
  return Math.min(from + size - edge, Math.max(from + edge, v))
}

/** bends are ways with one turn, out of the upper or lower edge and into one at the side, or the other way round, where there is room for them. */
export function bends(from: Box, to: Box): Route[] {
  const [f, t] = [centre(from), centre(to)]
  const out: Route[] = []
  const put = (e1: Edge, e2: Edge) => {
    const a = middle(from, e1)
    const b = middle(to, e2)
    const upright = e1 === 'top' || e1 === 'bottom'
    // Most of the way is straight, and the turn is near its end.
    const c1 = upright ? { x: a.x, y: a.y + (b.y - a.y) * 0.95 } : { x: a.x + (b.x - a.x) * 0.95, y: a.y }
    const c2 = upright ? { x: a.x + (b.x - a.x) * 0.1, y: b.y } : { x: b.x, y: a.y + (b.y - a.y) * 0.1 }
    out.push({ a, b, c1, c2 })
  }
  const side = t.x > f.x ? 'left' : 'right'
  if (side === 'left' ? to.x > f.x + 12 : to.x + to.w < f.x - 12) {
    if (t.y > from.y + from.h + 12) put('bottom', side)
    if (t.y < from.y - 12) put('top', side)
  }
  const leave = side === 'left' ? 'right' : 'left'
  if (side === 'left' ? t.x > from.x + from.w + 12 : t.x < from.x - 12) {
    if (to.y > f.y + 12) put(leave, 'top')
    if (to.y + to.h < f.y - 12) put(leave, 'bottom')
  }
  return out
}

/** detours are ways around what stands between two notes: over it, under it, and past its sides, the nearest first. */
export function detours(from: Box, to: Box, over: Box): Route[] {
  const up = Math.min(from.y, to.y, over.y) - 36
  const down = Math.max(from.y + from.h, to.y + to.h, over.y + over.h) + 36
  const way = (e: 'top' | 'bottom', y: number): Route => {
    const a = middle(from, e)
    const b = middle(to, e)
    // The curve comes three quarters of the way to its handles.
    const lift = (end: Point) => end.y + (y - end.y) / 0.75
    const lean = (b.x - a.x) * 0.12
    return { a, b, c1: { x: a.x + lean, y: lift(a) }, c2: { x: b.x - lean, y: lift(b) } }
  }
  const left = Math.min(from.x, to.x, over.x) - 36
  const right = Math.max(from.x + from.w, to.x + to.w, over.x + over.w) + 36
  const past = (e: 'left' | 'right', x: number): Route => {
    const a = middle(from, e)
    const b = middle(to, e)
    const lift = (end: Point) => end.x + (x - end.x) / 0.75
    const lean = (b.y - a.y) * 0.12
    return { a, b, c1: { x: lift(a), y: a.y + lean }, c2: { x: lift(b), y: b.y - lean } }
  }
  const ways: [number, Route][] = []
  const [f, t] = [centre(from), centre(to)]
  // Notes above each other are passed at the side: over and under it would go back on itself.
  if (Math.abs(f.x - t.x) > 24) ways.push([from.y - up, way('top', up)], [down - (from.y + from.h), way('bottom', down)])
  if (Math.abs(f.y - t.y) > 24) ways.push([from.x - left, past('left', left)], [right - (from.x + from.w), past('right', right)])
  return ways.sort((a, b) => a[0] - b[0]).map(([, r]) => r)
}

function edges(from: Box, to: Box): [Edge, Edge] {
  const gapX = to.x > from.x ? to.x - (from.x + from.w) : from.x - (to.x + to.w)
  const gapY = to.y > from.y ? to.y - (from.y + from.h) : from.y - (to.y + to.h)
  const across = gapX > 4 && (gapY < 0 || gapX * 1.5 >= gapY)
  if (across) return to.x > from.x ? ['right', 'left'] : ['left', 'right']
  if (gapY > 0 || Math.abs(gapY) <= Math.abs(gapX)) {
    return centre(to).y >= centre(from).y ? ['bottom', 'top'] : ['top', 'bottom']
  }
  return centre(to).x >= centre(from).x ? ['right', 'left'] : ['left', 'right']
}

function middle(b: Box, e: Edge): Point {
  switch (e) {
    case 'left':
      return { x: b.x, y: b.y + b.h / 2 }
    case 'right':
      return { x: b.x + b.w, y: b.y + b.h / 2 }
    case 'top':
      return { x: b.x + b.w / 2, y: b.y }
    case 'bottom':
      return { x: b.x + b.w / 2, y: b.y + b.h }
  }
}

function pulled(p: Point, e: Edge, by: number): Point {
  switch (e) {
    case 'left':
      return { x: p.x - by, y: p.y }
    case 'right':
      return { x: p.x + by, y: p.y }
    case 'top':
      return { x: p.x, y: p.y - by }
    case 'bottom':
      return { x: p.x, y: p.y + by }
  }
}

/** along returns the point at a part of the way, 0 to 1. */
export function along(r: Route, t: number): Point {
  const u = 1 - t
  const k = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t] as const
  return {
    x: k[0] * r.a.x + k[1] * r.c1.x + k[2] * r.c2.x + k[3] * r.b.x,
    y: k[0] * r.a.y + k[1] * r.c1.y + k[2] * r.c2.y + k[3] * r.b.y,
  }
}

/** hull returns a box that the curve does not leave. */
export function hull(r: Route): Box {
  const x = Math.min(r.a.x, r.b.x, r.c1.x, r.c2.x)
  const y = Math.min(r.a.y, r.b.y, r.c1.y, r.c2.y)
  return { x, y, w: Math.max(r.a.x, r.b.x, r.c1.x, r.c2.x) - x, h: Math.max(r.a.y, r.b.y, r.c1.y, r.c2.y) - y }
}

/** distance returns how far a point is from the curve, near enough for a pointer. */
export function distance(r: Route, p: Point): number {
  let least = Infinity
  let was = r.a
  for (let i = 1; i <= 24; i++) {
    const now = along(r, i / 24)
    least = Math.min(least, toSegment(p, was, now))
    was = now
  }
  return least
}

function toSegment(p: Point, a: Point, b: Point): number {
  const dx = b.x - a.x
  const dy = b.y - a.y
  const l = dx * dx + dy * dy
  const t = l === 0 ? 0 : Math.min(1, Math.max(0, ((p.x - a.x) * dx + (p.y - a.y) * dy) / l))
  return Math.hypot(p.x - a.x - t * dx, p.y - a.y - t * dy)
}
