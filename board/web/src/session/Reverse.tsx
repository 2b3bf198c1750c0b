import { useEffect, useState } from 'preact/hooks'
import { NoteButton, titleOf } from '../details/parts'
import { refocus } from '../find/filter'
import { lookAt } from '../find/going'
import type { BoardModel } from '../model/board'
import { verbOf } from '../model/grammar'
import { kindOf } from '../model/kinds'
import type { Note, NoteKind } from '../model/types'
import { backwards, before, indexAfterChange, placeBefore } from './backwards'

/** Reverse goes through the story from its last event to its first. */
export function Reverse({ model }: { model: BoardModel }) {
  void model.version.value
  const list = backwards(model.notes())
  const [current, set] = useState<{ id: string; x: number } | null>(null)
  const at = current ? indexAfterChange(list, current.id, current.x) : -1
  const note = list[at]
  const walking = current !== null
  useEffect(() => {
    if (walking) return () => refocus(model)
    return undefined
  }, [model, walking])
  const goTo = (i: number) => {
    const next = list[i]
    if (!next) return
    set({ id: next.id, x: next.x })
    model.select([next.id])
    lookAt(model, [next.id])
    model.focus.value = new Set([next.id, ...before(next.id, (id) => model.linksOf(id), (id) => model.note(id)).map((n) => n.id)])
  }
  const end = () => {
    set(null)
  }
  if (list.length === 0) return <section class="panel-part"><h3>Backwards</h3><p class="hint">There are no events yet.</p></section>
  return (
    <section class="panel-part reverse">
      <h3>Backwards</h3>
      {!note && <button type="button" class="primary" onClick={() => goTo(0)}>Start at the last event</button>}
      {note && (
        <>
          <p class="hint">Event {list.length - at} of {list.length}, counted from the beginning</p>
          <p class="reverse-now" aria-live="polite">{titleOf(note)}</p>
          <p><strong>What had to happen right before, for this to be possible?</strong></p>
          <Before model={model} note={note} />
          <div class="row apart">
            <button type="button" class="primary" disabled={at === list.length - 1} onClick={() => goTo(at + 1)}>← Earlier</button>
            <button type="button" disabled={at === 0} onClick={() => goTo(at - 1)}>Later →</button>
          </div>
          <div class="row"><button type="button" class="quiet" onClick={end}>End the walk</button></div>
        </>
      )}
    </section>
  )
}

function Before({ model, note }: { model: BoardModel; note: Note }) {
  void model.version.value
  const known = before(note.id, (id) => model.linksOf(id), (id) => model.note(id))
  return (
    <>
      {known.length > 0 ? <ul class="plain-list">{known.map((n) => <li key={n.id}><NoteButton model={model} note={n} /></li>)}</ul> : <p class="hint">Nothing is linked to lead here.</p>}
      {model.mayEdit() && (
        <div class="row">
          <button type="button" onClick={() => addBefore(model, note, 'event')}>Add an event before it</button>
          <button type="button" onClick={() => addBefore(model, note, 'command')}>Add a command before it</button>
        </div>
      )}
    </>
  )
}

/** addBefore puts a note in front of another, linked where the grammar has a link, and lets one type. */
function addBefore(model: BoardModel, note: Note, kind: NoteKind): void {
  const { w, h } = kindOf(kind)
  const id = model.newId()
  const at = placeBefore(note, { w, h }, model.notes())
  const links = verbOf(kind, note.kind) ? [{ id: model.newId(), from: id, to: note.id }] : []
  model.do('AddNotes', { notes: [{ id, kind, text: '', ...at, w, h, module: note.module, private: model.board().writing }], links })
  model.select([id])
  lookAt(model, [id])
  model.editing.value = id
}
