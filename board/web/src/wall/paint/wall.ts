import type { Link, Note, Person } from '../../model/types'
import { kindOf } from '../../model/kinds'
import { centre, grown, touches, type Box } from '../box'
import { seen } from '../camera'
import { underLinks, type Scene } from '../scene'
import { paintBadges, type Marks } from './badges'
import { paintFrame } from './frames'
import { paintGround } from './ground'
import { paintLabels } from './labels'
import { paintLinks } from './links'
import { hair, place, type Look } from './look'
import { lay, paintPaper, paintText } from './paper'

/** Subject is what is painted. */
export interface Subject {
  scene: Scene
  people: ReadonlyMap<string, Person>
  /** the only notes that are not faded, or null */
  focus: ReadonlySet<string> | null
  /** the note whose text is in the field at the moment and so not painted */
  editing: string | null
  /** texts that others are typing */
  drafts: ReadonlyMap<string, string>
  marksOf(n: Note): Marks
  note(id: string): Note | undefined
}

const faded = 0.13
const faint = 0.3 // of a link that says again what others say

/** paintWall paints all that is in view. */
export function paintWall(g: CanvasRenderingContext2D, s: Subject, l: Look): void {
  paintGround(g, l)
  const view = grown(seen(l.camera, l.view), 40)
  const notes = s.scene.notesIn(view)
  const links = s.scene.linksIn(view)
  const alphaOf = (id: string) => (s.focus && !s.focus.has(id) ? faded : 1)
  let i = 0
  place(g, l)
  for (; i < notes.length && underLinks(notes[i]!.kind); i++) {
    const n = notes[i]!
    g.globalAlpha = n.kind === 'module' || n.kind === 'lane' ? 1 : alphaOf(n.id)
    paintFrame(g, n, s.scene.box(n), l)
  }
  g.globalAlpha = 1
  const frames = i
  const linkAlpha = (k: Link) => Math.min(alphaOf(k.from), alphaOf(k.to)) * (s.scene.standing(k) === 'faint' ? faint : 1)
  paintLinks(g, links.filter((k) => s.scene.standing(k) !== 'silent'), (id) => s.scene.route(id), linkAlpha, l)
  if (l.level !== 'far') paintTies(g, notes, s, alphaOf, l)
  for (; i < notes.length; i++) {
    g.globalAlpha = alphaOf(notes[i]!.id)
    paintNote(g, notes[i]!, s, l)
  }
  g.globalAlpha = 1
  paintLabels(g, notes.slice(0, frames), (n) => s.scene.box(n), alphaOf, l)
}

/** paintNote paints a note as its level of detail has it. */
function paintNote(g: CanvasRenderingContext2D, n: Note, s: Subject, l: Look): void {
  const b = s.scene.box(n)
  if (l.level === 'far') {
    if (n.kind === 'text') return paintFarText(g, n, s, l)
    const c = l.camera
    const k = c.zoom * l.density
    g.setTransform(1, 0, 0, 1, 0, 0)
    g.fillStyle = n.pivotal ? l.ink.pivotal : kindOf(n.kind).paper[l.theme]
    g.fillRect((b.x - c.x) * k, (b.y - c.y) * k, Math.max(1, b.w * k), Math.max(1, b.h * k))
    return
  }
  lay(g, n, b, l)
  paintPaper(g, n, b, l)
  if (n.id !== s.editing) {
    const draft = s.drafts.get(n.id)
    const own = draft === undefined && b.w === n.w && b.h === n.h
    const text = own ? l.letters.of(n) : l.letters.drafted(n.kind, draft ?? n.text, b.w, b.h)
    paintText(g, n.kind, b, text, l)
  }
  if (l.level === 'near') paintBadges(g, n, b, s.marksOf(n), s.people, l)
  else paintMidMarks(g, n, b, s, l)
}

/** paintMidMarks draws of what hangs on a note that which is looked for from some way off. */
function paintMidMarks(g: CanvasRenderingContext2D, n: Note, b: Box, s: Subject, l: Look): void {
  if (n.pivotal) {
    g.strokeStyle = l.ink.pivotal
    g.lineWidth = hair(l, 1.5, 3.5)
    g.strokeRect(0, 0, b.w, b.h)
  }
  const worst = s.marksOf(n).problem
  if (!worst || worst === 'hint') return
  g.fillStyle = worst === 'error' ? l.ink.danger : '#c98a00'
  g.beginPath()
  g.arc(b.w - 3, 3, 11, 0, Math.PI * 2)
  g.fill()
}

/** Large free texts are the landmarks of a wall that is seen from afar. */
function paintFarText(g: CanvasRenderingContext2D, n: Note, s: Subject, l: Look): void {
  const text = l.letters.of(n)
  if (text.size * l.camera.zoom < 4) return
  const b = s.scene.box(n)
  lay(g, n, b, l)
  paintText(g, n.kind, b, text, l)
}

/** paintTies leads a dotted line from a sticky to what it hangs on, when that is not beneath it. */
function paintTies(g: CanvasRenderingContext2D, notes: readonly Note[], s: Subject, alphaOf: (id: string) => number, l: Look): void {
  g.lineCap = 'round'
  g.setLineDash([0.1, hair(l, 3, 5)])
  g.lineWidth = hair(l, 1.2, 2)
  g.strokeStyle = l.ink.wire
  for (const n of notes) {
    for (const id of n.on) {
      const on = s.note(id)
      if (!on) continue
      const a = s.scene.box(n)
      const b = s.scene.box(on)
      if (touches(grown(a, 4), b)) continue
      g.globalAlpha = Math.min(alphaOf(n.id), alphaOf(id))
      g.beginPath()
      g.moveTo(centre(a).x, centre(a).y)
      g.lineTo(centre(b).x, centre(b).y)
      g.stroke()
    }
  }
  g.setLineDash([])
  g.lineCap = 'butt'
  g.globalAlpha = 1
}
