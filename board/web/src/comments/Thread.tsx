import { useState } from 'preact/hooks'
import { Dot, nameOf, useSlow, whenOf } from '../details/parts'
import type { BoardModel } from '../model/board'
import type { Comment, Note } from '../model/types'
import './comments.css'

/** Thread is what was said about a note, and a field to say more. */
export function Thread({ model, note, settled }: { model: BoardModel; note: Note; settled: boolean }) {
  useSlow(model.version, 150)
  const list = model.comments(note.id).filter((c) => settled || !c.settled)
  const may = model.mayEdit()
  return (
    <div class="thread">
      <ul class="plain-list">{list.map((c) => <Said key={c.id} model={model} comment={c} may={may} />)}</ul>
      {may && <Say model={model} note={note} first={list.length === 0} />}
    </div>
  )
}

function Said({ model, comment, may }: { model: BoardModel; comment: Comment; may: boolean }) {
  const own = comment.by === model.me.value?.id || model.role.value === 'facilitator'
  const who = nameOf(model, comment.by)
  return (
    <li class={comment.settled ? 'said settled' : 'said'}>
      <p class="row hint"><Dot person={model.people().get(comment.by)} /> <strong>{who}</strong> {whenOf(comment.at, model.now())}{comment.settled && <span class="tag">settled</span>}</p>
      <p class="said-text">{comment.text}</p>
      {may && (
        <div class="row">
          <button type="button" class="quiet" onClick={() => model.do('SettleComment', { id: comment.id, settled: !comment.settled })} aria-label={`${comment.settled ? 'Open again' : 'Settle'} the comment of ${who}: ${comment.text.slice(0, 40)}`}>{comment.settled ? 'Open again' : 'Settle'}</button>
          {own && <button type="button" class="quiet" onClick={() => model.do('RemoveComment', { id: comment.id })} aria-label={`Remove the comment of ${who}: ${comment.text.slice(0, 40)}`}>Remove</button>}
        </div>
      )}
    </li>
  )
}

function Say({ model, note, first }: { model: BoardModel; note: Note; first: boolean }) {
  const [text, set] = useState('')
  const send = () => {
    if (text.trim() === '') return
    model.do('WriteComment', { id: model.newId(), note: note.id, text: text.trim() })
    set('')
  }
  const keys = (e: KeyboardEvent) => {
    if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) {
      e.preventDefault()
      send()
    }
  }
  return (
    <form class="say" onSubmit={(e) => { e.preventDefault(); send() }}>
      <label class="field"><span class="sr-only">{first ? 'Comment' : 'Answer'}</span><textarea rows={1} value={text} maxLength={4000} placeholder={first ? 'Say something about this note' : 'Answer'} onInput={(e) => set(e.currentTarget.value)} onKeyDown={keys} /></label>
      <button type="submit" disabled={text.trim() === ''}>Send</button>
    </form>
  )
}
