import type { Link } from '../../model/types'
import type { Point } from '../box'
import type { Route } from '../route'
import { hair, place, type Look } from './look'

/** colorOf returns the colour of a link. */
export function colorOf(l: Link, look: Look): string {
  return look.ink.links[l.verb] ?? look.ink.wire
}

/** paintLinks draws links as curves with a head, and from afar as thin lines in one stroke for each colour. */
export function paintLinks(g: CanvasRenderingContext2D, links: readonly Link[], routeOf: (id: string) => Route | undefined, alphaOf: (l: Link) => number, l: Look): void {
  place(g, l)
  const paths = new Map<string, { path: Path2D; heads: Path2D; color: string; alpha: number }>()
  for (const link of links) {
    const r = routeOf(link.id)
    if (!r) continue
    const color = colorOf(link, l)
    const alpha = alphaOf(link)
    const key = `${color} ${alpha}`
    let p = paths.get(key)
    if (!p) paths.set(key, (p = { path: new Path2D(), heads: new Path2D(), color, alpha }))
    trace(p.path, r, l)
    if (l.level !== 'far') head(p.heads, r, l)
  }
  for (const p of paths.values()) {
    g.globalAlpha = p.alpha * (l.level === 'far' ? 0.6 : 0.9)
    g.strokeStyle = p.color
    g.lineWidth = hair(l, l.level === 'far' ? 0.7 : 1, 1.7)
    g.stroke(p.path)
    if (l.level === 'far') continue
    g.fillStyle = p.color
    g.fill(p.heads)
  }
  g.globalAlpha = 1
}

/** paintLink draws one link, as when it is selected or being drawn. */
export function paintLink(g: CanvasRenderingContext2D, r: Route, color: string, width: number, l: Look, dashed = false): void {
  const path = new Path2D()
  const heads = new Path2D()
  trace(path, r, l)
  head(heads, r, l)
  g.strokeStyle = color
  g.lineWidth = hair(l, width, width)
  if (dashed) g.setLineDash([hair(l, 6), hair(l, 5)])
  g.stroke(path)
  g.setLineDash([])
  g.fillStyle = color
  g.fill(heads)
}

function trace(p: Path2D, r: Route, l: Look): void {
  p.moveTo(r.a.x, r.a.y)
  if (l.level === 'far') {
    p.lineTo(r.b.x, r.b.y)
    return
  }
  // The line ends within its head, so that it does not show beyond the tip.
  const end = back(r.b, r.c2, headLength(l) * 0.7)
  p.bezierCurveTo(r.c1.x, r.c1.y, r.c2.x, r.c2.y, end.x, end.y)
}

function head(p: Path2D, r: Route, l: Look): void {
  const size = headLength(l)
  const a = Math.atan2(r.b.y - r.c2.y, r.b.x - r.c2.x)
  p.moveTo(r.b.x, r.b.y)
  p.lineTo(r.b.x - size * Math.cos(a - 0.42), r.b.y - size * Math.sin(a - 0.42))
  p.lineTo(r.b.x - size * 0.72 * Math.cos(a), r.b.y - size * 0.72 * Math.sin(a))
  p.lineTo(r.b.x - size * Math.cos(a + 0.42), r.b.y - size * Math.sin(a + 0.42))
  p.closePath()
}

function headLength(l: Look): number {
  return hair(l, 5, 10)
}

function back(from: Point, to: Point, by: number): Point {
  const d = Math.hypot(to.x - from.x, to.y - from.y)
  return d === 0 ? from : { x: from.x + ((to.x - from.x) / d) * by, y: from.y + ((to.y - from.y) / d) * by }
}
