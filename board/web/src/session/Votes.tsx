import { useState } from 'preact/hooks'
import { NoteButton, plural, titleOf } from '../details/parts'
import type { BoardModel } from '../model/board'
import { kindOf } from '../model/kinds'
import type { Note } from '../model/types'
import { spent, tally, voted, votesOf } from './ballot'

/** Votes is the arrow voting: everybody spends the same number of votes on notes. */
export function Votes({ model }: { model: BoardModel }) {
  void model.version.value
  const board = model.board()
  const me = model.me.value?.id ?? ''
  const notes = [...model.notes()]
  const open = board.votingOpen
  const left = board.votesEach - spent(notes, me)
  const may = open && model.mayEdit()
  const vote = (note: Note, add: number) => {
    const votes = voted(model.notes(), note, me, board.votesEach, add)
    if (votes !== null) model.do('PlaceVote', { id: note.id, votes })
    else model.tell(add > 0 ? 'You have no votes left: take one back first.' : 'You have no vote on this note.')
  }
  const list = open ? candidates(notes, model.selection.value) : tally(notes, me).map((t) => t.note)
  return (
    <section class="panel-part">
      <h3>Votes</h3>
      <p role="status">{open ? `The vote is open. You have ${plural(left, 'vote')} left of ${board.votesEach}.` : board.votesEach > 0 ? 'The vote is closed.' : 'There has been no vote yet.'}</p>
      {model.role.value === 'facilitator' && model.mayEdit() && <Opening model={model} />}
      {open && <p class="hint">Vote for any note: hotspots and opportunities are listed, and whatever you select on the wall.</p>}
      <ul class="plain-list">
        {list.map((n) => <Candidate key={n.id} model={model} note={n} mine={n.votes[me] ?? 0} total={open ? null : votesOf(n)} left={left} may={may} onVote={(add) => vote(n, add)} />)}
      </ul>
      {list.length === 0 && <p class="empty">{open ? 'No hotspots yet: select a note to vote for it.' : 'Nothing has votes.'}</p>}
    </section>
  )
}

/** candidates are the hotspots and opportunities, and what is selected; those with answers last. */
function candidates(notes: Note[], selection: ReadonlySet<string>): Note[] {
  return notes
    .filter((n) => n.kind === 'hotspot' || n.kind === 'opportunity' || (selection.has(n.id) && kindOf(n.kind).group !== 'wall') || votesOf(n) > 0)
    .sort((a, b) => Number(selection.has(b.id)) - Number(selection.has(a.id)) || Number(a.answer !== '') - Number(b.answer !== '') || a.x - b.x)
}

function Candidate(o: { model: BoardModel; note: Note; mine: number; total: number | null; left: number; may: boolean; onVote: (add: number) => void }) {
  const title = titleOf(o.note)
  return (
    <li class="candidate">
      <NoteButton model={o.model} note={o.note} more={o.total === null ? undefined : <span class="tag badge">{plural(o.total, 'vote')}</span>} />
      {o.may && (
        <span class="row votes">
          <button type="button" class="quiet" disabled={o.mine === 0} onClick={() => o.onVote(-1)} aria-label={`Take a vote off ${title}`}>−</button>
          <span class="badge" aria-label={`${plural(o.mine, 'vote')} of yours`}>{'●'.repeat(Math.min(o.mine, 5)) || '○'}{o.mine > 5 ? o.mine : ''}</span>
          <button type="button" class="quiet" disabled={o.left <= 0} onClick={() => o.onVote(1)} aria-label={`Vote for ${title}`}>+</button>
        </span>
      )}
    </li>
  )
}

function Opening({ model }: { model: BoardModel }) {
  void model.version.value
  const board = model.board()
  const [each, set] = useState(board.votesEach || 3)
  if (board.votingOpen) return <div class="row"><button type="button" class="primary" onClick={() => model.do('CloseVotes', {})}>Close the vote</button></div>
  return (
    <div class="row">
      <label class="row timer-minutes"><input type="number" min={1} max={20} value={each} onInput={(e) => set(Number(e.currentTarget.value) || 1)} /> votes each</label>
      <button type="button" class="primary" onClick={() => model.do('AllowVotes', { each })}>{board.votesEach > 0 ? 'Open a new vote' : 'Open the vote'}</button>
      {board.votesEach > 0 && <span class="hint">The votes of before are taken away.</span>}
    </div>
  )
}
