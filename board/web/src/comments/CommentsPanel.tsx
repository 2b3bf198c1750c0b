import { signal } from '@preact/signals'
import { NoteButton, plural, useSlow } from '../details/parts'
import type { BoardModel } from '../model/board'
import type { Note } from '../model/types'
import { Thread } from './Thread'
import './comments.css'

const settled = signal(false)

/** CommentsPanel shows what was said about the selected notes, and about all others. */
export function CommentsPanel({ model }: { model: BoardModel }) {
  useSlow(model.version, 300)
  const selected = [...model.selection.value].map((id) => model.note(id)).filter((n) => n !== undefined).slice(0, 20)
  const others = threads(model, settled.value).filter((t) => !model.selection.value.has(t.note.id))
  return (
    <div class="comments">
      {selected.length === 0 && <p class="hint">Select a note to say something about it.</p>}
      {selected.map((n) => (
        <section key={n.id} class="panel-part" aria-label={`Comments on ${n.text}`}>
          <NoteButton model={model} note={n} />
          <Thread model={model} note={n} settled={settled.value} />
        </section>
      ))}
      <section class="panel-part">
        <header>
          <h3>{selected.length > 0 ? 'On other notes' : 'On the board'}</h3>
          <label class="row hint"><input type="checkbox" checked={settled.value} onChange={(e) => (settled.value = e.currentTarget.checked)} /> settled, too</label>
        </header>
        {others.length === 0 && <p class="empty">{settled.value ? 'No comments.' : 'No open comments.'}</p>}
        <ul class="plain-list">
          {others.slice(0, 200).map((t) => (
            <li key={t.note.id} class="thread-row">
              <NoteButton model={model} note={t.note} more={<span class="tag badge">{plural(t.count, 'comment')}</span>} />
              <Thread model={model} note={t.note} settled={settled.value} />
            </li>
          ))}
        </ul>
      </section>
    </div>
  )
}

/** threads are the notes with comments, those that were talked about last first. */
export function threads(model: Pick<BoardModel, 'notes' | 'comments'>, withSettled: boolean): { note: Note; count: number; at: number }[] {
  const list: { note: Note; count: number; at: number }[] = []
  for (const note of model.notes()) {
    const said = model.comments(note.id).filter((c) => withSettled || !c.settled)
    if (said.length > 0) list.push({ note, count: said.length, at: Math.max(...said.map((c) => c.at)) })
  }
  return list.sort((a, b) => b.at - a.at)
}
