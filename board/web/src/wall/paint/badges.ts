import type { Note, Person } from '../../model/types'
import type { Box } from '../box'
import { fontOf } from '../type'
import type { Look } from './look'

/** Marks is what hangs on a note beside its text. */
export interface Marks {
  comments: number
  /** the worst of the problems, and how many there are */
  problem?: 'error' | 'warning' | 'hint'
  problems: number
}

export const badgeSize = 20

/** commentAt and problemAt are where the badges lie, in the note's own pixels. */
export function commentAt(b: Box): { x: number; y: number } {
  return { x: b.w - 4, y: b.h - 2 }
}

export function problemAt(b: Box): { x: number; y: number } {
  return { x: b.w - 3, y: 3 }
}

/** paintBadges draws what hangs on a note, in the note's own pixels. */
export function paintBadges(g: CanvasRenderingContext2D, n: Note, b: Box, m: Marks, people: ReadonlyMap<string, Person>, l: Look): void {
  if (n.pivotal) paintPivotal(g, b, l)
  if (n.private) paintPrivate(g, b, l)
  if (n.answer !== '') paintAnswered(g, b)
  paintVotes(g, n, b, people, l)
  if (m.comments > 0) paintComments(g, b, m.comments, l)
  if (m.problem) paintProblem(g, b, m.problem, l)
}

function paintPivotal(g: CanvasRenderingContext2D, b: Box, l: Look): void {
  g.strokeStyle = l.ink.pivotal
  g.lineWidth = 3.5
  g.strokeRect(-1.75, -1.75, b.w + 3.5, b.h + 3.5)
  g.fillStyle = l.ink.pivotal
  g.beginPath()
  g.moveTo(10, -3)
  g.lineTo(24, -3)
  g.lineTo(24, 15)
  g.lineTo(17, 10)
  g.lineTo(10, 15)
  g.fill()
}

function paintPrivate(g: CanvasRenderingContext2D, b: Box, l: Look): void {
  g.save()
  g.setLineDash([5, 4])
  g.strokeStyle = l.ink.pen
  g.globalAlpha *= 0.55
  g.lineWidth = 1.5
  g.strokeRect(3, 3, b.w - 6, b.h - 6)
  g.restore()
}

function paintAnswered(g: CanvasRenderingContext2D, b: Box): void {
  g.fillStyle = '#2f8a50'
  disc(g, 3, b.h - 3, badgeSize / 2)
  g.strokeStyle = '#ffffff'
  g.lineWidth = 2
  g.beginPath()
  g.moveTo(-1.5, b.h - 3)
  g.lineTo(2, b.h + 0.5)
  g.lineTo(8, b.h - 7)
  g.stroke()
}

function paintVotes(g: CanvasRenderingContext2D, n: Note, b: Box, people: ReadonlyMap<string, Person>, l: Look): void {
  const dots: string[] = []
  for (const [person, count] of Object.entries(n.votes)) {
    for (let i = 0; i < count; i++) dots.push(people.get(person)?.color ?? l.ink.quiet)
  }
  if (dots.length === 0) return
  const r = 5
  const fitting = Math.max(1, Math.floor((b.w - 24) / (2 * r + 2)))
  const shown = dots.length > fitting ? dots.slice(0, fitting - 2) : dots
  const y = b.h + 1
  let x = n.answer === '' ? 8 : 22
  for (const color of shown) {
    g.fillStyle = '#ffffff'
    disc(g, x, y, r + 1.5)
    g.fillStyle = color
    disc(g, x, y, r)
    x += 2 * r + 2
  }
  if (shown.length < dots.length) label(g, String(dots.length), x + 6, y, l.ink.pen)
}

function paintComments(g: CanvasRenderingContext2D, b: Box, count: number, l: Look): void {
  const { x, y } = commentAt(b)
  const r = badgeSize / 2
  g.fillStyle = l.ink.panel
  g.strokeStyle = l.ink.quiet
  g.lineWidth = 1.25
  g.beginPath()
  g.roundRect(x - r - 1, y - r, 2 * r + 2, 2 * r - 3, 6)
  g.fill()
  g.stroke()
  g.beginPath()
  g.moveTo(x - 4, y + r - 3.6)
  g.lineTo(x - 4, y + r + 2)
  g.lineTo(x + 2, y + r - 3.6)
  g.fill()
  g.stroke()
  label(g, count > 99 ? '99+' : String(count), x, y - 1.5, l.ink.ink)
}

function paintProblem(g: CanvasRenderingContext2D, b: Box, worst: NonNullable<Marks['problem']>, l: Look): void {
  const { x, y } = problemAt(b)
  g.fillStyle = l.ink.panel
  disc(g, x, y, badgeSize / 2 + 1.5)
  g.fillStyle = worst === 'error' ? l.ink.danger : worst === 'warning' ? '#c98a00' : l.ink.accents[0]!
  disc(g, x, y, badgeSize / 2)
  label(g, worst === 'hint' ? 'i' : '!', x, y + 0.5, l.theme === 'dark' && worst !== 'warning' ? '#1a1611' : '#ffffff', 13)
}

function label(g: CanvasRenderingContext2D, text: string, x: number, y: number, color: string, size = 11): void {
  g.font = fontOf(size, true)
  g.textAlign = 'center'
  g.textBaseline = 'middle'
  g.fillStyle = color
  g.fillText(text, x, y)
}

function disc(g: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  g.beginPath()
  g.arc(x, y, r, 0, Math.PI * 2)
  g.fill()
}
