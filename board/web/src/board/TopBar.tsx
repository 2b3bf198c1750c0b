import { useEffect, useRef, useState } from 'preact/hooks'
import { renaming } from '../actions/core'
import { run } from '../actions/registry'
import { Icon, Mark } from '../icons'
import type { BoardModel } from '../model/board'
import { follow } from '../route'
import { countdown } from '../session/countdown'
import { phases } from '../session/phases'
import * as shell from '../shell'
import { limits } from '../wire/protocol'
import { Menu } from './Menu'
import { People } from './People'

/** TopBar has the board's name, where the session is, who is here, and how safe what was written is. */
export function TopBar({ model }: { model: BoardModel }) {
  return (
    <header class="top">
      <a class="top-home" href="/" onClick={follow} aria-label="All boards" title="All boards"><Mark /></a>
      <Name model={model} />
      <div class="top-steps" role="group" aria-label="Steps">
        <button type="button" class="quiet icon-button" aria-label="Undo my last step" title="Undo (Ctrl+Z)" disabled={!model.mayEdit()} onClick={() => run('edit.undo')}><Icon name="undo" /></button>
        <button type="button" class="quiet icon-button not-phone" aria-label="Redo my step" title="Redo (Ctrl+Shift+Z)" disabled={!model.mayEdit()} onClick={() => run('edit.redo')}><Icon name="redo" /></button>
      </div>
      <PhasePill model={model} />
      <span class="top-gap" />
      <Status model={model} />
      <People model={model} />
      <Menu model={model} />
      <button type="button" class="top-panels quiet icon-button" aria-label="Panels" aria-expanded={shell.panel.value !== null} onClick={() => { shell.panel.value = shell.panel.peek() === null ? 'session' : null }}><Icon name="panels" /></button>
      {model.role.value !== 'viewer' && <button type="button" class="primary top-land" disabled={!model.mayEdit()} title="Write the storm to the disk (Ctrl+S)" onClick={() => run('board.land')}><Icon name="land" /> <span>Land</span></button>}
    </header>
  )
}

function Name({ model }: { model: BoardModel }) {
  const name = model.version.value >= 0 ? model.board().name : ''
  const ref = useRef<HTMLInputElement>(null)
  useEffect(() => { if (renaming.value) ref.current?.select() }, [renaming.value])
  const done = () => {
    const text = ref.current?.value.trim() ?? ''
    renaming.value = false
    if (text !== '' && text !== name) model.do('NameBoard', { name: text })
  }
  const keys = (e: KeyboardEvent) => {
    if (e.key === 'Enter') done()
    if (e.key === 'Escape') renaming.value = false
  }
  if (renaming.value) return <input ref={ref} class="top-rename" type="text" aria-label="Name of the board" defaultValue={name} maxLength={limits.name} onBlur={done} onKeyDown={keys} />
  return (
    <h1 class="top-name">
      {model.mayEdit() ? <button type="button" class="quiet" title="Rename the board" onClick={() => { renaming.value = true }}>{name || 'A board without a name'}</button> : name || 'A board without a name'}
    </h1>
  )
}

/** PhasePill says in which phase the session is and how long the timer still runs. */
function PhasePill({ model }: { model: BoardModel }) {
  const board = model.version.value >= 0 ? model.board() : undefined
  const [, turn] = useState(0)
  const ends = board?.timerEnds ?? 0
  useEffect(() => {
    if (ends === 0) return
    const timer = setInterval(() => turn((n) => n + 1), 500)
    return () => clearInterval(timer)
  }, [ends])
  if (!board) return null
  const index = phases.findIndex((p) => p.id === board.phase)
  const timer = countdown(ends, model.now(), 0)
  const label = index < 0 ? 'Start the session' : `${index + 1}. ${phases[index]!.title}`
  return (
    <button type="button" class={`pill phase-pill phase-${timer.state}`} title="The session" onClick={() => { shell.panel.value = 'session' }}>
      <Icon name="session" />
      <span class="phase-name">{label}</span>
      {timer.state !== 'off' && <span class="phase-time" role="timer" aria-label={timer.state === 'over' ? 'Time is up' : `${timer.text} left`}>{timer.text}</span>}
      {board.writing && <span class="phase-alone">alone</span>}
    </button>
  )
}

function Status({ model }: { model: BoardModel }) {
  const n = model.waiting.value
  const replaying = model.replaying.value !== null
  const status = replaying ? 'replay' : model.status.value === 'live' && n > 0 ? 'sending' : model.status.value
  const text = {
    connecting: 'Connecting…',
    live: 'Saved',
    sending: 'Saving…',
    offline: n > 0 ? `Offline, ${n} kept here` : 'Offline',
    closed: 'Closed',
    replay: 'Replay',
  }[status]
  const more = status === 'offline' ? 'There is no connection. Go on: what you do is kept in this browser and sent when the line is back.' : text
  const told = <><span class="status-dot" aria-hidden="true" /><span class="status-text" role="status">{text}</span></>
  return status === 'offline'
    ? <button type="button" class="quiet status status-offline" title={more} onClick={() => model.wake()}>{told}</button>
    : <span class={`status status-${status}`} title={more}>{told}</span>
}
