import { useEffect, useRef } from 'preact/hooks'
import { Thread } from '../comments/Thread'
import { Field, titleOf } from '../details/parts'
import type { BoardModel } from '../model/board'
import { nextKinds, sticks } from '../model/grammar'
import { kindOf, kinds } from '../model/kinds'
import type { Note, NoteKind } from '../model/types'
import { LinkTo } from './LinkTo'
import { current, keep, open } from './state'
import { moved, type Part, type Row } from './order'
import { shift } from './shifting'

/** Editing is all that can be done to a note of the list. */
export function Editing({ model, note, parts }: { model: BoardModel; note: Note; parts: Part[] }) {
  const box = useRef<HTMLDivElement>(null)
  const may = model.mayEdit()
  useEffect(() => {
    const input = box.current?.querySelector<HTMLInputElement>('textarea, input')
    input?.focus()
    input?.select()
  }, [note.id])
  const close = () => {
    open.value = ''
    const line = box.current?.parentElement?.querySelector<HTMLElement>('[data-row]')
    line?.focus()
  }
  const part = parts.find((p) => p.rows.some((r) => r.note.id === note.id))
  const frame = note.kind === 'module'
  return (
    <div ref={box} class="list-editing" role="group" aria-label={`Edit ${titleOf(note)}`} onKeyDown={(e) => { if (e.key === 'Escape' && !e.defaultPrevented) { e.preventDefault(); e.stopPropagation(); close() } }}>
      <Field label={frame ? 'Name' : 'Text'} {...(frame ? {} : { rows: 2 })} value={note.text} readonly={!may} onDone={(text) => model.do('RewriteNote', { id: note.id, text })} />
      {frame && <Field label="Team" value={note.team} readonly={!may} onDone={(team) => model.do('AssignTeam', { id: note.id, team })} />}
      {note.kind === 'hotspot' && <Field label="Answer" rows={2} value={note.answer} readonly={!may} onDone={(answer) => model.do('AnswerHotspot', { id: note.id, answer })} />}
      <Field label="Description" rows={2} value={note.doc} readonly={!may} onDone={(doc) => model.do('DescribeNote', { id: note.id, doc })} />
      {may && !frame && <Changes model={model} note={note} parts={parts} part={part} />}
      {may && !frame && <LinkTo model={model} note={note} />}
      <Links model={model} note={note} may={may} />
      <h3>Comments</h3>
      <Thread model={model} note={note} settled />
      <div class="row apart">
        <button type="button" onClick={close}>Close</button>
        {may && <button type="button" class="quiet danger-text" onClick={() => { close(); model.do('RemoveNotes', { ids: [note.id] }) }}>Remove {frame ? 'this module (its notes stay)' : 'this note'}</button>}
      </div>
    </div>
  )
}

function Changes({ model, note, parts, part }: { model: BoardModel; note: Note; parts: Part[]; part: Part | undefined }) {
  const row = part?.rows.find((r) => r.note.id === note.id)
  const onWall = kindOf(note.kind).group === 'wall'
  const next = onWall || sticks(note.kind) ? [] : nextKinds(note.kind)
  const frames = parts.filter((p) => p.frame !== null)
  return (
    <>
      <div class="row">
        {!onWall && (
          <label class="row">Kind <select value={note.kind} onChange={(e) => model.do('ChangeKind', { ids: [note.id], kind: e.currentTarget.value as NoteKind })}>
            {kinds.filter((k) => k.group !== 'wall').map((k) => <option key={k.kind} value={k.kind}>{k.name}</option>)}
          </select></label>
        )}
        {row && frames.length > 0 && (
          <label class="row">Module <select value={note.module} onChange={(e) => moveTo(model, row, parts, e.currentTarget.value)}>
            <option value="">None</option>
            {frames.map((p) => <option key={p.frame!.id} value={p.frame!.id}>{titleOf(p.frame!)}</option>)}
          </select></label>
        )}
        {note.kind === 'event' && <label class="row"><input type="checkbox" checked={note.pivotal} onChange={(e) => model.do('MarkPivotal', { ids: [note.id], pivotal: e.currentTarget.checked })} /> Pivotal</label>}
      </div>
      <div class="row">
        {part && row && <button type="button" onClick={() => shift(model, part, note.id, -1)}>Move earlier</button>}
        {part && row && <button type="button" onClick={() => shift(model, part, note.id, 1)}>Move later</button>}
        {next.map((k) => <button key={k} type="button" onClick={() => addNext(model, note, k)}>Add {kindOf(k).name.toLowerCase()} after it</button>)}
        {!onWall && !sticks(note.kind) && <button type="button" onClick={() => addSticky(model, note)}>Add hotspot on it</button>}
      </div>
    </>
  )
}

function moveTo(model: BoardModel, row: Row, parts: Part[], module: string): void {
  const to = parts.find((p) => (p.frame?.id ?? '') === module) ?? { frame: null, rows: [] }
  keep.row = row.note.id
  model.do('MoveNotes', { places: moved(row, to) })
  model.tell(module === '' ? 'Moved out of its module.' : `Moved to ${to.frame ? titleOf(to.frame) : ''}.`)
}

/** addNext adds what follows a note, linked with it, and opens it for editing. */
function addNext(model: BoardModel, note: Note, kind: NoteKind): void {
  const id = model.addNote(kind, null, { after: note.id })
  current.value = id
  open.value = id
}

function addSticky(model: BoardModel, note: Note): void {
  const { w, h } = kindOf('hotspot')
  const id = model.newId()
  model.do('AddNotes', { notes: [{ id, kind: 'hotspot', text: '', x: Math.round(note.x + note.w * 0.6), y: Math.round(note.y - h * 0.4), w, h, module: note.module, on: [note.id], private: model.board().writing }] })
  current.value = id
  open.value = id
}

function Links({ model, note, may }: { model: BoardModel; note: Note; may: boolean }) {
  const links = model.linksOf(note.id)
  const on = note.on.map((id) => model.note(id)).filter((n) => n !== undefined)
  if (links.length + on.length === 0) return null
  return (
    <>
      <h3>Links</h3>
      <ul class="plain-list">
        {links.map((l) => {
          const other = model.note(l.from === note.id ? l.to : l.from)
          if (!other) return null
          const says = l.from === note.id ? `${l.verb} ${titleOf(other)}` : `${titleOf(other)} ${l.verb} this`
          return <li key={l.id} class="row apart">{says}{may && <button type="button" class="quiet" aria-label={`Take away the link: ${says}`} onClick={() => model.do('UnlinkNotes', { ids: [l.id] })}>Take away</button>}</li>
        })}
        {on.map((h) => (
          <li key={h.id} class="row apart">attached to {titleOf(h)}{may && <button type="button" class="quiet" aria-label={`Detach from ${titleOf(h)}`} onClick={() => model.do('AttachSticky', { id: note.id, on: note.on.filter((id) => id !== h.id) })}>Detach</button>}</li>
        ))}
      </ul>
    </>
  )
}
