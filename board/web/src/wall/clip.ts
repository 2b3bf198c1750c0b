import { kinds } from '../model/kinds'
import { verbOf } from '../model/grammar'
import type { Link, NewLink, NewNote, Note, NoteKind } from '../model/types'
import { around, type Box, type Point } from './box'

/** Clip is what is copied from a board: notes, and the links between them. */
export interface Clip {
  notes: ClipNote[]
  links: { from: string; to: string }[]
}

export interface ClipNote extends Box {
  id: string
  kind: NoteKind
  text: string
  pivotal: boolean
  doc: string
  team: string
  module: string
  on: string[]
}

const mark = 'landfall-notes'
const most = 5_000

/** clipOf takes notes and the links between them. */
export function clipOf(notes: readonly Note[], links: Iterable<Link>): Clip {
  const ids = new Set(notes.map((n) => n.id))
  const out: Clip = { notes: [], links: [] }
  for (const { id, kind, text, x, y, w, h, pivotal, doc, team, module, on } of notes) {
    out.notes.push({ id, kind, text, x, y, w, h, pivotal, doc, team, module: ids.has(module) ? module : '', on: on.filter((o) => ids.has(o)) })
  }
  for (const l of links) if (ids.has(l.from) && ids.has(l.to)) out.links.push({ from: l.from, to: l.to })
  return out
}

/** textOf returns the notes as lines, in the order in which they are read. */
export function textOf(clip: Clip): string {
  return [...clip.notes]
    .sort((a, b) => a.x - b.x || a.y - b.y)
    .map((n) => n.text.replace(/\s*\n\s*/g, ' '))
    .filter((t) => t !== '')
    .join('\n')
}

/**
 * htmlOf packs a clip for the clipboard. Browsers let a page write plain text and
 * HTML everywhere, but types of its own not everywhere; so the clip travels as an
 * attribute of an element, and other programs see a list.
 */
export function htmlOf(clip: Clip): string {
  const doc = document.implementation.createHTMLDocument('')
  const list = doc.createElement('ul')
  list.setAttribute(`data-${mark}`, encodeURIComponent(JSON.stringify(clip)))
  for (const line of textOf(clip).split('\n')) {
    const item = doc.createElement('li')
    item.textContent = line
    list.append(item)
  }
  return new XMLSerializer().serializeToString(list)
}

/** clipIn returns the clip that an HTML text of the clipboard carries. It may come from anywhere, so it is read with care. */
export function clipIn(html: string): Clip | undefined {
  if (!html.includes(`data-${mark}`)) return undefined
  const doc = new DOMParser().parseFromString(html, 'text/html')
  const json = doc.querySelector(`[data-${mark}]`)?.getAttribute(`data-${mark}`)
  try {
    return json ? clipFrom(decodeURIComponent(json)) : undefined
  } catch {
    return undefined
  }
}

/** clipFrom reads a clip, or returns undefined when it is none. */
export function clipFrom(json: string): Clip | undefined {
  let data: unknown
  try {
    data = JSON.parse(json)
  } catch {
    return undefined
  }
  if (!record(data) || !Array.isArray(data['notes'])) return undefined
  const notes = data['notes'].slice(0, most).map(noteFrom).filter((n) => n !== undefined)
  if (notes.length === 0) return undefined
  const ids = new Set(notes.map((n) => n.id))
  const links: Clip['links'] = []
  for (const l of Array.isArray(data['links']) ? data['links'].slice(0, most) : []) {
    if (record(l) && ids.has(l['from'] as string) && ids.has(l['to'] as string)) links.push({ from: l['from'] as string, to: l['to'] as string })
  }
  return { notes, links }
}

const known = new Set<string>(kinds.map((k) => k.kind))

function noteFrom(v: unknown): ClipNote | undefined {
  if (!record(v) || typeof v['id'] !== 'string' || !known.has(v['kind'] as string)) return undefined
  const box = [v['x'], v['y'], v['w'], v['h']]
  if (!box.every((b) => typeof b === 'number' && Number.isFinite(b))) return undefined
  const [x, y, w, h] = box as [number, number, number, number]
  const text = (key: string) => (typeof v[key] === 'string' ? v[key] : '')
  const on = Array.isArray(v['on']) ? v['on'].filter((o): o is string => typeof o === 'string') : []
  return { id: v['id'], kind: v['kind'] as NoteKind, text: text('text'), doc: text('doc'), team: text('team'), module: text('module'), on, pivotal: v['pivotal'] === true, x, y, w, h }
}

function record(v: unknown): v is Record<string, unknown> {
  return typeof v === 'object' && v !== null
}

/**
 * pasted returns the notes and links of a clip under new ids, with their middle at
 * a point, or moved by an offset. frameAt says which module a point lies in.
 */
export function pasted(clip: Clip, to: { at: Point } | { by: Point }, newId: () => string, frameAt: (p: Point) => string): { notes: NewNote[]; links: NewLink[] } {
  const all = around(clip.notes)!
  const dx = 'at' in to ? to.at.x - (all.x + all.w / 2) : to.by.x
  const dy = 'at' in to ? to.at.y - (all.y + all.h / 2) : to.by.y
  const ids = new Map(clip.notes.map((n) => [n.id, newId()]))
  const kinds = new Map(clip.notes.map((n) => [n.id, n.kind]))
  const notes = clip.notes.map((n): NewNote => {
    const x = Math.round(n.x + dx)
    const y = Math.round(n.y + dy)
    const frame = kinds.get(n.module) === 'module' ? ids.get(n.module)! : n.kind === 'module' ? '' : frameAt({ x: x + n.w / 2, y: y + n.h / 2 })
    const note: NewNote = { id: ids.get(n.id)!, kind: n.kind, text: n.text, x, y, w: Math.round(n.w), h: Math.round(n.h), module: frame }
    if (n.pivotal) note.pivotal = true
    if (n.doc !== '') note.doc = n.doc
    if (n.team !== '') note.team = n.team
    const on = n.on.map((o) => ids.get(o)).filter((o) => o !== undefined)
    if (on.length > 0) note.on = on
    return note
  })
  const links = clip.links
    .filter((l) => verbOf(kinds.get(l.from)!, kinds.get(l.to)!) !== undefined)
    .map((l) => ({ id: newId(), from: ids.get(l.from)!, to: ids.get(l.to)! }))
  return { notes, links }
}

/** linesOf returns the lines of a pasted text that are worth a note each, without the signs that make a list of them. */
export function linesOf(text: string): string[] {
  return text
    .split(/\r\n|\r|\n/)
    .map((l) => l.replace(/^\s*(?:[-*•–]|\d+[.)])\s+/, '').trim())
    .filter((l) => l !== '')
}

/** rows returns where so many notes of a size lie, row by row, in about the shape of a screen, with their upper left corner at a point. */
export function rows(count: number, w: number, h: number, at: Point, gap = 24): Point[] {
  const columns = Math.max(1, count <= 8 ? count : Math.ceil(Math.sqrt((count * 1.6 * (h + gap)) / (w + gap))))
  return Array.from({ length: count }, (_, i) => ({
    x: Math.round(at.x + (i % columns) * (w + gap)),
    y: Math.round(at.y + Math.floor(i / columns) * (h + gap)),
  }))
}
