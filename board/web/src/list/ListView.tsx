import { memo } from 'preact/compat'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { plural, titleOf, useSlow } from '../details/parts'
import { lookAt } from '../find/going'
import type { BoardModel } from '../model/board'
import { kindOf, kinds } from '../model/kinds'
import type { Note, NoteKind } from '../model/types'
import { Editing } from './Editing'
import { atEnd, partsOf, type Part, type Row } from './order'
import { Rows } from './Rows'
import { RowText, describe } from './RowText'
import { shift } from './shifting'
import { current, keep, open } from './state'
import './list.css'

/**
 * ListView is the whole board as a list that can be read out and edited: what
 * lies in no module first, then module by module, in the order of time.
 */
export function ListView({ model }: { model: BoardModel }) {
  const version = useSlow(model.version, 250)
  const parts = useMemo(() => partsOf(model.notes()), [version, model.replaying.value])
  const root = useRef<HTMLDivElement>(null)
  const ids = useMemo(() => parts.flatMap((p) => p.rows.flatMap((r) => [r.note.id, ...r.attached.map((a) => a.id)])), [parts])
  const focused = ids.includes(current.value) ? current.value : ids[0]
  useLayoutEffect(() => {
    if (keep.row === '') return
    const row = keep.row
    keep.row = ''
    focusRow(root.current, row)
  }, [parts, focused])
  const keys = (e: KeyboardEvent) => rowKeys(e, model, parts, ids, root.current)
  return (
    <div class="list-view" ref={root} onKeyDown={keys}>
      <h1 class="sr-only">{model.board().name || 'Board'} as a list</h1>
      <p class="hint list-help">
        {plural(ids.length, 'note')}. Up and Down go from note to note, Enter opens one for editing, Space shows it on the wall, Alt+Up and Alt+Down move it earlier or later, Delete removes it.
      </p>
      {parts.length === 0 && <p class="empty">The board is empty. Add its first note below.</p>}
      {withLoose(parts).map((p) => <PartView key={p.frame?.id ?? ''} model={model} part={p} parts={parts} focused={focused ?? ''} />)}
      {model.mayEdit() && <AddModule model={model} parts={parts} />}
    </div>
  )
}

/** withLoose has a part for what lies in no module even when there is nothing: its field stays where it is when the first note comes. */
function withLoose(parts: Part[]): Part[] {
  return parts[0]?.frame === null ? parts : [{ frame: null, rows: [] }, ...parts]
}

function rowKeys(e: KeyboardEvent, model: BoardModel, parts: Part[], ids: string[], root: HTMLElement | null): void {
  const row = e.target instanceof HTMLElement && e.target.matches('[data-row]') ? e.target.dataset['row'] ?? '' : ''
  if (row === '') return
  const at = ids.indexOf(row)
  const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -ids.length, End: ids.length }[e.key]
  if (step !== undefined && e.altKey) {
    const part = parts.find((p) => p.rows.some((r) => r.note.id === row))
    if (part && model.mayEdit()) shift(model, part, row, step < 0 ? -1 : 1)
  } else if (step !== undefined) {
    focusRow(root, ids[Math.max(0, Math.min(ids.length - 1, at + step))])
  } else if (e.key === 'Enter' || e.key === 'F2') {
    open.value = open.peek() === row ? '' : row
  } else if (e.key === ' ') {
    model.select([row])
    lookAt(model, [row])
    model.tell('Selected: the wall shows it when you go back there.')
  } else if (e.key === 'Delete' && model.mayEdit()) {
    keep.row = ids[at + 1] ?? ids[at - 1] ?? ''
    model.do('RemoveNotes', { ids: [row] })
  } else if (e.key === 'Escape' && open.peek() !== '') {
    open.value = ''
  } else {
    return
  }
  e.preventDefault()
  e.stopPropagation()
}

/** focusRow puts the focus on a row. */
export function focusRow(root: HTMLElement | null, id: string | undefined): void {
  if (id === undefined) return
  const row = root?.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`)
  if (!row && current.peek() !== id) keep.row = id // it is drawn once it is the current one
  current.value = id
  row?.focus()
}

function PartView({ model, part, parts, focused }: { model: BoardModel; part: Part; parts: Part[]; focused: string }) {
  const openId = open.value
  const title = part.frame ? `Module ${titleOf(part.frame)}` : 'In no module'
  return (
    <section aria-label={title} class="list-part">
      <h2>{title} {part.frame?.team ? <span class="tag">team {part.frame.team}</span> : null} <span class="tag badge">{part.rows.length}</span></h2>
      {part.frame && <FrameRow model={model} frame={part.frame} />}
      <ul class="plain-list" role="list">
        <Rows rows={part.rows} wanted={[focused, openId]} draw={(r, at) => (
          <RowView key={r.note.id} model={model} row={r} at={at} of={part.rows.length} parts={parts} focused={focused} says={saysOf(model, r)} openId={openId} />
        )} />
      </ul>
      <AddTo model={model} part={part} />
    </section>
  )
}

function saysOf(model: BoardModel, row: Row): string {
  return [row.note, ...row.attached].map((n) => describe(model, n)).join('\u0000')
}

function FrameRow({ model, frame }: { model: BoardModel; frame: Note }) {
  const shown = open.value === frame.id
  return (
    <>
      <button type="button" class="quiet" aria-expanded={shown} onClick={() => (open.value = shown ? '' : frame.id)}>Name, team and comments of this module</button>
      {shown && <Editing model={model} note={frame} parts={[]} />}
    </>
  )
}

interface RowProps { model: BoardModel; row: Row; at: number; of: number; parts: Part[]; focused: string; says: string; openId: string }

/** A row is drawn anew only when something in it changed: a board may have thousands. */
const RowView = memo(({ model, row, at, of, parts, focused, says, openId }: RowProps) => {
  const [own, ...rest] = says.split('\u0000')
  return (
    <li class="list-row" aria-posinset={at + 1} aria-setsize={of}>
      <RowText note={row.note} says={own ?? ''} focusable={focused === row.note.id} open={openId === row.note.id} />
      {openId === row.note.id && <Editing model={model} note={row.note} parts={parts} />}
      {row.attached.length > 0 && (
        <ul class="plain-list list-attached" role="list" aria-label={`Attached to ${titleOf(row.note)}`}>
          {row.attached.map((a, i) => (
            <li key={a.id}>
              <RowText note={a} says={rest[i] ?? ''} focusable={focused === a.id} open={openId === a.id} />
              {openId === a.id && <Editing model={model} note={a} parts={parts} />}
            </li>
          ))}
        </ul>
      )}
    </li>
  )
}, same)

function same(a: RowProps, b: RowProps): boolean {
  const touches = (p: RowProps, id: string) => p.row.note.id === id || p.row.attached.some((n) => n.id === id)
  if (touches(a, a.openId) || touches(b, b.openId)) return false
  if (a.focused !== b.focused && (touches(a, a.focused) || touches(b, b.focused))) return false
  return a.at === b.at && a.of === b.of && a.row.note === b.row.note && a.says === b.says && a.row.attached.length === b.row.attached.length && a.row.attached.every((n, i) => n === b.row.attached[i])
}

/** AddTo adds a note at the end of a part. */
function AddTo({ model, part }: { model: BoardModel; part: Part }) {
  const [text, set] = useState('')
  const [kind, choose] = useState<NoteKind>('event')
  const input = useRef<HTMLInputElement>(null)
  const [added, say] = useState('')
  useEffect(() => say(''), [text !== ''])
  if (!model.mayEdit()) return null
  const add = () => {
    if (text.trim() === '') return
    const { w, h } = kindOf(kind)
    // The list is drawn anew only now and then; what was added a moment ago counts.
    const now = partsOf(model.notes()).find((p) => p.frame?.id === part.frame?.id) ?? part
    const { x, y, frame } = atEnd(now, { w, h })
    const id = model.newId()
    model.do('AddNotes', { notes: [{ id, kind, text: text.trim(), x, y, w, h, module: part.frame?.id ?? '', private: model.board().writing }], gesture: id })
    if (frame) model.do('MoveNotes', { places: [frame], gesture: id })
    set('')
    say(`Added ${kindOf(kind).name.toLowerCase()} ${text.trim()}.`)
    input.current?.focus()
  }
  const where = part.frame ? titleOf(part.frame) : 'no module'
  return (
    <form class="row list-add" onSubmit={(e) => { e.preventDefault(); add() }} aria-label={`Add a note to ${where}`}>
      <select value={kind} aria-label="Kind of the new note" onChange={(e) => choose(e.currentTarget.value as NoteKind)}>
        {kinds.filter((k) => k.group !== 'wall').map((k) => <option key={k.kind} value={k.kind}>{k.name}</option>)}
      </select>
      <input ref={input} type="text" value={text} aria-label={`Text of the new note in ${where}`} placeholder={kind === 'event' ? 'What has happened?' : 'Text'} onInput={(e) => set(e.currentTarget.value)} />
      <button type="submit" disabled={text.trim() === ''}>Add</button>
      <span class="sr-only" role="status">{added}</span>
    </form>
  )
}

function AddModule({ model, parts }: { model: BoardModel; parts: Part[] }) {
  const [text, set] = useState('')
  const add = () => {
    if (text.trim() === '') return
    const { w, h } = kindOf('module')
    const frames = parts.map((p) => p.frame).filter((f) => f !== null)
    const x = frames.reduce((r, f) => Math.max(r, f.x + f.w + 80), 0)
    const y = frames[0]?.y ?? 400 + Math.max(0, ...[...model.notes()].map((n) => n.y + n.h))
    model.do('AddNotes', { notes: [{ id: model.newId(), kind: 'module', text: text.trim(), x: Math.round(x), y: Math.round(y), w, h }] })
    set('')
  }
  return (
    <form class="row list-add" onSubmit={(e) => { e.preventDefault(); add() }} aria-label="Add a module">
      <input type="text" value={text} aria-label="Name of the new module" placeholder="Name of a new module" onInput={(e) => set(e.currentTarget.value)} />
      <button type="submit" disabled={text.trim() === ''}>Add module</button>
    </form>
  )
}
