import type { Note } from '../../model/types'
import type { Box } from '../box'
import { underLinks } from '../scene'
import { fontOf } from '../type'
import { hair, type Look } from './look'

/** paintFrame draws a module's frame, a lane or a vertical line, in board pixels. */
export function paintFrame(g: CanvasRenderingContext2D, n: Note, b: Box, l: Look): void {
  if (n.kind === 'module') paintModule(g, n, b, l)
  else if (n.kind === 'lane') paintLane(g, n, b, l)
  else paintLine(g, n, b, l)
}

function paintModule(g: CanvasRenderingContext2D, n: Note, b: Box, l: Look): void {
  const r = 14
  g.beginPath()
  g.roundRect(b.x, b.y, b.w, b.h, r)
  g.fillStyle = l.theme === 'light' ? 'rgba(255, 254, 251, 0.72)' : 'rgba(48, 52, 62, 0.55)'
  g.fill()
  g.strokeStyle = l.ink.edges.module ?? l.ink.line
  g.lineWidth = hair(l, 1, 1.75)
  g.stroke()
  const size = titles.module
  if (labelled(n, l)) return
  g.font = fontOf(size, true)
  g.textBaseline = 'middle'
  g.textAlign = 'left'
  const y = b.y + Math.max(19, size * 0.95)
  const x = b.x + Math.max(14, size * 0.6)
  const room = b.w - 2 * (x - b.x)
  const title = shortened(n.text === '' ? 'Module' : n.text, room, size, true, l)
  g.fillStyle = n.text === '' ? l.ink.quiet : l.ink.ink
  g.fillText(title, x, y)
  if (n.team !== '') paintTeam(g, n.team, x + width(title, size, true, l) + size * 0.7, y, b.x + b.w - 10, size * 0.76, l)
}

/** titles are the sizes of names, in board pixels. */
const titles = { module: 17, lane: 16, line: 15 }

/** labelled reports whether the name of a frame, lane or line is written as a label (labels.ts), since it cannot be read where it stands. */
export function labelled(n: Note, l: Look): boolean {
  return underLinks(n.kind) && n.text.trim() !== '' && titles[n.kind as keyof typeof titles] * l.camera.zoom < 9
}

function paintTeam(g: CanvasRenderingContext2D, team: string, x: number, y: number, right: number, size: number, l: Look): void {
  const text = shortened(team, right - x - size * 1.4, size, false, l)
  if (text === '…') return
  const w = width(text, size, false, l) + size * 1.4
  g.beginPath()
  g.roundRect(x, y - size * 0.85, w, size * 1.7, size * 0.85)
  g.fillStyle = l.theme === 'light' ? '#efe9db' : '#3a3f4a'
  g.fill()
  g.font = fontOf(size, false)
  g.fillStyle = l.ink.quiet
  g.fillText(text, x + size * 0.7, y)
}

function paintLane(g: CanvasRenderingContext2D, n: Note, b: Box, l: Look): void {
  g.fillStyle = l.theme === 'light' ? 'rgba(120, 108, 80, 0.055)' : 'rgba(200, 210, 235, 0.045)'
  g.fillRect(b.x, b.y, b.w, b.h)
  g.fillStyle = l.ink.lane
  const line = hair(l, 1, 1.5)
  g.fillRect(b.x, b.y, b.w, line)
  g.fillRect(b.x, b.y + b.h - line, b.w, line)
  const size = titles.lane
  if (n.text === '' || labelled(n, l)) return
  g.font = fontOf(size, true)
  g.textBaseline = 'middle'
  g.textAlign = 'left'
  g.fillStyle = l.ink.quiet
  // The name stays in sight while the lane is panned along.
  const text = shortened(n.text, b.w - 28, size, true, l)
  const left = Math.min(Math.max(b.x + 14, l.camera.x + hair(l, 14)), b.x + b.w - width(text, size, true, l) - 14)
  g.fillText(text, left, b.y + Math.max(19, size * 0.95))
}

function paintLine(g: CanvasRenderingContext2D, n: Note, b: Box, l: Look): void {
  const x = b.x + b.w / 2
  g.strokeStyle = l.ink.pivotal
  g.lineWidth = hair(l, 1.5, 3)
  g.lineCap = 'round'
  g.setLineDash([hair(l, 4, 14), hair(l, 4, 9)])
  g.beginPath()
  g.moveTo(x, b.y)
  g.lineTo(x, b.y + b.h)
  g.stroke()
  g.setLineDash([])
  g.lineCap = 'butt'
  const size = titles.line
  if (n.text === '' || labelled(n, l)) return
  g.font = fontOf(size, true)
  const text = shortened(n.text, 420, size, true, l)
  const w = width(text, size, true, l) + size * 1.2
  g.fillStyle = l.ink.pivotal
  g.beginPath()
  g.roundRect(x - w / 2, b.y - size * 1.9, w, size * 1.8, size * 0.5)
  g.fill()
  g.textAlign = 'center'
  g.textBaseline = 'middle'
  g.fillStyle = l.theme === 'light' ? '#ffffff' : '#1a1611'
  g.fillText(text, x, b.y - size)
}

function width(text: string, size: number, bold: boolean, l: Look): number {
  return (l.letters.measure(text, bold) * size) / 100
}

/** shortened returns a text, or as much of it as fits with an ellipsis. */
function shortened(text: string, room: number, size: number, bold: boolean, l: Look): string {
  const line = text.replaceAll('\n', ' ')
  if (width(line, size, bold, l) <= room) return line
  let cut = line
  while (cut !== '' && width(`${cut}…`, size, bold, l) > room) cut = cut.slice(0, Math.min(cut.length - 1, Math.ceil(cut.length * 0.9)))
  return `${cut.trimEnd()}…`
}
