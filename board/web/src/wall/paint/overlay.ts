import type { Link, Note } from '../../model/types'
import { turnOf } from '../../model/kinds'
import { centre, grown, type Box } from '../box'
import { seen, toScreen } from '../camera'
import { gripsOf } from '../handles'
import { told } from '../joining'
import { along, route, type Route } from '../route'
import { underLinks } from '../scene'
import type { Stage } from '../stage'
import { fontOf } from '../type'
import { colorOf, paintLink } from './links'
import { place, type Look } from './look'

type G = CanvasRenderingContext2D

/** overlaid reports whether there is anything to paint above the wall. */
export function overlaid(s: Stage): boolean {
  return (
    s.model.selection.peek().size > 0 || s.hover !== undefined || s.linking !== undefined || s.marquee !== undefined || s.guides.length > 0 ||
    s.others.cursors.size > 0 || s.others.writers.size > 0 || [...s.model.here.values()].some((h) => (h.select?.length ?? 0) > 0)
  )
}

/** paintOverlay paints what lies above the wall: selections, handles, guides, the link that is being drawn, and the others. */
export function paintOverlay(g: G, s: Stage, l: Look): void {
  g.setTransform(1, 0, 0, 1, 0, 0)
  g.clearRect(0, 0, g.canvas.width, g.canvas.height)
  paintTargets(g, s, l)
  paintOthersSelections(g, s, l)
  paintSelection(g, s, l)
  paintHoverLink(g, s, l)
  paintGrips(g, s, l)
  paintLinking(g, s, l)
  screen(g, l)
  paintGuides(g, s, l)
  paintMarquee(g, s, l)
  paintWriters(g, s, l)
  paintCursors(g, s, l)
}

/** screen makes the canvas draw in CSS pixels. */
function screen(g: G, l: Look): void {
  g.setTransform(l.density, 0, 0, l.density, 0, 0)
}

/** outline strokes a note's box as it hangs, some CSS pixels away from it. */
function outline(g: G, n: Note, b: Box, away: number, width: number, l: Look): void {
  const c = toScreen(l.camera, centre(b))
  const z = l.camera.zoom
  const w = b.w * z + 2 * away
  const h = b.h * z + 2 * away
  screen(g, l)
  g.translate(c.x, c.y)
  g.rotate((turnOf(n.kind, n.id) * Math.PI) / 180)
  g.lineWidth = width
  g.beginPath()
  g.roundRect(-w / 2, -h / 2, w, h, n.kind === 'module' ? 14 * z + away : Math.min(4, w / 4))
  g.stroke()
}

function paintSelection(g: G, s: Stage, l: Look): void {
  const view = seen(l.camera, l.view)
  for (const id of s.model.selection.peek()) {
    const item = s.model.item(id)
    if (item?.type === 'link') {
      const r = s.scene.route(id)
      if (!r) continue
      place(g, l)
      paintApproach(g, s, item, l.ink.focus, 3, l)
      paintLink(g, r, l.ink.focus, 3, l)
      verb(g, r, item.verb, l.ink.focus, l)
    } else if (item?.type === 'note' && id !== s.model.editing.peek()) {
      const b = s.scene.box(item)
      paintSilent(g, s, id, l)
      if (b.x > view.x + view.w || b.y > view.y + view.h || b.x + b.w < view.x || b.y + b.h < view.y) continue
      g.strokeStyle = l.ink.focus
      outline(g, item, b, 3, 2, l)
    }
  }
}

/** paintApproach shows where a link that is drawn from an aggregate on begins. */
function paintApproach(g: G, s: Stage, link: Link, color: string, width: number, l: Look): void {
  const r = s.scene.approach(link)
  if (r) paintLink(g, r, color, width, l)
}

/** paintSilent shows the links of a selected note that are not on the wall otherwise. */
function paintSilent(g: G, s: Stage, id: string, l: Look): void {
  if (l.level === 'far') return
  for (const link of s.model.linksOf(id)) {
    const r = s.scene.standing(link) === 'silent' ? s.scene.route(link.id) : undefined
    if (!r) continue
    place(g, l)
    paintLink(g, r, colorOf(link, l), 1.7, l, true)
  }
}

function paintOthersSelections(g: G, s: Stage, l: Look): void {
  for (const [person, h] of s.model.here) {
    g.strokeStyle = s.model.people().get(person)?.color ?? l.ink.quiet
    for (const id of h.select ?? []) {
      const n = s.model.note(id)
      if (n) outline(g, n, s.scene.box(n), 5.5, 1.75, l)
    }
  }
}

/** paintHoverLink shows what a link means while the pointer is over it or over one of its notes. */
function paintHoverLink(g: G, s: Stage, l: Look): void {
  if (!s.hover || s.linking || s.scene.held.size > 0 || l.level === 'far') return
  const hover = s.hover
  const links = hover.what === 'link' ? [s.model.item(hover.id)] : s.model.linksOf(hover.id).slice(0, 24)
  for (const link of links) {
    if (link?.type !== 'link') continue
    const r = s.scene.route(link.id)
    if (!r) continue
    place(g, l)
    paintApproach(g, s, link, colorOf(link, l), 2.6, l)
    paintLink(g, r, colorOf(link, l), 2.6, l)
    if (hover.what === 'link' || l.level === 'near') verb(g, r, link.verb, colorOf(link, l), l)
  }
}

function verb(g: G, r: Route, text: string, color: string, l: Look): void {
  const at = toScreen(l.camera, along(r, 0.5))
  screen(g, l)
  pill(g, text, at.x, at.y - 17, l.ink.panel, color, l, true)
}

/** pill writes a text on a small round plate with its middle at a point of the screen. */
function pill(g: G, text: string, x: number, y: number, paper: string, ink: string, l: Look, edge = false): void {
  const size = 12
  g.font = fontOf(size, true)
  const w = (l.letters.measure(text, true) * size) / 100 + 14
  g.beginPath()
  g.roundRect(x - w / 2, y - 10, w, 20, 10)
  g.fillStyle = paper
  g.fill()
  if (edge) {
    g.strokeStyle = ink
    g.lineWidth = 1
    g.stroke()
  }
  g.fillStyle = ink
  g.textAlign = 'center'
  g.textBaseline = 'middle'
  g.fillText(text, x, y + 0.5)
}

function paintGrips(g: G, s: Stage, l: Look): void {
  if (s.linking || s.scene.held.size > 0 || s.marquee || !s.model.mayEdit() || s.model.editing.peek() !== null) return
  const chosen = s.selected()
  const under = s.hover?.what === 'note' ? s.model.note(s.hover.id) : undefined
  for (const n of new Set([chosen, under])) {
    if (!n) continue
    screen(g, l)
    for (const { grip, at } of gripsOf(n, s.scene.box(n), l.camera, n === chosen)) {
      g.beginPath()
      g.fillStyle = l.ink.panel
      g.strokeStyle = l.ink.focus
      g.lineWidth = 1.5
      if (grip.what === 'size') g.rect(at.x - 4, at.y - 4, 8, 8)
      else g.arc(at.x, at.y, 5, 0, Math.PI * 2)
      g.fill()
      g.stroke()
    }
  }
}

/** paintTargets lets glow what the link that is being drawn may lead to, and dims the rest. */
function paintTargets(g: G, s: Stage, l: Look): void {
  if (!s.linking || l.level === 'far') return
  for (const n of s.scene.notesIn(grown(seen(l.camera, l.view), 20))) {
    if (underLinks(n.kind) || !s.linkable(n)) continue
    g.strokeStyle = l.ink.accents[2]!
    g.globalAlpha = 0.3
    outline(g, n, s.scene.box(n), 5, 7, l)
    g.globalAlpha = 1
    outline(g, n, s.scene.box(n), 3, 2, l)
  }
}

function paintLinking(g: G, s: Stage, l: Look): void {
  const k = s.linking
  const from = k && s.model.note(k.from)
  if (!k || !from) return
  const target = k.target === undefined ? undefined : s.model.note(k.target)
  const possible = k.joining !== undefined && k.joining.what !== 'none'
  const color = target && !possible ? l.ink.danger : l.ink.focus
  const end: Box = target ? s.scene.box(target) : { x: k.at.x, y: k.at.y, w: 0, h: 0 }
  place(g, l)
  const back = k.joining?.what === 'link' && k.joining.from !== from.id
  paintLink(g, back ? route(end, s.scene.box(from)) : route(s.scene.box(from), end), color, 2.2, l, !possible)
  if (!target || !k.joining) return
  if (!possible) {
    g.strokeStyle = l.ink.danger
    outline(g, target, s.scene.box(target), 3, 2, l)
  }
  const text = k.joining.what === 'none' ? k.joining.reason : k.joining.what === 'link' ? k.joining.verb : told(k.joining, from, target)
  const at = toScreen(l.camera, { x: end.x + end.w / 2, y: end.y })
  screen(g, l)
  plate(g, text, at.x, Math.max(16, at.y - 22), color, l)
}

/** plate writes a text of some length over lines that are not too long. */
function plate(g: G, text: string, x: number, y: number, color: string, l: Look): void {
  const size = 13
  const width = (t: string) => (l.letters.measure(t, true) * size) / 100
  const lines: string[] = ['']
  for (const word of text.split(' ')) {
    const longer = lines.at(-1) === '' ? word : `${lines.at(-1)!} ${word}`
    if (width(longer) <= 300) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  const w = Math.max(...lines.map(width)) + 20
  const h = lines.length * 18 + 10
  const left = Math.min(Math.max(8, x - w / 2), l.view.w - w - 8)
  const top = Math.max(8, y - h + 12)
  g.beginPath()
  g.roundRect(left, top, w, h, 8)
  g.fillStyle = l.ink.panel
  g.fill()
  g.strokeStyle = color
  g.lineWidth = 1.5
  g.stroke()
  g.font = fontOf(size, true)
  g.fillStyle = l.ink.ink
  g.textAlign = 'left'
  g.textBaseline = 'middle'
  lines.forEach((t, i) => g.fillText(t, left + 10, top + 14 + i * 18))
}

function paintGuides(g: G, s: Stage, l: Look): void {
  if (s.guides.length === 0) return
  g.strokeStyle = l.theme === 'light' ? '#d6336c' : '#ff7aa8'
  g.lineWidth = 1
  g.beginPath()
  for (const u of s.guides) {
    const a = toScreen(l.camera, u.axis === 'x' ? { x: u.at, y: u.from } : { x: u.from, y: u.at })
    const b = toScreen(l.camera, u.axis === 'x' ? { x: u.at, y: u.to } : { x: u.to, y: u.at })
    g.moveTo(a.x, a.y)
    g.lineTo(b.x, b.y)
    if (u.kind !== 'gap') continue
    const [tx, ty] = u.axis === 'x' ? [5, 0] : [0, 5]
    for (const p of [a, b]) {
      g.moveTo(p.x - tx, p.y - ty)
      g.lineTo(p.x + tx, p.y + ty)
    }
  }
  g.stroke()
}

function paintMarquee(g: G, s: Stage, l: Look): void {
  if (!s.marquee) return
  const a = toScreen(l.camera, s.marquee)
  const w = s.marquee.w * l.camera.zoom
  const h = s.marquee.h * l.camera.zoom
  g.globalAlpha = 0.1
  g.fillStyle = l.ink.focus
  g.fillRect(a.x, a.y, w, h)
  g.globalAlpha = 1
  g.strokeStyle = l.ink.focus
  g.lineWidth = 1
  g.strokeRect(a.x + 0.5, a.y + 0.5, w, h)
}

/** paintWriters puts the names of those who write on a note beside it. */
function paintWriters(g: G, s: Stage, l: Look): void {
  for (const [id, people] of s.others.writers) {
    const n = s.model.note(id)
    if (!n) continue
    const b = s.scene.box(n)
    let x = toScreen(l.camera, b).x
    const y = toScreen(l.camera, { x: b.x, y: b.y + b.h }).y + 15
    for (const p of people) {
      const person = s.model.people().get(p)
      const color = person?.color ?? l.ink.quiet
      g.strokeStyle = color
      outline(g, n, b, 3, 2.5, l)
      screen(g, l)
      const text = `${person?.name ?? 'Someone'} writes`
      const w = (l.letters.measure(text, true) * 12) / 100 + 14
      pill(g, text, x + w / 2, y, color, contrast(color), l)
      x += w + 4
    }
  }
}

const quietAfter = 30_000 // ms after which a cursor that stands still is dimmed

function paintCursors(g: G, s: Stage, l: Look): void {
  const now = performance.now()
  for (const c of s.others.cursors.values()) {
    const p = toScreen(l.camera, c)
    if (p.x < -80 || p.y < -30 || p.x > l.view.w + 20 || p.y > l.view.h + 20) continue
    g.globalAlpha = now - c.movedAt > quietAfter ? 0.45 : 1
    g.beginPath()
    g.moveTo(p.x, p.y)
    g.lineTo(p.x + 4.5, p.y + 16)
    g.lineTo(p.x + 8, p.y + 9.5)
    g.lineTo(p.x + 15, p.y + 8)
    g.closePath()
    g.fillStyle = c.color
    g.strokeStyle = l.theme === 'light' ? '#ffffff' : '#16181c'
    g.lineWidth = 1.5
    g.lineJoin = 'round'
    g.fill()
    g.stroke()
    g.lineJoin = 'miter'
    const w = (l.letters.measure(c.name, true) * 12) / 100 + 14
    pill(g, c.name, p.x + 13 + w / 2, p.y + 22, c.color, contrast(c.color), l)
  }
  g.globalAlpha = 1
}

/** contrast returns black or white, whichever is read more easily on a colour. */
export function contrast(color: string): string {
  const m = /^#([0-9a-f]{6})$/i.exec(color)
  if (!m) return '#ffffff'
  const v = parseInt(m[1]!, 16)
  const part = (shift: number) => {
    const c = ((v >> shift) & 255) / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0) > 0.179 ? '#1a1611' : '#ffffff'
}
