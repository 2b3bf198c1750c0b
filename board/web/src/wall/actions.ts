import { pointing, register, type Action } from '../actions/registry'
import { kindOf, kinds } from '../model/kinds'
import type { NoteKind } from '../model/types'
import { minimap, panel } from '../shell'
import type { Arrangement } from './arrange'
import { around, centre } from './box'
import { centredOn, panned, seen, stepped, zoomed } from './camera'
import { read, write } from './clipboard'
import { add, carried, copied, lineUp, mergeable, mergeSelected, move, next, notesOf, paste, remove, shift } from './edits'
import { underLinks } from './scene'
import type { Stage } from './stage'
import { tidy } from './tidy'
import { nearest, walk, type Direction } from './walk'

const article = (name: string) => (/^[AEIO]/.test(name) ? 'an ' : 'a ') + name.toLowerCase()
const ways: Record<Direction, { key: string; dx: number; dy: number }> = {
  left: { key: 'ArrowLeft', dx: -1, dy: 0 },
  right: { key: 'ArrowRight', dx: 1, dy: 0 },
  up: { key: 'ArrowUp', dx: 0, dy: -1 },
  down: { key: 'ArrowDown', dx: 0, dy: 1 },
}
const step = 4 // board pixels for an arrow key

/** registerWall makes known what can be done on the wall, and returns how to withdraw it. */
export function registerWall(s: Stage): () => void {
  const unregister = register([...adding(s), ...writing(s), ...moving(s), ...walking(s), ...editing(s), ...arranging(s), ...viewing(s)])
  const withdraw = pointing(() => s.pointer !== undefined)
  return () => {
    unregister()
    withdraw()
  }
}

/**
 * place makes a note of a kind where one expects it: at the pointer when it moved
 * since, else beside what is selected, else in the middle; never over a note, but
 * beside it.
 */
export function place(s: Stage, kind: NoteKind): void {
  const gesture = s.model.newId()
  const at = s.pointed ? s.model.pointer.peek() : null
  const by = at ? s.scene.noteAt(at) : s.active()
  const beside = by && !underLinks(by.kind) && !underLinks(kind) && !(at && kind === 'text')
  const id = add(s.model, s.scene, { kind, gesture, ...(beside ? { after: by.id } : { at: at ?? freeSpot(s, kind) }) })
  if (!s.model.note(id)) return
  s.pointed = false
  s.model.select([id])
  s.write(id, gesture)
}

/** freeSpot returns a place near the middle of what is seen that no note covers. */
function freeSpot(s: Stage, kind: NoteKind): { x: number; y: number } {
  const { w, h } = kindOf(kind)
  const m = s.model.middle()
  for (let i = 0; i < 60; i++) {
    const at = { x: m.x + (i % 8) * (w + 24), y: m.y + Math.floor(i / 8) * (h + 24) }
    const taken = s.scene.notesIn({ x: at.x - w / 2, y: at.y - h / 2, w, h }).some((n) => !underLinks(n.kind))
    if (!taken || underLinks(kind)) return at
  }
  return m
}

function adding(s: Stage): Action[] {
  return kinds.map((k) => ({
    id: `note.add.${k.kind}`, title: `Add ${article(k.name)}`, group: 'Notes', keys: k.key ? [k.key] : [],
    run: () => place(s, k.kind), enabled: () => s.model.mayEdit(),
  }))
}

function writing(s: Stage): Action[] {
  const may = () => s.model.mayEdit() && s.active() !== undefined
  return [
    {
      id: 'note.next', title: 'Add the note that comes next, and link it', group: 'Notes', keys: ['Tab'], enabled: may,
      run: () => {
        const gesture = s.model.newId()
        const id = next(s.model, s.scene, s.active()!, gesture)
        s.model.select([id])
        s.write(id, gesture)
      },
    },
    { id: 'note.write', title: 'Write on the selected note', group: 'Notes', keys: ['Enter', 'F2'], enabled: () => may() && !s.linking, run: () => s.write(s.active()!.id) },
    {
      id: 'note.link', title: 'Link the selected note with another', group: 'Notes', keys: ['l'],
      enabled: () => may() && !underLinks(s.active()!.kind), run: () => s.startLinking(s.active()!),
    },
    { id: 'note.link.finish', title: 'Link with the chosen note', group: 'Notes', keys: ['Enter'], hidden: true, enabled: () => s.linking !== undefined, run: () => s.finishLinking() },
    { id: 'note.comment', title: 'Comment on the selected note', group: 'Notes', enabled: () => s.active() !== undefined, run: () => (panel.value = 'comments') },
    { id: 'note.details', title: 'Details of the selected note', group: 'Notes', enabled: () => s.active() !== undefined, run: () => (panel.value = 'details') },
    ...kinds.filter((k) => k.group !== 'wall').map((k): Action => ({
      id: `note.kind.${k.kind}`, title: `Make it ${article(k.name)}`, group: 'Notes',
      enabled: () => may() && chosen(s).some((n) => n.kind !== k.kind && changeable(n.kind)), run: () => changeKind(s, k.kind),
    })),
  ]
}

function chosen(s: Stage) {
  return notesOf(s.model, s.model.selection.peek())
}

function changeable(kind: NoteKind): boolean {
  return kindOf(kind).group !== 'wall' || kind === 'text'
}

/** changeKind makes the selected notes of another kind, and gives those that still have their old kind's size that of the new one. */
export function changeKind(s: Stage, kind: NoteKind): void {
  const notes = chosen(s).filter((n) => n.kind !== kind && changeable(n.kind))
  if (notes.length === 0) return
  s.model.do('ChangeKind', { ids: notes.map((n) => n.id), kind })
  const { w, h } = kindOf(kind)
  const plain = notes.filter((n) => n.w === kindOf(n.kind).w && n.h === kindOf(n.kind).h && (n.w !== w || n.h !== h))
  move(s.model, plain.map((n) => ({ id: n.id, x: Math.round(n.x + (n.w - w) / 2), y: Math.round(n.y + (n.h - h) / 2), w, h, module: n.module })))
}

/** moving: the arrow keys move what is selected, size it, or pan when nothing is. */
function moving(s: Stage): Action[] {
  let gesture = ''
  let last = 0
  // Keys that follow each other quickly are one step to undo.
  const stepOf = () => {
    const now = performance.now()
    if (now - last > 1000) gesture = s.model.newId()
    last = now
    return gesture
  }
  const go = (way: Direction, times: number) => {
    const { dx, dy } = ways[way]
    if (s.linking) s.step(way)
    else if (chosen(s).length === 0) s.camera = panned(s.camera, -dx * 20 * times, -dy * 20 * times)
    else if (s.model.mayEdit()) shift(s.model, s.scene, s.model.selection.peek(), dx * step * times, dy * step * times, stepOf())
  }
  const size = (way: Direction) => {
    const { dx, dy } = ways[way]
    move(s.model, chosen(s).map((n) => ({ id: n.id, x: n.x, y: n.y, w: Math.max(40, n.w + dx * 8), h: Math.max(28, n.h + dy * 8), module: n.module })), stepOf())
  }
  return (Object.keys(ways) as Direction[]).flatMap((way): Action[] => [
    { id: `note.move.${way}`, title: `Move ${way}, or pan`, group: 'Arrange', keys: [ways[way].key], hidden: true, run: () => go(way, 1) },
    { id: `note.move.far.${way}`, title: `Move far ${way}`, group: 'Arrange', keys: [`Shift+${ways[way].key}`], hidden: true, run: () => go(way, 10) },
    {
      id: `note.size.${way}`, title: way === 'left' ? 'Make narrower' : way === 'right' ? 'Make wider' : way === 'up' ? 'Make lower' : 'Make higher',
      group: 'Arrange', keys: [`Ctrl+${ways[way].key}`], enabled: () => s.model.mayEdit() && chosen(s).length > 0, run: () => size(way),
    },
  ])
}

/** walking: Alt and the arrow keys go from note to note. */
function walking(s: Stage): Action[] {
  const go = (way: Direction, extend: boolean) => {
    const from = s.active()
    const others = [...s.model.notes()].filter((n) => n.id !== from?.id)
    const v = seen(s.camera, s.view)
    const to = from ? walk(from, others, way) : nearest(v, others)
    if (!to) return s.say('No further note that way.')
    s.pointed = false
    s.model.select(extend ? [...s.model.selection.peek(), to.id] : [to.id])
    s.reveal(to)
    s.say(s.describe(to))
  }
  return (Object.keys(ways) as Direction[]).flatMap((way): Action[] => [
    { id: `note.walk.${way}`, title: `Go to the next note ${where(way)}`, group: 'View', keys: [`Alt+${ways[way].key}`], run: () => go(way, false) },
    { id: `note.walk.extend.${way}`, title: `Select the next note ${where(way)} too`, group: 'View', keys: [`Alt+Shift+${ways[way].key}`], hidden: true, run: () => go(way, true) },
  ])
}

function where(way: Direction): string {
  return way === 'up' ? 'above' : way === 'down' ? 'below' : `to the ${way}`
}

function editing(s: Stage): Action[] {
  const some = () => s.model.selection.peek().size > 0
  const may = () => s.model.mayEdit() && some()
  const events = () => chosen(s).filter((n) => n.kind === 'event')
  return [
    { id: 'edit.select.all', title: 'Select everything', group: 'Edit', keys: ['Ctrl+a'], run: () => s.model.select([...s.model.notes()].map((n) => n.id)) },
    { id: 'edit.remove', title: 'Remove what is selected', group: 'Edit', keys: ['Delete', 'Backspace'], enabled: may, run: () => remove(s.model) },
    {
      id: 'edit.duplicate', title: 'Duplicate what is selected', group: 'Edit', keys: ['Ctrl+d'], enabled: () => may() && chosen(s).length > 0,
      run: () => {
        const clip = copied(s.model, s.scene)
        if (clip) paste(s.model, s.scene, clip, { by: { x: 32, y: (around(clip.notes)?.h ?? 0) + 32 } })
      },
    },
    { id: 'edit.copy', title: 'Copy the selected notes (Ctrl+C)', group: 'Edit', enabled: () => chosen(s).length > 0, run: () => void write(s) },
    { id: 'edit.cut', title: 'Cut the selected notes (Ctrl+X)', group: 'Edit', enabled: () => may() && chosen(s).length > 0, run: () => void write(s).then(() => remove(s.model)) },
    { id: 'edit.paste', title: 'Paste notes, or a note for each line (Ctrl+V)', group: 'Edit', enabled: () => s.model.mayEdit(), run: () => void read(s) },
    {
      id: 'edit.pivotal', title: 'Mark as pivotal, or no longer', group: 'Edit', keys: ['k'], enabled: () => may() && events().length > 0,
      run: () => s.model.do('MarkPivotal', { ids: events().map((n) => n.id), pivotal: !events().every((n) => n.pivotal) }),
    },
    { id: 'edit.merge', title: 'Merge the selected notes into the one selected first', group: 'Edit', enabled: () => may() && mergeable(s.model).length > 0, run: () => mergeSelected(s.model) },
    { id: 'edit.menu', title: 'What can be done with the selected note', group: 'Edit', keys: ['ContextMenu', 'Shift+F10'], run: () => openMenu(s) },
    { id: 'edit.leave', title: 'Leave what is being done; select nothing', group: 'Edit', keys: ['Escape'], hidden: true, run: () => leave(s) },
  ]
}

function openMenu(s: Stage): void {
  const n = s.active()
  const p = n ? centre(n) : s.model.middle()
  s.openMenu({ x: (p.x - s.camera.x) * s.camera.zoom, y: (p.y - s.camera.y) * s.camera.zoom })
}

/** leave ends the innermost thing that the user is in the middle of. */
function leave(s: Stage): void {
  if (s.menu.peek()) s.menu.value = null
  else if (s.cancelDrag()) return
  else if (s.linking) s.stopLinking()
  else if (s.model.selection.peek().size > 0) s.model.selection.value = new Set()
  else s.model.focus.value = null
}

const arrangements: readonly [Arrangement, string][] = [
  ['left', 'Align left edges'], ['centre', 'Align on a vertical middle'], ['right', 'Align right edges'],
  ['top', 'Align top edges'], ['middle', 'Align on a horizontal middle'], ['bottom', 'Align bottom edges'],
  ['across', 'Distribute horizontally'], ['down', 'Distribute vertically'],
]

function arranging(s: Stage): Action[] {
  return [
    ...arrangements.map(([how, title]): Action => ({
      id: `arrange.${how}`, title, group: 'Arrange',
      enabled: () => s.model.mayEdit() && chosen(s).length > (how === 'across' || how === 'down' ? 2 : 1), run: () => lineUp(s.model, s.scene, how),
    })),
    {
      id: 'arrange.tidy', title: 'Tidy the selection, or everything', group: 'Arrange',
      enabled: () => s.model.mayEdit() && s.model.counts.notes > 0, run: () => void tidy(s.model),
    },
  ]
}

function viewing(s: Stage): Action[] {
  const middle = () => ({ x: s.view.w / 2, y: s.view.h / 2 })
  const zoom = (to: number) => (s.camera = zoomed(s.camera, middle(), to))
  return [
    { id: 'view.zoom.in', title: 'Zoom in', group: 'View', keys: ['+', '='], run: () => zoom(stepped(s.camera.zoom, 1)) },
    { id: 'view.zoom.out', title: 'Zoom out', group: 'View', keys: ['-'], run: () => zoom(stepped(s.camera.zoom, -1)) },
    { id: 'view.zoom.one', title: 'Zoom to full size', group: 'View', keys: ['0'], run: () => zoom(1) },
    { id: 'view.fit', title: 'Show the whole board', group: 'View', keys: ['1', 'f'], run: () => s.fit() },
    {
      id: 'view.fit.selection', title: 'Show what is selected', group: 'View', keys: ['2'], enabled: () => chosen(s).length > 0,
      run: () => s.fit(carried(s.scene, chosen(s)).map((n) => n.id)),
    },
    {
      id: 'view.selection', title: 'Go to the selected note', group: 'View', enabled: () => s.active() !== undefined,
      run: () => (s.camera = centredOn(centre(s.active()!), s.view, Math.max(0.5, s.camera.zoom))),
    },
    { id: 'view.minimap', title: 'Show or hide the minimap', group: 'View', run: () => (minimap.value = !minimap.peek()) },
  ]
}
