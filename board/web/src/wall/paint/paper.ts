import type { Note, NoteKind } from '../../model/types'
import { kindOf, turnOf } from '../../model/kinds'
import type { Box } from '../box'
import { lineHeight, type Fit } from '../fit'
import { fontOf } from '../type'
import { mixed, type Look } from './look'

const sides = 21 // how far a shadow shows to the left and right
const below = 30 // and below
const under = 8 // how much of it is drawn beneath the note
const mostShadows = 64

const shadows = new Map<string, HTMLCanvasElement>()

/** shadow returns the soft shadow of notes of a size, drawn once: blurring anew for each note would take longer than all else. */
function shadow(w: number, h: number): HTMLCanvasElement {
  const key = `${w} ${h}`
  let shade = shadows.get(key)
  if (shade) return shade
  if (shadows.size >= mostShadows) shadows.clear()
  shade = document.createElement('canvas')
  shade.width = w + 2 * sides
  shade.height = h + below
  const g = shade.getContext('2d')!
  const away = 2 * (w + h) // the note itself is drawn outside, so that only its shadow is in the picture
  g.shadowOffsetX = away
  for (const [blur, y, alpha] of [[19, 8, 0.2], [6, 2.5, 0.2]] as const) {
    g.shadowBlur = blur
    g.shadowOffsetY = y
    g.shadowColor = `rgba(40, 30, 10, ${alpha})`
    g.fillRect(sides - away + 3, 2, w - 6, h - 2)
  }
  shadows.set(key, shade)
  return shade
}

/** paintShadow draws what shows of a note's shadow: strips at its sides and below, since what lies beneath it would only take time. */
function paintShadow(g: CanvasRenderingContext2D, b: Box): void {
  const w = Math.round(b.w)
  const h = Math.round(b.h)
  const s = shadow(w, h)
  const high = h - under // the strips at the sides end where the one below begins
  g.drawImage(s, 0, 0, sides, high, -sides, 0, sides, high)
  g.drawImage(s, sides + w, 0, sides, high, w, 0, sides, high)
  g.drawImage(s, 0, high, w + 2 * sides, under + below, -sides, high, w + 2 * sides, under + below)
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
