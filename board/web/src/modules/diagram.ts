import type { Modules } from '../model/types'

/** A module's box on the map. */
export interface Box { name: string; team: string; note: string; x: number; y: number; w: number; h: number }

/** The messages from one module to another, drawn as one arrow. */
export interface Arrow { from: string; to: string; names: string[]; path: string; tip: { x: number; y: number; angle: number }; label: { x: number; y: number } }

/** The map of modules, ready to be drawn. */
export interface Diagram { boxes: Box[]; arrows: Arrow[]; w: number; h: number }

const boxW = 150
const boxH = 58

/** Lays the modules out around an ellipse, in their order, and bends the arrows so that both directions are seen. */
export function diagram(map: Modules): Diagram {
  const names = map.modules.map((m) => m.name)
  for (const m of map.messages) for (const n of [m.from, m.to]) if (!names.includes(n)) names.push(n)
  const { w, h } = sizeFor(names.length)
  const boxes = names.map((name, i): Box => {
    const known = map.modules.find((m) => m.name === name)
    return { name, team: known?.team ?? '', note: known?.note ?? '', ...spot(i, names.length, w, h), w: boxW, h: boxH }
  })
  const byName = new Map(boxes.map((b) => [b.name, b]))
  const arrows = map.messages.flatMap((m) => {
    const from = byName.get(m.from)
    const to = byName.get(m.to)
    return from && to && from !== to ? [arrow(from, to, m.names)] : []
  })
  return { boxes, arrows, w, h }
}

function sizeFor(n: number): { w: number; h: number } {
  // One alone is drawn in the same size as two.
  if (n <= 1) return { w: 2 * boxW + 240, h: boxH + 40 }
  if (n === 2) return { w: 2 * boxW + 240, h: boxH + 150 }
  return { w: Math.max(520, 120 + n * 84), h: Math.max(340, 80 + n * 64) }
}

function spot(i: number, n: number, w: number, h: number): { x: number; y: number } {
  if (n === 1) return { x: (w - boxW) / 2, y: (h - boxH) / 2 }
  if (n === 2) return { x: i === 0 ? 20 : w - boxW - 20, y: (h - boxH) / 2 }
  const turn = (2 * Math.PI * i) / n - Math.PI / 2 - Math.PI / n
  return { x: w / 2 + Math.cos(turn) * (w / 2 - boxW / 2 - 12) - boxW / 2, y: h / 2 + Math.sin(turn) * (h / 2 - boxH / 2 - 12) - boxH / 2 }
}

function arrow(a: Box, b: Box, names: string[]): Arrow {
  const from = { x: a.x + a.w / 2, y: a.y + a.h / 2 }
  const to = { x: b.x + b.w / 2, y: b.y + b.h / 2 }
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1
  const bend = Math.min(56, length / 4)
  const middle = { x: (from.x + to.x) / 2 + (-(to.y - from.y) / length) * bend, y: (from.y + to.y) / 2 + ((to.x - from.x) / length) * bend }
  const start = edge(a, middle)
  const end = edge(b, middle)
  const angle = (Math.atan2(end.y - middle.y, end.x - middle.x) * 180) / Math.PI
  // A curve passes half way to its control point; the label stands on its outside.
  const off = bend > 0 ? 14 / bend : 0
  const out = { x: (middle.x - (from.x + to.x) / 2) * off, y: (middle.y - (from.y + to.y) / 2) * off }
  const label = { x: (start.x + 2 * middle.x + end.x) / 4 + out.x, y: (start.y + 2 * middle.y + end.y) / 4 + out.y }
  return { from: a.name, to: b.name, names, path: `M${r(start.x)} ${r(start.y)}Q${r(middle.x)} ${r(middle.y)} ${r(end.x)} ${r(end.y)}`, tip: { x: r(end.x), y: r(end.y), angle: r(angle) }, label: { x: r(label.x), y: r(label.y) } }
}

/** Where the line from a box's middle to a point leaves the box. */
function edge(b: Box, p: { x: number; y: number }): { x: number; y: number } {
  const cx = b.x + b.w / 2
  const cy = b.y + b.h / 2
  const dx = p.x - cx
  const dy = p.y - cy
  const scale = Math.min(b.w / 2 / (Math.abs(dx) || 1e-9), b.h / 2 / (Math.abs(dy) || 1e-9), 1)
  return { x: cx + dx * scale, y: cy + dy * scale }
}

function r(n: number): number {
  return Math.round(n * 10) / 10
}
