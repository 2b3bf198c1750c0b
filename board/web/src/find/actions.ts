import type { Action } from '../actions/registry'
import type { BoardModel } from '../model/board'
import type { Phase } from '../model/types'
import { phaseAfter, phaseOf } from '../session/phases'
import { everything, filter, filters, setFilter } from './filter'

/** What the palette can do beside what the shell and the wall make known: to see less, and to lead the session. */
export function moreActions(model: BoardModel): Action[] {
  return [...viewActions(model), ...sessionActions(model)]
}

function viewActions(model: BoardModel): Action[] {
  const chosen = () => [...model.selection.peek()].filter((id) => model.note(id))
  const modules = () => [...new Set(chosen().map((id) => (model.note(id)!.kind === 'module' ? id : model.note(id)!.module)).filter((id) => id !== ''))]
  return [
    { id: 'view.only.flow', title: 'Show only the flow of what is selected', group: 'View', keys: ['Shift+F'], run: () => setFilter(model, { ...everything, flow: chosen() }), enabled: () => chosen().length > 0 },
    { id: 'view.only.module', title: 'Show only the module of what is selected', group: 'View', keys: ['Shift+M'], run: () => setFilter(model, { ...everything, modules: modules() }), enabled: () => modules().length > 0 },
    { id: 'view.only.hotspots', title: 'Show only open hotspots', group: 'View', keys: ['Shift+H'], run: () => setFilter(model, { ...everything, openHotspots: true }) },
    { id: 'view.everything', title: 'Show everything again', group: 'View', keys: ['Shift+A'], run: () => setFilter(model, everything), enabled: () => filters(filter.peek()) },
  ]
}

function sessionActions(model: BoardModel): Action[] {
  const leads = () => model.role.peek() === 'facilitator' && model.mayEdit()
  const go = (steps: number) => {
    const next = phaseAfter(model.board().phase, steps)
    if (next) model.do('StartPhase', { phase: next.id as Phase })
  }
  return [
    { id: 'session.next', title: 'Go on to the next phase', group: 'Session', run: () => go(1), enabled: () => leads() && phaseAfter(model.board().phase) !== undefined },
    { id: 'session.back', title: 'Go back to the phase before', group: 'Session', run: () => go(-1), enabled: () => leads() && phaseAfter(model.board().phase, -1) !== undefined },
    { id: 'session.timer', title: 'Start the timer of this phase', group: 'Session', run: () => { model.do('SetTimer', { seconds: 60 * (phaseOf(model.board().phase)?.minutes ?? 10) }) }, enabled: leads },
    { id: 'session.timer.stop', title: 'Stop the timer', group: 'Session', run: () => { model.do('SetTimer', { seconds: 0 }) }, enabled: () => leads() && model.board().timerEnds > 0 },
    { id: 'session.reveal', title: 'Reveal everything that was written alone', group: 'Session', run: () => { model.do('RevealNotes', { all: true }) }, enabled: leads },
  ]
}
