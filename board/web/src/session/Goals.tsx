import { useRef } from 'preact/hooks'
import { Field } from '../details/parts'
import type { BoardModel } from '../model/board'

/** Goals of the session, which the facilitator writes down. */
export function Goals({ model }: { model: BoardModel }) {
  void model.version.value
  const goals = model.board().goals
  const leads = model.role.value === 'facilitator' && model.mayEdit()
  const list = useRef<HTMLOListElement>(null)
  const put = (next: string[]) => model.do('SetGoals', { goals: next.map((g) => g.trim()).filter((g) => g !== '') })
  const change = (i: number, text: string) => put(goals.map((g, k) => (k === i ? text : g)))
  const move = (i: number, by: number) => {
    const next = [...goals]
    next.splice(i + by, 0, ...next.splice(i, 1))
    put(next)
  }
  if (!leads) {
    return (
      <section class="panel-part">
        <h3>Goals</h3>
        {goals.length === 0 ? <p class="hint">None yet.</p> : <ol class="goals">{goals.map((g) => <li key={g}>{g}</li>)}</ol>}
      </section>
    )
  }
  return (
    <section class="panel-part">
      <h3>Goals</h3>
      <ol class="goals" ref={list}>
        {goals.map((g, i) => (
          <li key={`${i}:${g}`}>
            <div class="goal">
              <Field label={`Goal ${i + 1}`} hideLabel value={g} onDone={(text) => change(i, text)} />
              <button type="button" class="quiet" disabled={i === 0} onClick={() => move(i, -1)} aria-label={`Move goal ${i + 1} up`}>↑</button>
              <button type="button" class="quiet" onClick={() => put(goals.filter((_, k) => k !== i))} aria-label={`Remove goal ${i + 1}`}>✕</button>
            </div>
          </li>
        ))}
      </ol>
      <Field key={goals.length} label="Another goal (Enter adds it)" value="" placeholder="What must be clearer at the end?" onDone={(text) => put([...goals, text])} />
    </section>
  )
}
