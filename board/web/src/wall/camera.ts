import { centre, type Box, type Point } from './box'

/** Camera says what part of the wall is seen: x and y are the board point at the upper left corner, zoom the pixels per board pixel. */
export interface Camera {
  x: number
  y: number
  zoom: number
}

/** View is the size of the window onto the wall, in CSS pixels. */
export interface View {
  w: number
  h: number
}

export const nearest = 4
export const farthest = 0.02

export function toBoard(c: Camera, p: Point): Point {
  return { x: c.x + p.x / c.zoom, y: c.y + p.y / c.zoom }
}

export function toScreen(c: Camera, p: Point): Point {
  return { x: (p.x - c.x) * c.zoom, y: (p.y - c.y) * c.zoom }
}

/** seen returns the part of the wall in the view. */
export function seen(c: Camera, v: View): Box {
  return { x: c.x, y: c.y, w: v.w / c.zoom, h: v.h / c.zoom }
}

/** panned moves the view by screen pixels: what is under the finger goes with it. */
export function panned(c: Camera, dx: number, dy: number): Camera {
  return { x: c.x - dx / c.zoom, y: c.y - dy / c.zoom, zoom: c.zoom }
}

/** zoomed changes the zoom so that the board point at a screen point stays there. */
export function zoomed(c: Camera, at: Point, zoom: number): Camera {
  const z = Math.min(nearest, Math.max(farthest, zoom))
  const p = toBoard(c, at)
  return { x: p.x - at.x / z, y: p.y - at.y / z, zoom: z }
}

/** pinched moves the view so that the board points under two fingers stay under them. */
export function pinched(c: Camera, was: [Point, Point], now: [Point, Point]): Camera {
  const far = (p: [Point, Point]) => Math.hypot(p[0].x - p[1].x, p[0].y - p[1].y)
  const mid = (p: [Point, Point]) => ({ x: (p[0].x + p[1].x) / 2, y: (p[0].y + p[1].y) / 2 })
  const a = mid(was)
  const b = mid(now)
  const d = far(was)
  const c2 = panned(c, b.x - a.x, b.y - a.y)
  return d < 1 ? c2 : zoomed(c2, b, (c2.zoom * far(now)) / d)
}

/** fitted shows a box whole and in the middle, at most at a zoom. */
export function fitted(box: Box, v: View, margin = 48, most = 1): Camera {
  const z = Math.min(most, Math.max(1, v.w - 2 * margin) / Math.max(1, box.w), Math.max(1, v.h - 2 * margin) / Math.max(1, box.h))
  return centredOn(centre(box), v, Math.min(nearest, Math.max(farthest, z)))
}

/** centredOn puts a board point into the middle. */
export function centredOn(p: Point, v: View, zoom: number): Camera {
  return { x: p.x - v.w / 2 / zoom, y: p.y - v.h / 2 / zoom, zoom }
}

/** shown returns a camera that has a box in view with room around it, moved no further than needed; the same one when it is in view already. */
export function shown(c: Camera, box: Box, v: View, margin = 40): Camera {
  const s = seen(c, v)
  const m = margin / c.zoom
  let { x, y } = c
  if (box.x + box.w + m > s.x + s.w) x += box.x + box.w + m - (s.x + s.w)
  if (box.x - m < x) x = box.x - m
  if (box.y + box.h + m > s.y + s.h) y += box.y + box.h + m - (s.y + s.h)
  if (box.y - m < y) y = box.y - m
  return x === c.x && y === c.y ? c : { x, y, zoom: c.zoom }
}

const steps = [0.02, 0.05, 0.1, 0.15, 0.25, 0.33, 0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3, 4]

/** stepped returns the next round zoom, nearer (by 1) or farther (by -1). */
export function stepped(zoom: number, by: 1 | -1): number {
  if (by > 0) return steps.find((s) => s > zoom * 1.01) ?? nearest
  return steps.findLast((s) => s < zoom * 0.99) ?? farthest
}

/** wheeled returns the factor of the zoom for a turn of the wheel, the same for mice that count in lines and trackpads that count in pixels. */
export function wheeled(deltaY: number, mode: number): number {
  const px = mode === 1 ? deltaY * 16 : mode === 2 ? deltaY * 400 : deltaY
  return Math.exp(-Math.min(60, Math.max(-60, px)) * 0.008)
}
