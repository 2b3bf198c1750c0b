import { useEffect, useRef } from 'preact/hooks'
import { action, changed, possible } from '../actions/registry'
import type { BoardModel } from '../model/board'
import type { Phase as PhaseId } from '../model/types'
import { panel } from '../shell'
import { phaseAfter, phaseOf, phases } from './phases'

/** Phases shows all phases of the session and which one it is in; the facilitator goes on or back. */
export function Phases({ model, reading, onRead }: { model: BoardModel; reading: string; onRead: (id: string) => void }) {
  void model.version.value
  const now = model.board().phase
  const before = phaseAfter(now, -1)
  const next = phaseAfter(now)
  return (
    <section class="panel-part">
      <h3 class="sr-only">Phases</h3>
      <Steps now={now} reading={reading} onRead={onRead} />
      {leads(model) && (
        <div class="row phase-go">
          <button type="button" disabled={!before} aria-label={before && `Previous phase: ${before.title}`} onClick={() => before && start(model, before.id)}>← {before?.title ?? 'Back'}</button>
          <button type="button" class="primary" disabled={!next} aria-label={next && `Next phase: ${next.title}`} onClick={() => next && start(model, next.id)}>{next?.title ?? 'Done'} →</button>
        </div>
      )}
    </section>
  )
}

/** leads reports whether this person leads the session, and may do so now. */
export function leads(model: BoardModel): boolean {
  return model.role.value === 'facilitator' && model.mayEdit()
}

function start(model: BoardModel, id: string): void {
  model.do('StartPhase', { phase: id as PhaseId })
}

/** Guide tells how a phase is done. */
export function Guide({ model, reading }: { model: BoardModel; reading: string }) {
  void model.version.value
  const now = model.board().phase
  const phase = phaseOf(reading)
  if (!phase) return null
  const { open, does } = phase
  void changed.value
  const act = does && action(does.action)
  return (
    <article class="guide panel-part" aria-label={`Guide: ${phase.title}`}>
      <header class="row apart">
        <h3>{phase.title}</h3>
        <span class="tag">about {phase.minutes} min</span>
      </header>
      <p class="aim">{phase.aim}</p>
      <ol>{phase.todo.map((t) => <li key={t}>{t}</li>)}</ol>
      {open && <p><button type="button" class="small" onClick={() => { panel.value = open.panel }}>{open.label}</button></p>}
      {act && <p><button type="button" class="small" disabled={!possible(act)} onClick={() => act.run()}>{does.label}</button></p>}
      <h4>Watch for</h4>
      <ul>{phase.watch.map((t) => <li key={t}>{t}</li>)}</ul>
      <p><strong>Enough when:</strong> {phase.enough}</p>
      {phase.id !== now && <div class="row"><span class="hint">The session is {now ? `in “${phaseOf(now)?.title ?? now}”` : 'not started'}.</span>{leads(model) && <button type="button" class="small" onClick={() => start(model, phase.id)}>Go to this phase</button>}</div>}
    </article>
  )
}

function Steps({ now, reading, onRead }: { now: string; reading: string; onRead: (id: string) => void }) {
  const list = useRef<HTMLOListElement>(null)
  const at = phases.findIndex((p) => p.id === now)
  useEffect(() => {
    const step = list.current?.querySelector<HTMLElement>('[aria-current=step]')
    if (step && list.current) list.current.scrollLeft = step.offsetLeft + step.offsetWidth / 2 - list.current.clientWidth / 2
  }, [now])
  const move = (e: KeyboardEvent) => {
    const by = e.key === 'ArrowRight' ? 1 : e.key === 'ArrowLeft' ? -1 : 0
    if (by === 0) return
    e.preventDefault()
    const i = Math.max(0, Math.min(phases.length - 1, Math.max(0, phases.findIndex((p) => p.id === reading)) + by))
    onRead(phases[i]!.id)
    list.current?.querySelectorAll<HTMLElement>('button')[i]?.focus()
  }
  const focusable = reading || phases[0]!.id
  return (
    <ol class="phase-steps" ref={list} onKeyDown={move} aria-label="Phases of the session">
      {phases.map((p, i) => (
        <li key={p.id} class={i < at ? 'past' : i === at ? 'now' : ''}>
          <button type="button" tabIndex={p.id === focusable ? 0 : -1} aria-current={i === at ? 'step' : undefined} aria-pressed={p.id === reading} onClick={() => onRead(p.id)}>
            <span class="phase-number" aria-hidden="true">{i + 1}</span>
            <span>{p.title}</span>
          </button>
        </li>
      ))}
    </ol>
  )
}
