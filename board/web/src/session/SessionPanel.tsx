import { signal } from '@preact/signals'
import { Dot, nameOf, plural, useSlow } from '../details/parts'
import type { BoardModel } from '../model/board'
import type { Person } from '../model/types'
import { Goals } from './Goals'
import { Guide, Phases } from './Guide'
import { Reverse } from './Reverse'
import { Timer } from './Timer'
import { Votes } from './Votes'
import './session.css'

/** The phase whose guide is read; null is the one that the session is in. */
const read = signal<string | null>(null)

/** SessionPanel is the way through a session: its phases, and what each of them needs. */
export function SessionPanel({ model }: { model: BoardModel }) {
  useSlow(model.version)
  const board = model.board()
  const reading = read.value ?? (board.phase || 'review')
  return (
    <div class="session">
      <Phases model={model} reading={reading} onRead={(id) => (read.value = id === board.phase ? null : id)} />
      {model.role.value !== 'facilitator' && <p class="hint lead">The facilitator goes from phase to phase and sets the timer, the goals and the votes.</p>}
      <Timer model={model} />
      {board.writing || hidden(model) > 0 ? <Alone model={model} /> : null}
      {reading === 'hotspots' || board.votingOpen ? <Votes model={model} /> : null}
      {reading === 'reverse' ? <Reverse model={model} /> : null}
      {reading === 'goals' ? <Goals model={model} /> : null}
      <Guide model={model} reading={reading} />
      {board.votesEach > 0 && !board.votingOpen && reading !== 'hotspots' ? <Votes model={model} /> : null}
      {reading === 'goals' ? null : <Goals model={model} />}
      <People model={model} />
    </div>
  )
}

function hidden(model: BoardModel): number {
  let count = 0
  for (const n of model.notes()) if (n.private) count++
  return count
}

/** Alone is the writing that nobody else sees yet. */
function Alone({ model }: { model: BoardModel }) {
  void model.version.value
  const mine = hidden(model)
  const writing = model.board().writing
  const own = () => {
    const me = model.me.peek()?.id
    const ids: string[] = []
    for (const n of model.notes()) if (n.private && n.by === me) ids.push(n.id)
    model.do('RevealNotes', { ids })
  }
  return (
    <section class="panel-part">
      <h3>Writing alone</h3>
      <p>{writing ? 'Everybody writes alone: only you see your new notes.' : 'New notes are seen by all.'} {mine > 0 ? `${plural(mine, 'note')} of yours ${mine === 1 ? 'is' : 'are'} hidden from the others.` : ''}</p>
      <div class="row">
        <button type="button" disabled={mine === 0 || !model.mayEdit()} onClick={own}>Reveal mine</button>
        {model.role.value === 'facilitator' && <button type="button" disabled={!model.mayEdit()} onClick={() => model.do('RevealNotes', { all: true })}>Reveal everybody’s</button>}
      </div>
      {model.role.value === 'facilitator' && writing && <p class="hint">Going on to the next phase reveals everything, too.</p>}
    </section>
  )
}

/** People are those who are here now, and those who were. */
function People({ model }: { model: BoardModel }) {
  void model.version.value
  const online = model.online.value
  const all = [...model.people().values()].sort((a, b) => Number(online.has(b.id)) - Number(online.has(a.id)) || a.name.localeCompare(b.name))
  const here = all.filter((p) => online.has(p.id))
  const away = all.filter((p) => !online.has(p.id))
  return (
    <section class="panel-part">
      <h3>People here <span class="tag badge">{here.length}</span></h3>
      <ul class="plain-list people">{here.map((p) => <PersonRow key={p.id} model={model} person={p} here />)}</ul>
      {away.length > 0 && (
        <details>
          <summary>{plural(away.length, 'person', 'people')} away</summary>
          <ul class="plain-list people">{away.map((p) => <PersonRow key={p.id} model={model} person={p} here={false} />)}</ul>
        </details>
      )}
    </section>
  )
}

function PersonRow({ model, person, here }: { model: BoardModel; person: Person; here: boolean }) {
  const at = model.here.get(person.id)
  const there = here && at?.x !== undefined && at.y !== undefined
  const look = () => {
    if (at?.x === undefined || at.y === undefined) return
    const { zoom } = model.camera.peek()
    const { w, h } = model.free()
    model.camera.value = { x: at.x - w / 2 / zoom, y: at.y - h / 2 / zoom, zoom }
  }
  return (
    <li class="row apart person">
      <span class="row"><Dot person={person} /> {person.id === model.me.value?.id ? `${person.name} (you)` : nameOf(model, person.id)}</span>
      <span class="row">
        <span class="hint">{person.role}</span>
        {there && <button type="button" class="quiet" onClick={look} aria-label={`Look where ${person.name} is`}>Look</button>}
      </span>
    </li>
  )
}
