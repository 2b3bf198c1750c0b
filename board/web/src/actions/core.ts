import { signal } from '@preact/signals'
import type { BoardModel, Camera } from '../model/board'
import { kindOf, kinds } from '../model/kinds'
import type { NoteKind } from '../model/types'
import { boardPath, go, route } from '../route'
import * as shell from '../shell'
import { register, type Action } from './registry'

const article = (name: string) => (/^[AEIO]/.test(name) ? 'an ' : 'a ') + name.toLowerCase()

/** add makes a note where the mouse is, or in the middle of what is seen, and opens it to be written. */
export function add(model: BoardModel, kind: NoteKind): void {
  shell.view.value = 'wall'
  const id = model.addNote(kind, model.pointer.peek() ?? spot(model, kind))
  if (!model.note(id)) return
  model.select([id])
  model.editing.value = id
}

/** spot is a place near the middle of what is seen that no other note covers. */
function spot(model: BoardModel, kind: NoteKind): { x: number; y: number } {
  const { w, h } = kindOf(kind)
  const at = model.middle()
  const notes = [...model.notes()].filter((n) => kindOf(n.kind).group !== 'wall')
  for (let i = 0; i < 40; i++) {
    const x = at.x + (i % 8) * (w + 24)
    const y = at.y + Math.floor(i / 8) * (h + 24)
    if (!notes.some((n) => Math.abs(n.x + n.w / 2 - x) < (n.w + w) / 2 && Math.abs(n.y + n.h / 2 - y) < (n.h + h) / 2)) return { x, y }
  }
  return at
}

/** zoomTo changes how large the board is seen, around the middle of the wall. */
export function zoomTo(model: BoardModel, zoom: number): void {
  const z = Math.min(4, Math.max(0.05, zoom))
  const { x, y } = model.middle()
  const { w, h } = model.free()
  model.camera.value = { x: x - w / 2 / z, y: y - h / 2 / z, zoom: z }
}

/** fitting is the camera that shows all notes, or those with the ids. */
export function fitting(model: BoardModel, ids?: ReadonlySet<string>): Camera | undefined {
  let [x1, y1, x2, y2] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const n of model.notes()) {
    if (ids && !ids.has(n.id)) continue
    x1 = Math.min(x1, n.x)
    y1 = Math.min(y1, n.y)
    x2 = Math.max(x2, n.x + n.w)
    y2 = Math.max(y2, n.y + n.h)
  }
  if (x1 > x2) return undefined
  const { w, h } = model.free()
  const margin = Math.min(80, w / 10)
  const zoom = Math.min(1.5, Math.max(0.05, Math.min((w - 2 * margin) / (x2 - x1), (h - 2 * margin) / (y2 - y1))))
  return { x: (x1 + x2) / 2 - w / 2 / zoom, y: (y1 + y2) / 2 - h / 2 / zoom, zoom }
}

function fit(model: BoardModel, ids?: ReadonlySet<string>): void {
  const camera = fitting(model, ids && ids.size > 0 ? ids : undefined)
  if (camera) model.camera.value = camera
}

function noteActions(model: BoardModel): Action[] {
  return kinds.map((k) => ({
    id: `note.add.${k.kind}`, title: `Add ${article(k.name)}`, group: 'Notes' as const, keys: k.key ? [k.key] : [],
    run: () => add(model, k.kind), enabled: () => model.mayEdit(),
  }))
}

function editActions(model: BoardModel): Action[] {
  const chosen = () => [...model.selection.value].filter((id) => model.note(id))
  return [
    { id: 'edit.undo', title: 'Undo my last step', group: 'Edit', keys: ['Ctrl+Z'], where: 'page', run: () => model.undo(), enabled: () => model.mayEdit() },
    { id: 'edit.redo', title: 'Redo my step', group: 'Edit', keys: ['Ctrl+Shift+Z', 'Ctrl+Y'], where: 'page', run: () => model.redo(), enabled: () => model.mayEdit() },
    {
      id: 'edit.remove', title: 'Remove what is selected', group: 'Edit', keys: ['Delete', 'Backspace'],
      run: () => {
        const links = [...model.selection.peek()].filter((id) => model.item(id)?.type === 'link')
        const notes = chosen()
        if (links.length > 0) model.do('UnlinkNotes', { ids: links })
        if (notes.length > 0) model.do('RemoveNotes', { ids: notes })
      },
      enabled: () => model.mayEdit() && model.selection.value.size > 0,
    },
    {
      id: 'edit.pivotal', title: 'Mark as pivotal, or no longer', group: 'Edit',
      run: () => {
        const ids = chosen().filter((id) => model.note(id)?.kind === 'event')
        if (ids.length > 0) model.do('MarkPivotal', { ids, pivotal: !ids.every((id) => model.note(id)?.pivotal) })
      },
      enabled: () => model.mayEdit() && chosen().some((id) => model.note(id)?.kind === 'event'),
    },
  ]
}

const panels: readonly [shell.PanelId, string, string[]][] = [
  ['session', 'Open the session', []], ['details', 'Open the details of a note', []], ['text', 'Open the storm text', []],
  ['find', 'Find and filter', ['Ctrl+F']], ['comments', 'Open the comments', []], ['duplicates', 'Find duplicates', []],
  ['modules', 'Open the map of modules', []], ['exchange', 'Land, import and export', []], ['invites', 'Invite people', []], ['help', 'Help and keys', ['?']],
]

/** replayOrLeave opens the bar of the replay, or leaves the replay. */
function replayOrLeave(model: BoardModel): void {
  const on = shell.replay.peek() || model.replaying.peek() !== null
  if (on) model.stopReplay()
  shell.replay.value = !on
}

function viewActions(model: BoardModel): Action[] {
  return [
    { id: 'view.zoom.in', title: 'Zoom in', group: 'View', keys: ['+', '='], run: () => zoomTo(model, model.camera.peek().zoom * 1.25) },
    { id: 'view.zoom.out', title: 'Zoom out', group: 'View', keys: ['-'], run: () => zoomTo(model, model.camera.peek().zoom / 1.25) },
    { id: 'view.zoom.one', title: 'Zoom to full size', group: 'View', keys: ['0'], run: () => zoomTo(model, 1) },
    { id: 'view.fit', title: 'Show the whole board', group: 'View', keys: ['1', 'f'], run: () => fit(model) },
    { id: 'view.fit.selection', title: 'Show what is selected', group: 'View', keys: ['2'], run: () => fit(model, model.selection.peek()), enabled: () => model.selection.value.size > 0 },
    { id: 'view.minimap', title: 'Show or hide the minimap', group: 'View', run: () => { shell.minimap.value = !shell.minimap.peek() } },
    { id: 'view.list', title: 'Show the board as a list, or as a wall', group: 'View', keys: ['Ctrl+Shift+L'], where: 'page', run: () => { shell.view.value = shell.view.peek() === 'list' ? 'wall' : 'list' } },
    { id: 'view.replay', title: 'Replay the session', group: 'View', run: () => replayOrLeave(model) },
    { id: 'view.theme.light', title: 'Light theme', group: 'View', run: () => shell.chooseTheme('light') },
    { id: 'view.theme.dark', title: 'Dark theme', group: 'View', run: () => shell.chooseTheme('dark') },
    { id: 'view.theme.system', title: 'Theme of the system', group: 'View', run: () => shell.chooseTheme('system') },
    { id: 'palette.open', title: 'Open the command palette', group: 'Help', keys: ['Ctrl+K'], where: 'always', run: () => { shell.palette.value = true } },
    ...panels.map(([id, title, keys]): Action => ({ id: `panel.${id}`, title, group: 'Panels', keys, where: 'page', run: () => shell.toggle(id) })),
  ]
}

/** renaming says whether the board's name is being written. */
export const renaming = signal(false)

function boardActions(model: BoardModel): Action[] {
  return [
    {
      id: 'board.land', title: 'Land: write the storm to the disk', group: 'Board', keys: ['Ctrl+S'], where: 'always',
      run: () => { shell.panel.value = 'exchange' }, enabled: () => model.mayEdit(),
    },
    { id: 'board.rename', title: 'Rename the board', group: 'Board', run: () => { renaming.value = true }, enabled: () => model.mayEdit() },
    { id: 'board.leave', title: 'All boards', group: 'Board', run: () => go('/') },
    {
      id: 'board.copy.address', title: 'Copy the address of the board', group: 'Board',
      run: () => {
        const r = route.peek()
        if (r.page !== 'board') return
        navigator.clipboard.writeText(location.origin + boardPath(r.id)).then(() => model.tell('The address is copied.'), () => model.tell('The browser does not let the page copy.', 'error'))
      },
    },
  ]
}

/**
 * registerCore makes known what the shell itself can do, and returns how to
 * withdraw it. Parts of the page register more: the wall what is done with the
 * mouse and the arrow keys, the panels what is theirs. Where one of those has the
 * id of an action here, it takes its place.
 */
export function registerCore(model: BoardModel): () => void {
  return register([...noteActions(model), ...editActions(model), ...viewActions(model), ...boardActions(model)])
}
