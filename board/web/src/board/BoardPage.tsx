import { useEffect, useMemo, useState } from 'preact/hooks'
import { registerCore } from '../actions/core'
import { press } from '../actions/registry'
import { everything, filter, filters, setFilter } from '../find/filter'
import { Palette } from '../find/Palette'
import { ListView } from '../list/ListView'
import { ApiError } from '../model/api'
import { BoardModel } from '../model/board'
import { follow } from '../route'
import { TimeSign } from '../session/TimeSign'
import * as shell from '../shell'
import { Wall } from '../wall/Wall'
import { Closed } from './Closed'
import { useCovering } from './covering'
import { Later } from './later'
import { Notices } from './Notices'
import { PanelBar, SidePanel } from './SidePanel'
import { Rail } from './Rail'
import { TopBar } from './TopBar'
import { ZoomBar } from './ZoomBar'
import './board.css'

/** BoardPage is one board with everything around it. */
export function BoardPage({ id }: { id: string }) {
  // The shell's actions come first, so that a part of the page that knows better
  // puts its own in their place.
  const { model, leave } = useMemo(() => {
    const made = new BoardModel(id)
    return { model: made, leave: registerCore(made) }
  }, [id])
  const [state, setState] = useState<'opening' | 'open' | Error>('opening')

  useEffect(() => {
    model.start().then(() => setState('open'), (why: unknown) => setState(why instanceof Error ? why : new Error(String(why))))
    const keys = (e: KeyboardEvent) => void press(e)
    window.addEventListener('keydown', keys)
    return () => {
      window.removeEventListener('keydown', keys)
      leave()
      model.stop()
    }
  }, [model, leave])

  if (state === 'opening') return <main class="page page-middle"><p class="loading" role="status">Opening the board…</p></main>
  if (state instanceof ApiError && [401, 403, 404].includes(state.status)) return <Closed why={state.status === 401 ? 'signedout' : 'gone'} />
  if (state !== 'open') {
    return (
      <main class="page page-middle">
        <div class="card narrow" role="alert">
          <h1>This board cannot be opened</h1>
          <p>{state.message}</p>
          <div class="row"><a class="button primary" href="/" onClick={follow}>All boards</a><button type="button" onClick={() => location.reload()}>Try again</button></div>
        </div>
      </main>
    )
  }
  if (model.closed.value !== null) return <Closed why={model.closed.value} model={model} />
  return <Open model={model} />
}

function Open({ model }: { model: BoardModel }) {
  const name = model.version.value > 0 ? model.board().name : model.board().name
  useEffect(() => { document.title = `${name || 'Board'} · Landfall` }, [name])
  const list = shell.view.value === 'list'
  useCovering(model)
  return (
    <div class={`board ${shell.panel.value === null ? '' : 'has-panel'} ${list ? 'is-list' : ''} ${model.replaying.value === null ? '' : 'is-replay'}`}>
      <a class="skip" href="#wall">Skip to the wall</a>
      <TopBar model={model} />
      <main class="board-main" id="wall" tabIndex={-1}>
        {list ? <ListView model={model} /> : <Wall model={model} />}
        {!list && <Hint model={model} />}
        {!list && <Faded model={model} />}
        {!list && <ZoomBar model={model} />}
      </main>
      {!list && model.role.value !== 'viewer' && <Rail model={model} />}
      {(shell.replay.value || model.replaying.value !== null) && <section class="dock" aria-label="Replay"><Later name="replay" model={model} /></section>}
      <PanelBar model={model} />
      <SidePanel model={model} />
      <Palette model={model} />
      <TimeSign model={model} />
      <Notices model={model} />
    </div>
  )
}

/** Faded says that the wall shows a part alone, whatever panel asked for it, and ends that. */
export function Faded({ model }: { model: BoardModel }) {
  if (!filters(filter.value)) return null
  return (
    <div class="wall-faded">
      <span role="status">A part of the wall is shown; the rest is faded.</span>
      <button type="button" class="small" onClick={() => setFilter(model, everything)}>Show everything</button>
    </div>
  )
}

/**
 * Hint says how to begin while there is nothing on the wall. Until the board has a
 * file, the notes of its storm are still on their way.
 */
export function Hint({ model }: { model: BoardModel }) {
  if (model.version.value < 0 || model.counts.notes > 0 || model.files().length === 0) return null
  return (
    <div class="wall-hint">
      <p class="wall-hint-title">An empty wall</p>
      {model.mayEdit()
        ? <p>Press <kbd>E</kbd> for what happened, or choose a note on the left.<br />Then <kbd>Tab</kbd> makes the next one beside it.</p>
        : <p>The first notes appear here.</p>}
    </div>
  )
}
