import type { Note } from '../model/types'
import { toScreen, type Camera } from './camera'
import type { Box, Point } from './box'
import { underLinks } from './scene'

/** Grip is what can be taken of a note beside the note itself. */
export type Grip =
  | { what: 'link'; edge: 'left' | 'right' | 'top' | 'bottom' }
  | { what: 'size'; x: -1 | 0 | 1; y: -1 | 0 | 1 }

export interface Placed {
  grip: Grip
  at: Point // on the screen
}

const away = 15 // CSS pixels between a note's edge and the handle for links
const smallest = 26 // a note that is smaller on the screen has no handles

/** gripsOf returns where the handles of a note are: to link it, when it can be linked, and to size it, when it is the one selected. */
export function gripsOf(n: Note, box: Box, c: Camera, sizing: boolean): Placed[] {
  const a = toScreen(c, box)
  const w = box.w * c.zoom
  const h = box.h * c.zoom
  const out: Placed[] = []
  const put = (grip: Grip, x: number, y: number) => out.push({ grip, at: { x: a.x + x, y: a.y + y } })
  if (n.kind === 'line') {
    if (sizing) {
      put({ what: 'size', x: 0, y: -1 }, w / 2, 0)
      put({ what: 'size', x: 0, y: 1 }, w / 2, h)
    }
    return out
  }
  if (Math.min(w, h) < smallest) return out
  if (sizing) for (const x of [-1, 1] as const) for (const y of [-1, 1] as const) put({ what: 'size', x, y }, x < 0 ? 0 : w, y < 0 ? 0 : h)
  if (underLinks(n.kind) || n.kind === 'text') return out
  put({ what: 'link', edge: 'right' }, w + away, h / 2)
  put({ what: 'link', edge: 'left' }, -away, h / 2)
  put({ what: 'link', edge: 'top' }, w / 2, -away)
  put({ what: 'link', edge: 'bottom' }, w / 2, h + away)
  return out
}

/** gripAt returns the handle at a point of the screen. */
export function gripAt(grips: readonly Placed[], p: Point, reach: number): Grip | undefined {
  let found: Grip | undefined
  let least = reach
  for (const g of grips) {
    const far = Math.hypot(g.at.x - p.x, g.at.y - p.y)
    if (far > least) continue
    least = far
    found = g.grip
  }
  return found
}

/** sized returns a box whose corner was pulled by so many board pixels; it keeps a least size. */
export function sized(b: Box, grip: { x: -1 | 0 | 1; y: -1 | 0 | 1 }, dx: number, dy: number, least: { w: number; h: number }): Box {
  const w = Math.max(least.w, b.w + grip.x * dx)
  const h = Math.max(least.h, b.h + grip.y * dy)
  return { x: grip.x < 0 ? b.x + b.w - w : b.x, y: grip.y < 0 ? b.y + b.h - h : b.y, w: grip.x === 0 ? b.w : w, h: grip.y === 0 ? b.h : h }
}
