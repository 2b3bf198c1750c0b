import { Trouble, nameOf, plural, useSlow, whenOf } from '../details/parts'
import type { BoardModel } from '../model/board'
import { Conflicts } from './Conflicts'
import { decideLater, land, landingOf, settle } from './landing'

/** sinceWhen tells how the disk came by what it has. Where nobody landed, the board read the files, or wrote them by itself. */
function sinceWhen(model: BoardModel): string {
  const { landedAt, landedBy } = model.board()
  if (landedAt <= 0) return 'Not landed yet: the files on the disk are as they were.'
  const when = whenOf(landedAt, model.now())
  return landedBy === '' ? `Last brought into step with the disk ${when}, by the board itself.` : `Landed last ${when} by ${nameOf(model, landedBy)}.`
}

/** Land writes the storm to the disk. What was changed there meanwhile is merged; what cannot be is shown side by side. */
export function Land({ model }: { model: BoardModel }) {
  useSlow(model.version, 500)
  const state = landingOf(model).value
  const files = model.files().sort((a, b) => (a.path < b.path ? -1 : 1))
  const problems = model.problems.value
  const errors = problems.filter((p) => p.severity === 'error').length
  const conflicts = state.result?.conflicts ?? []
  return (
    <section class="panel-part">
      <h3>Land the storm</h3>
      {files.length === 0 && <p class="hint">There is nothing to write yet.</p>}
      <ul class="plain-list land-files">
        {files.map((f) => <li key={f.id} class="row apart"><code>{f.path}</code><span class="hint">{plural(f.text === '' ? 0 : f.text.trimEnd().split('\n').length, 'line')}{state.result?.landed.includes(f.path) ? ', written' : ''}</span></li>)}
      </ul>
      <p class="hint">{sinceWhen(model)} What an editor or git changed meanwhile is merged.</p>
      {errors > 0 && <p class="hint">{plural(errors, 'error')} in the storm: it can land, but no code comes from it until they are mended.</p>}
      {model.role.value !== 'viewer' && <button type="button" class="primary" disabled={state.busy || files.length === 0 || !model.mayEdit()} onClick={() => void land(model)}>{state.busy ? 'Landing…' : 'Land now'}</button>}
      {conflicts.length === 0 && <Trouble text={state.error} />}
      {state.result && conflicts.length === 0 && <p role="status">{state.result.landed.length === 0 ? 'Everything was up to date.' : `Written: ${state.result.landed.join(', ')}.`}</p>}
      {conflicts.length > 0 && <Conflicts conflicts={conflicts} error={state.error} onSettle={(chosen) => void settle(model, chosen, conflicts)} onLeave={() => decideLater(model)} />}
    </section>
  )
}
