import type { Note, NoteKind } from '../../model/types'
import { kindOf, turnOf } from '../../model/kinds'
import type { Box } from '../box'
import { lineHeight, type Fit } from '../fit'
import { fontOf } from '../type'
import { mixed, type Look } from './look'

const edge = 40 // pixels of the shadow's picture around its note
const side = 128
const sides = 14 // how far the shadow shows to the left and right
const below = 34 // and below
const under = 10 // how much of it is drawn beneath the note, so that no gap shows

let shade: HTMLCanvasElement | null = null

/** shadow returns the soft shadow of a note, drawn once and stretched for each: blurring anew for each note would take longer than all else. */
function shadow(): HTMLCanvasElement {
  if (shade) return shade
  shade = document.createElement('canvas')
  shade.width = side + 2 * edge
  shade.height = side + 2 * edge
  const g = shade.getContext('2d')!
  const away = 4 * (side + 2 * edge) // the note itself is drawn outside, so that only its shadow is in the picture
  g.shadowOffsetX = away
  for (const [blur, y, alpha] of [[24, 11, 0.2], [7, 3, 0.2]] as const) {
    g.shadowBlur = blur
    g.shadowOffsetY = y
    g.shadowColor = `rgba(40, 30, 10, ${alpha})`
    g.fillRect(edge - away + 3, edge, side - 6, side)
  }
  return shade
}

/** paintShadow draws what shows of a note's shadow: strips at its sides and below, since what lies beneath it would only take time. */
function paintShadow(g: CanvasRenderingContext2D, b: Box): void {
  const s = shadow()
  const k = b.h / side
  const part = b.w / side
  g.drawImage(s, edge - sides, edge + 6, sides + 2, side - 6 - under, -sides, 6 * k, sides + 2, (side - 6 - under) * k)
  g.drawImage(s, edge + side - 2, edge + 6, sides + 2, side - 6 - under, b.w - 2, 6 * k, sides + 2, (side - 6 - under) * k)
  const top = (side - under) * k
  g.drawImage(s, edge - sides, edge + side - under, sides + 2, under + below, -sides, top, sides + 2, under + below)
  g.drawImage(s, edge + 2, edge + side - under, side - 4, under + below, 2, top, (side - 4) * part, under + below)
  g.drawImage(s, edge + side - 2, edge + side - under, sides + 2, under + below, b.w - 2, top, sides + 2, under + below)
}

const gradients = new Map<string, CanvasGradient>()

/** paper returns how a note of a kind and height is filled: slightly lighter where the light falls on it. */
function paper(g: CanvasRenderingContext2D, kind: NoteKind, h: number, l: Look): CanvasGradient {
  const key = `${kind} ${h} ${l.theme}`
  let gradient = gradients.get(key)
  if (!gradient) {
    if (gradients.size > 400) gradients.clear()
    const color = kindOf(kind).paper[l.theme]
    gradient = g.createLinearGradient(0, 0, 0, h)
    gradient.addColorStop(0, mixed(color, '#ffffff', 0.16))
    gradient.addColorStop(0.35, color)
    gradient.addColorStop(1, mixed(color, '#3a2a10', 0.045))
    gradients.set(key, gradient)
  }
  return gradient
}

/** lay makes the canvas draw in the note's own pixels, turned as the note hangs. */
export function lay(g: CanvasRenderingContext2D, n: Note, b: Box, l: Look): void {
  const k = l.camera.zoom * l.density
  const x = (b.x - l.camera.x) * k
  const y = (b.y - l.camera.y) * k
  const turn = turnOf(n.kind, n.id)
  if (turn === 0) {
    g.setTransform(k, 0, 0, k, x, y)
    return
  }
  const a = (turn * Math.PI) / 180
  const c = Math.cos(a) * k
  const s = Math.sin(a) * k
  g.setTransform(c, s, -s, c, x + (b.w / 2) * k - (b.w / 2) * c + (b.h / 2) * s, y + (b.h / 2) * k - (b.w / 2) * s - (b.h / 2) * c)
}

/** paintPaper draws a note without its text, in its own pixels. */
export function paintPaper(g: CanvasRenderingContext2D, n: Note, b: Box, l: Look): void {
  if (n.kind === 'text') return
  if (l.level === 'near' && !l.light) {
    paintShadow(g, b)
    g.fillStyle = paper(g, n.kind, b.h, l)
  } else {
    g.fillStyle = kindOf(n.kind).paper[l.theme]
  }
  g.fillRect(0, 0, b.w, b.h)
  const line = l.ink.edges[n.kind]
  if (line) {
    g.strokeStyle = line
    g.lineWidth = 1
    g.strokeRect(0.5, 0.5, b.w - 1, b.h - 1)
  }
}

/** paintText writes a text into the middle of a note, in the note's own pixels. */
export function paintText(g: CanvasRenderingContext2D, kind: NoteKind, b: Box, text: Fit, l: Look): void {
  g.font = fontOf(text.size, kindOf(kind).bold === true)
  g.fillStyle = kind === 'text' ? l.ink.ink : l.ink.pen
  g.textBaseline = 'middle'
  g.textAlign = kind === 'text' ? 'left' : 'center'
  const x = kind === 'text' ? 2 : b.w / 2
  const step = text.size * lineHeight
  let y = b.h / 2 - (step * (text.lines.length - 1)) / 2 + text.size * 0.04
  for (const line of text.lines) {
    if (line !== '') g.fillText(line, x, y)
    y += step
  }
}
