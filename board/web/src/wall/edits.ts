import type { BoardModel } from '../model/board'
import { isShape, nextKind, sticks, verbOf } from '../model/grammar'
import { kindOf } from '../model/kinds'
import type { NewLink, NewNote, Note, NoteKind, Place } from '../model/types'
import { arranged, type Arrangement } from './arrange'
import { around, centre, rounded, touches, type Box, type Point } from './box'
import { clipOf, linesOf, pasted, rows, type Clip } from './clip'
import type { Scene } from './scene'

const chunk = 400 // notes in a command: far below what a message may hold

/** notesOf returns the notes among some ids. */
export function notesOf(model: BoardModel, ids: Iterable<string>): Note[] {
  return Array.from(ids, (id) => model.note(id)).filter((n) => n !== undefined)
}

/** framed returns the notes and with them what lies in those that are frames. */
export function framed(scene: Scene, notes: readonly Note[]): Note[] {
  const all = new Map(notes.map((n) => [n.id, n]))
  for (const n of notes) if (n.kind === 'module') for (const m of scene.inFrame(n)) all.set(m.id, m)
  return [...all.values()]
}

/** carried returns the notes and with them what lies in those that are frames, and the stickies that hang on nothing else. */
export function carried(scene: Scene, notes: readonly Note[]): Note[] {
  const all = framed(scene, notes)
  return [...all, ...scene.hangingOn(new Set(all.map((n) => n.id)))]
}

/**
 * settled returns the places of notes that are held somewhere else at the moment,
 * and of those that thereby come into another module's frame or leave one.
 */
export function settled(model: BoardModel, scene: Scene): Place[] {
  const out: Place[] = []
  const done = new Set<string>()
  const put = (n: Note) => {
    if (done.has(n.id)) return
    done.add(n.id)
    const b = rounded(scene.box(n))
    const module = moduleOf(scene, n, b)
    if (b.x !== n.x || b.y !== n.y || b.w !== n.w || b.h !== n.h || module !== n.module) out.push({ id: n.id, ...b, module })
  }
  for (const id of scene.held.keys()) {
    const n = model.note(id)
    if (!n) continue
    put(n)
    if (n.kind !== 'module') continue
    // A frame that was put over notes takes them in; one that was pulled away lets go of those it left.
    for (const other of scene.notesIn(scene.box(n))) put(other)
    for (const other of model.notes()) if (other.module === id) put(other)
  }
  return out
}

function moduleOf(scene: Scene, n: Note, b: Box): string {
  if (n.kind === 'module' || n.kind === 'line' || n.kind === 'lane') return ''
  return scene.frameAt(centre(b))?.id ?? ''
}

/** move says where notes are now. */
export function move(model: BoardModel, places: readonly Place[], gesture: string = model.newId()): void {
  for (let i = 0; i < places.length; i += chunk) model.do('MoveNotes', { places: places.slice(i, i + chunk), gesture })
}

/** shift moves notes by so many board pixels. */
export function shift(model: BoardModel, scene: Scene, ids: Iterable<string>, dx: number, dy: number, gesture: string): void {
  const notes = carried(scene, notesOf(model, ids))
  scene.hold(new Map(notes.map((n) => [n.id, { x: n.x + dx, y: n.y + dy, w: n.w, h: n.h }])))
  const places = settled(model, scene)
  scene.hold(new Map())
  move(model, places, gesture)
}

/** lineUp arranges the selected notes; what lies in a frame goes with it. */
export function lineUp(model: BoardModel, scene: Scene, how: Arrangement): void {
  const chosen = notesOf(model, model.selection.peek())
  const frames = new Set(chosen.filter((n) => n.kind === 'module').map((n) => n.id))
  const notes = chosen.filter((n) => !frames.has(n.module))
  const own = new Set(notes.map((n) => n.id))
  const boxes = new Map<string, Box>()
  for (const b of arranged(notes.map((n) => ({ id: n.id, x: n.x, y: n.y, w: n.w, h: n.h })), how)) {
    const n = model.note(b.id)!
    for (const m of carried(scene, [n])) if (m === n || !own.has(m.id)) boxes.set(m.id, { x: m.x + b.x - n.x, y: m.y + b.y - n.y, w: m.w, h: m.h })
  }
  scene.hold(boxes)
  const places = settled(model, scene)
  scene.hold(new Map())
  if (places.length > 0) move(model, places)
}

/** remove takes the selected notes and links away. */
export function remove(model: BoardModel): void {
  const ids = [...model.selection.peek()]
  const links = ids.filter((id) => model.item(id)?.type === 'link')
  const notes = ids.filter((id) => model.note(id))
  if (links.length > 0) model.do('UnlinkNotes', { ids: links })
  for (let i = 0; i < notes.length; i += chunk) model.do('RemoveNotes', { ids: notes.slice(i, i + chunk) })
}

/** mergeable returns the selected notes that can be made one, the one that stays first: what was selected first. */
export function mergeable(model: BoardModel): Note[] {
  const notes = notesOf(model, model.selection.peek())
  return notes.length > 1 && notes.every((n) => n.kind === notes[0]!.kind && !isShape(n.kind)) ? notes : []
}

/** mergeSelected makes one of the selected notes. */
export function mergeSelected(model: BoardModel): void {
  const [into, ...from] = mergeable(model)
  if (!into) return
  model.do('MergeNotes', { into: into.id, from: from.map((n) => n.id) })
  if (!model.note(into.id) || model.note(from[0]!.id)) return
  model.select([into.id])
  model.tell(`Merged ${from.length + 1} notes into “${into.text}”. Undo takes it back.`)
}

/** Added says where a new note is to be. */
export interface Added {
  kind: NoteKind
  text?: string
  /** its middle */
  at?: Point
  /** to the right of this note, and linked with it where the grammar has a link; to the left of it when only the new note can lead to it */
  after?: string
  /** linked with this note where the grammar has a link, wherever it is put */
  from?: string
  gesture?: string
}

/**
 * add makes a note and returns its id. Its module is that of the frame in which it
 * comes to lie, or that of the note it comes after, whose frame then grows around it
 * where there is room. A sticky hangs on the note it is put on.
 */
export function add(model: BoardModel, scene: Scene, o: Added): string {
  const id = model.newId()
  const { w, h } = sizeOf(model, o.kind)
  const after = o.after === undefined ? undefined : model.note(o.after)
  const from = after ?? (o.from === undefined ? undefined : model.note(o.from))
  const on = sticks(o.kind) ? hanger(from ?? (o.at && scene.noteAt(o.at))) : undefined
  const leads = !on && from && !verbOf(from.kind, o.kind) && verbOf(o.kind, from.kind) !== undefined
  const corner = on && o.from === undefined ? hung(scene, on, w, h) : after ? placeBeside(scene, after, w, h, leads ? 'left' : 'right') : cornerOf(model, o.kind, o.at ?? model.middle(), w, h)
  const note: NewNote = { id, kind: o.kind, text: o.text ?? '', ...corner, w, h, module: moduleAt(scene, o.kind, centre({ ...corner, w, h })) }
  const grown = after && !isShape(o.kind) ? grownAround(model, scene, after, note) : undefined
  if (grown) note.module = grown.id
  if (model.board().writing && kindOf(o.kind).group !== 'wall') note.private = true
  if (on) note.on = [on.id]
  const links: NewLink[] = []
  if (leads) links.push({ id: model.newId(), from: id, to: from.id })
  else if (!on && from && verbOf(from.kind, o.kind)) links.push({ id: model.newId(), from: from.id, to: id })
  const gesture = o.gesture ?? model.newId()
  model.do('AddNotes', { notes: [note], links, gesture })
  if (grown) move(model, [grown], gesture)
  return id
}

const margin = 48 // in a frame, around what made it grow

/** grownAround returns the frame of one note as large as another beside it wants it, when nothing else comes to lie in it by that. */
function grownAround(model: BoardModel, scene: Scene, beside: Note, note: NewNote): Place | undefined {
  const frame = model.note(beside.module)
  if (!frame || (note.module && note.module !== frame.id)) return undefined
  const x = Math.min(frame.x, note.x - margin)
  const y = Math.min(frame.y, note.y - margin)
  const w = Math.max(frame.x + frame.w, note.x + note.w + margin) - x
  const h = Math.max(frame.y + frame.h, note.y + note.h + margin) - y
  if (w === frame.w && h === frame.h) return undefined
  const mine = new Set(scene.inFrame(frame).map((n) => n.id))
  const others = scene.notesIn({ x, y, w, h }).filter((n) => n.id !== frame.id && n.module !== frame.id && !mine.has(n.id) && n.kind !== 'line' && n.kind !== 'lane')
  return others.length > 0 ? undefined : { id: frame.id, x, y, w, h, module: frame.module }
}

/** hanger returns a note that a sticky can hang on: not the wall's own lines, and not another sticky. */
function hanger(n: Note | undefined): Note | undefined {
  return n && !sticks(n.kind) && kindOf(n.kind).group !== 'wall' ? n : undefined
}

/** hung returns where a sticky hangs on a note: over its upper right corner, or beside those that hang there already. */
function hung(scene: Scene, on: Note, w: number, h: number): Point {
  const b = scene.box(on)
  const place = { x: Math.round(b.x + b.w * 0.62), y: Math.round(b.y - h * 0.66) }
  while (scene.notesIn({ x: place.x + w * 0.25, y: place.y + h * 0.25, w: w / 2, h: h / 2 }).some((n) => sticks(n.kind))) place.x += Math.round(w * 0.8)
  return place
}

const beyond = 80 // by how much a new line or lane reaches beyond the notes

/** sizeOf returns the size of a new note; a line reaches over all notes from top to bottom, a lane from left to right. */
function sizeOf(model: BoardModel, kind: NoteKind): { w: number; h: number } {
  const { w, h } = kindOf(kind)
  const all = kind === 'line' || kind === 'lane' ? extent(model) : undefined
  if (!all) return { w, h }
  return kind === 'line' ? { w, h: Math.max(h / 2, Math.round(all.h) + 2 * beyond) } : { w: Math.max(w / 2, Math.round(all.w) + 2 * beyond), h }
}

function extent(model: BoardModel): Box | undefined {
  return around([...model.notes()].filter((n) => n.kind !== 'line' && n.kind !== 'lane'))
}

function cornerOf(model: BoardModel, kind: NoteKind, at: Point, w: number, h: number): Point {
  const all = kind === 'line' || kind === 'lane' ? extent(model) : undefined
  const x = kind === 'lane' && all ? all.x - beyond : at.x - w / 2
  const y = kind === 'line' && all ? all.y - beyond : at.y - h / 2
  return { x: Math.round(x), y: Math.round(y) }
}

function moduleAt(scene: Scene, kind: NoteKind, p: Point): string {
  return kind === 'module' || kind === 'line' || kind === 'lane' ? '' : scene.frameAt(p)?.id ?? ''
}

const gap = 48

/** placeBeside returns the next free place at a side of a note: beside it, or else below or above what is there, whichever is nearer. */
export function placeBeside(scene: Scene, of: Box, w: number, h: number, side: 'left' | 'right' = 'right'): Point {
  const x = Math.round(side === 'right' ? of.x + of.w + gap : of.x - gap - w)
  const straight = Math.round(of.y + of.h / 2 - h / 2)
  const taken = scene
    .notesIn({ x: x - 8, y: straight - 4000, w: w + 16, h: 8000 })
    .filter((n) => kindOf(n.kind).group !== 'wall')
    .map((n) => scene.box(n))
  const free = (y: number) => !taken.some((t) => touches(t, { x: x - 8, y: y - 8, w: w + 16, h: h + 16 }))
  for (let off = 0; off < 4000; off += 16) {
    if (free(straight + off)) return { x, y: straight + off }
    if (free(straight - off)) return { x, y: straight - off }
  }
  return { x, y: straight }
}

/** next makes the note that by the grammar comes after one, and returns its id. */
export function next(model: BoardModel, scene: Scene, after: Note, gesture?: string): string {
  return add(model, scene, { kind: nextOf(model, after), after: after.id, ...(gesture === undefined ? {} : { gesture }) })
}

/** nextOf returns the kind of the note that Tab makes after one: the likeliest that it does not lead to yet. */
export function nextOf(model: Pick<BoardModel, 'linksOf' | 'note'>, after: Note): NoteKind {
  const has = model
    .linksOf(after.id)
    .filter((l) => l.from === after.id)
    .map((l) => model.note(l.to)?.kind)
    .filter((k) => k !== undefined)
  return nextKind(after.kind, has)
}

/** copied returns the selected notes, those that lie in selected frames, and the links between them. */
export function copied(model: BoardModel, scene: Scene): Clip | undefined {
  const notes = framed(scene, notesOf(model, model.selection.peek()))
  return notes.length === 0 ? undefined : clipOf(notes, model.links())
}

/** paste puts a clip on the wall and selects it. */
export function paste(model: BoardModel, scene: Scene, clip: Clip, to: { at: Point } | { by: Point }): void {
  const made = pasted(clip, to, () => model.newId(), (p) => scene.frameAt(p)?.id ?? '')
  addAll(model, made.notes, made.links)
}

/** pasteLines puts a note on the wall for each line of a text. */
export function pasteLines(model: BoardModel, scene: Scene, text: string, kind: NoteKind, at: Point): void {
  const lines = linesOf(text).slice(0, 2000)
  if (lines.length === 0) return
  const { w, h } = kindOf(kind)
  const corner = lines.length === 1 ? { x: at.x - w / 2, y: at.y - h / 2 } : at
  const places = rows(lines.length, w, h, corner)
  const notes = lines.map((line, i): NewNote => {
    const p = places[i]!
    return { id: model.newId(), kind, text: line, ...p, w, h, module: moduleAt(scene, kind, { x: p.x + w / 2, y: p.y + h / 2 }) }
  })
  addAll(model, notes, [])
}

function addAll(model: BoardModel, notes: NewNote[], links: NewLink[]): void {
  const gesture = model.newId()
  const writing = model.board().writing
  for (const n of notes) if (writing && kindOf(n.kind).group !== 'wall') n.private = true
  // Frames come first, so that what lies in them can say so.
  notes.sort((a, b) => Number(b.kind === 'module') - Number(a.kind === 'module') || Number((a.on?.length ?? 0) > 0) - Number((b.on?.length ?? 0) > 0))
  for (let i = 0; i < notes.length; i += chunk) {
    const last = i + chunk >= notes.length
    model.do('AddNotes', { notes: notes.slice(i, i + chunk), links: last ? links : [], gesture })
  }
  model.select(notes.map((n) => n.id))
}
