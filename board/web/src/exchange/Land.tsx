import { useState } from 'preact/hooks'
import { Trouble, nameOf, plural, useSlow, whenOf } from '../details/parts'
import { api } from '../model/api'
import type { BoardModel } from '../model/board'
import type { Conflict, Landed } from '../model/types'
import { Conflicts } from './Conflicts'
import { changesBetween } from './lines'

/** Land writes the storm to the disk. What was changed there meanwhile is merged; what cannot be is shown side by side. */
export function Land({ model }: { model: BoardModel }) {
  useSlow(model.version, 500)
  const [state, set] = useState<{ busy: boolean; error: string; result: Landed | null }>({ busy: false, error: '', result: null })
  const board = model.board()
  const files = model.files().sort((a, b) => (a.path < b.path ? -1 : 1))
  const problems = model.problems.value
  const errors = problems.filter((p) => p.severity === 'error').length
  const land = async (overwrite?: Record<string, string>) => {
    set({ busy: true, error: '', result: null })
    try {
      const result = await api.land(model.id, overwrite)
      set({ busy: false, error: '', result })
      if (result.conflicts.length === 0) model.tell(`Landed: ${result.landed.length === 0 ? 'the files were up to date' : result.landed.join(', ')}.`)
    } catch (error) {
      set({ busy: false, error: error instanceof Error ? error.message : String(error), result: null })
    }
  }
  const settle = async (chosen: Map<string, string>, conflicts: Conflict[]) => {
    try {
      for (const [path, text] of chosen) await write(model, path, text)
    } catch (error) {
      set((s) => ({ ...s, error: error instanceof Error ? error.message : String(error) }))
      return
    }
    await land(Object.fromEntries(conflicts.map((c) => [c.path, c.digest])))
  }
  const conflicts = state.result?.conflicts ?? []
  return (
    <section class="panel-part">
      <h3>Land the storm</h3>
      {files.length === 0 && <p class="hint">There is nothing to write yet.</p>}
      <ul class="plain-list land-files">
        {files.map((f) => <li key={f.id} class="row apart"><code>{f.path}</code><span class="hint">{plural(f.text === '' ? 0 : f.text.trimEnd().split('\n').length, 'line')}{state.result?.landed.includes(f.path) ? ', written' : ''}</span></li>)}
      </ul>
      <p class="hint">{board.landedAt > 0 ? `Landed last ${whenOf(board.landedAt, model.now())}${board.landedBy === '' ? '' : ` by ${nameOf(model, board.landedBy)}`}.` : 'Not landed yet: the files on the disk are as they were.'} What an editor or git changed meanwhile is merged.</p>
      {errors > 0 && <p class="hint">{plural(errors, 'error')} in the storm: it can land, but no code comes from it until they are mended.</p>}
      {model.role.value !== 'viewer' && <button type="button" class="primary" disabled={state.busy || files.length === 0 || !model.mayEdit()} onClick={() => void land()}>{state.busy ? 'Landing…' : 'Land now'}</button>}
      <Trouble text={state.error} />
      {state.result && conflicts.length === 0 && <p role="status">{state.result.landed.length === 0 ? 'Everything was up to date.' : `Written: ${state.result.landed.join(', ')}.`}</p>}
      {conflicts.length > 0 && <Conflicts conflicts={conflicts} onSettle={(chosen) => void settle(chosen, conflicts)} onLeave={() => set({ busy: false, error: '', result: null })} />}
    </section>
  )
}

/** write makes a file of the board read as given, by an edit of its lines that differ. */
async function write(model: BoardModel, path: string, text: string): Promise<void> {
  const file = model.file(path)
  if (!file) throw new Error(`The file ${path} is not on the board any more.`)
  if (file.text === text) return
  await model.done(model.do('EditText', { path, version: file.version, changes: changesBetween(file.text, text), client: model.newId() }))
}
