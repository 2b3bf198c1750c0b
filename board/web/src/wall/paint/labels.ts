import type { Note } from '../../model/types'
import { touches, type Box } from '../box'
import { toScreen, type View } from '../camera'
import { fontOf } from '../type'
import { labelled } from './frames'
import type { Look } from './look'

/** Label is the name of a part of the wall, as large as can be read however far away the wall is. */
export interface Label {
  note: Note
  text: string
  /** on the screen */
  box: Box
}

const size = 12.5
const height = 19
const pad = 6
const longest = 240 // CSS pixels that a name may take
const shortest = 36
const most = 400

/** Named is a part of the wall with a name: where it is on the screen. */
export interface Named { note: Note; at: Box }

/**
 * layLabels finds places for names, as on a map: above what they name, as much of
 * them in view as of that, and none over another. The largest part has the first
 * choice; a name for which there is no room is left out until one comes nearer.
 */
export function layLabels(named: readonly Named[], measure: (text: string) => number, view: View): Label[] {
  const out: Label[] = []
  const free = (b: Box) => !out.some((o) => touches(o.box, b))
  for (const { note, at } of [...named].sort((a, b) => reach(b) - reach(a)).slice(0, most)) {
    const whole = note.text.replace(/\s+/g, ' ').trim() + (note.kind === 'module' && note.team !== '' ? ` · ${note.team}` : '')
    const tries = [longest, at.w, shortest].map((room) => cut(whole, Math.min(longest, Math.max(shortest, room)) - 2 * pad, measure))
    for (const text of new Set(tries)) {
      const box = text === '' ? undefined : places(note, at, measure(text) + 2 * pad, view).find(free)
      if (!box) continue
      out.push({ note, text, box })
      break
    }
  }
  return out
}

/** reach is how much of the wall a part takes; a line, which takes none, stands for all beside it. */
function reach({ note, at }: Named): number {
  return note.kind === 'line' ? at.h * at.h : at.w * at.h
}

/** places are where a name may stand, the best first. */
function places(n: Note, at: Box, w: number, view: View): Box[] {
  const within = (v: number, most: number) => Math.max(4, Math.min(v, most))
  const x = within(n.kind === 'line' ? at.x + at.w / 2 - w / 2 : at.x, view.w - w - 4)
  const above = at.y - height - 2
  // A name above what is seen stands at its edge, as long as what it names is seen.
  const ys = [above, above - height - 2, at.y + at.h + 2, at.y + 2]
  return ys.map((y) => ({ x, y: within(y, view.h - height - 4), w, h: height }))
}

/** cut returns a text, or as much of it as has room, or nothing when that would tell nothing. */
function cut(text: string, room: number, measure: (text: string) => number): string {
  if (measure(text) <= room) return text
  let n = text.length
  while (n > 2 && measure(`${text.slice(0, n).trimEnd()}…`) > room) n = Math.min(n - 1, Math.ceil(n * 0.9))
  return n > 2 ? `${text.slice(0, n).trimEnd()}…` : ''
}

/** paintLabels writes names over everything else; the canvas draws in CSS pixels after it. */
export function paintLabels(g: CanvasRenderingContext2D, notes: readonly Note[], boxOf: (n: Note) => Box, alphaOf: (id: string) => number, l: Look): void {
  const named: Named[] = []
  for (const n of notes) {
    if (!labelled(n, l)) continue
    const b = boxOf(n)
    const { x, y } = toScreen(l.camera, b)
    const at = { x, y, w: b.w * l.camera.zoom, h: b.h * l.camera.zoom }
    if (touches(at, { x: 0, y: 0, ...l.view })) named.push({ note: n, at })
  }
  if (named.length === 0) return
  g.setTransform(l.density, 0, 0, l.density, 0, 0)
  g.font = fontOf(size, true)
  g.textAlign = 'left'
  g.textBaseline = 'middle'
  for (const { note, text, box } of layLabels(named, (t) => (l.letters.measure(t, true) * size) / 100, l.view)) {
    const line = note.kind === 'line'
    const alpha = note.kind === 'module' || note.kind === 'lane' ? 1 : alphaOf(note.id)
    g.globalAlpha = line ? alpha : alpha * 0.85
    g.fillStyle = line ? l.ink.pivotal : l.ink.ground
    g.beginPath()
    g.roundRect(box.x, box.y, box.w, box.h, 5)
    g.fill()
    g.globalAlpha = alpha
    g.fillStyle = line ? (l.theme === 'light' ? '#ffffff' : '#1a1611') : note.kind === 'lane' ? l.ink.quiet : l.ink.ink
    g.fillText(text, box.x + pad, box.y + box.h / 2 + 0.5)
  }
  g.globalAlpha = 1
}
