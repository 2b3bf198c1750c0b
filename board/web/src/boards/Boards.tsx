import { useEffect, useRef, useState } from 'preact/hooks'
import { Icon, Mark } from '../icons'
import { api } from '../model/api'
import type { Me, Summary } from '../model/types'
import { boardPath, follow, go } from '../route'
import { chooseTheme, themeChoice } from '../shell'
import { limits } from '../wire/protocol'
import { ago } from './ago'
import './boards.css'

/** Boards lists the boards of this server, and makes, renames, archives and deletes them. */
export function Boards({ me, onMe }: { me: Me; onMe: (me: Me) => void }) {
  const [boards, setBoards] = useState<Summary[] | undefined>(undefined)
  const [trouble, setTrouble] = useState('')
  const [archived, setArchived] = useState(false)
  const [doomed, setDoomed] = useState<Summary | null>(null)

  const load = () => api.boards().then((list) => {
    setBoards(list)
    setTrouble('')
  }, (why: unknown) => setTrouble(said(why)))
  useEffect(() => {
    document.title = 'Boards · Landfall'
    void load()
  }, [])
  /** attempt does something and shows the boards anew, or what went wrong. */
  const attempt = (doing: Promise<unknown>) => void doing.then(load, (why: unknown) => setTrouble(said(why)))

  const shown = (boards ?? []).filter((b) => b.archived === archived).sort((a, b) => b.changed - a.changed)
  const old = (boards ?? []).filter((b) => b.archived).length
  return (
    <div class="page boards">
      <header class="boards-head">
        <span class="brand"><Mark /> Landfall</span>
        <Myself me={me} onMe={onMe} onTrouble={setTrouble} />
      </header>
      <main class="boards-main">
        <div class="boards-title">
          <h1>{archived ? 'Archived boards' : 'Boards'}</h1>
          {(old > 0 || archived) && <button type="button" class="quiet" onClick={() => setArchived(!archived)}>{archived ? 'Back to the boards' : `${old} archived`}</button>}
        </div>
        {trouble !== '' && <p class="trouble" role="alert">{trouble}</p>}
        {boards === undefined && trouble === '' && <p class="hint" role="status">Looking for boards…</p>}
        <ul class="boards-grid">
          {!archived && boards !== undefined && (me.open || me.role === 'facilitator') && <li><NewBoard onTrouble={setTrouble} /></li>}
          {shown.map((b) => (
            <li key={b.id}>
              <Card board={b} onRename={(name) => attempt(api.rename(b.id, name))} onArchive={() => attempt(api.archive(b.id, !b.archived))} onRemove={() => setDoomed(b)} />
            </li>
          ))}
        </ul>
        {boards !== undefined && shown.length === 0 && <p class="empty">{archived ? 'No board is archived.' : me.open || me.role === 'facilitator' ? 'There is no board yet.' : 'You have not been invited to a board. Open the link that you were given.'}</p>}
      </main>
      {doomed && <Remove board={doomed} onClose={() => setDoomed(null)} onRemove={() => {
        setDoomed(null)
        attempt(api.remove(doomed.id))
      }} />}
    </div>
  )
}

function said(why: unknown): string {
  return why instanceof Error ? why.message : String(why)
}

function Myself({ me, onMe, onTrouble }: { me: Me; onMe: (me: Me) => void; onTrouble: (text: string) => void }) {
  const [writing, setWriting] = useState(false)
  const name = me.person?.name ?? ''
  const done = (text: string) => {
    setWriting(false)
    if (text.trim() !== '' && text !== name) api.enter(text.trim()).then(onMe, (why: unknown) => onTrouble(said(why)))
  }
  const next = { system: 'light', light: 'dark', dark: 'system' } as const
  return (
    <div class="row">
      {writing ? <NameField label="Your name" value={name} onDone={done} onCancel={() => setWriting(false)} />
        : <button type="button" class="quiet" onClick={() => setWriting(true)} aria-label={`You are ${name}. Change your name`}>{name}</button>}
      <button type="button" class="quiet icon-button" aria-label={`Theme: ${themeChoice.value}. Change it`} title={`Theme: ${themeChoice.value}`} onClick={() => chooseTheme(next[themeChoice.peek()])}>
        <Icon name={themeChoice.value === 'system' ? 'system' : themeChoice.value === 'light' ? 'sun' : 'moon'} />
      </button>
    </div>
  )
}

/** NameField is a field for a name that is ready to be written over. */
function NameField({ label, value, onDone, onCancel }: { label: string; value: string; onDone: (text: string) => void; onCancel: () => void }) {
  const ref = useRef<HTMLInputElement>(null)
  useEffect(() => ref.current?.select(), [])
  const keys = (e: KeyboardEvent) => {
    if (e.key === 'Enter') onDone(ref.current?.value ?? '')
    if (e.key === 'Escape') onCancel()
  }
  return <input ref={ref} type="text" aria-label={label} defaultValue={value} maxLength={limits.name} onKeyDown={keys} onBlur={(e) => onDone(e.currentTarget.value)} />
}

function NewBoard({ onTrouble }: { onTrouble: (text: string) => void }) {
  const [name, setName] = useState('')
  const [busy, setBusy] = useState(false)
  const make = async (e: Event) => {
    e.preventDefault()
    setBusy(true)
    try {
      const made = await api.create(name.trim())
      go(boardPath(made.id))
    } catch (why) {
      onTrouble(said(why))
      setBusy(false)
    }
  }
  return (
    <form class="board-card board-new" onSubmit={(e) => void make(e)}>
      <h2>A new board</h2>
      <label class="field">
        <span class="sr-only">Name of the new board</span>
        <input type="text" placeholder="What is it about?" value={name} maxLength={limits.name} required onInput={(e) => setName(e.currentTarget.value)} />
      </label>
      <button type="submit" class="primary" disabled={busy || name.trim() === ''}>Make it</button>
    </form>
  )
}

/** fileOf is where a board's storm lies; that of the folder that is served says nothing. */
function fileOf(board: Summary): string {
  return board.path === '.' ? '' : board.path
}

function Card({ board, onRename, onArchive, onRemove }: { board: Summary; onRename: (name: string) => void; onArchive: () => void; onRemove: () => void }) {
  const [renaming, setRenaming] = useState(false)
  const keeper = board.role === 'facilitator'
  return (
    <article class="board-card">
      {renaming
        ? <NameField label="Name of the board" value={board.name} onCancel={() => setRenaming(false)} onDone={(name) => {
          setRenaming(false)
          if (name.trim() !== '' && name !== board.name) onRename(name.trim())
        }} />
        : <h2><a class="board-link" href={boardPath(board.id)} onClick={follow}>{board.name}</a></h2>}
      <p class="board-facts">{board.notes === 0 && board.changed === 0 ? 'Not opened yet' : board.notes === 1 ? '1 note' : `${board.notes.toLocaleString('en')} notes`}{board.changed > 0 && <> · <time dateTime={new Date(board.changed).toISOString()}>{ago(board.changed, Date.now())}</time></>}</p>
      <p class="board-path" title={board.path}><bdi>{fileOf(board)}</bdi></p>
      {keeper && (
        <div class="board-tools">
          <button type="button" class="quiet small" onClick={() => setRenaming(true)} aria-label={`Rename ${board.name}`}>Rename</button>
          <button type="button" class="quiet small" onClick={onArchive} aria-label={`${board.archived ? 'Take back' : 'Archive'} ${board.name}`}>{board.archived ? 'Take back' : 'Archive'}</button>
          <button type="button" class="quiet small danger-text" onClick={onRemove} aria-label={`Delete ${board.name} for good`}>Delete</button>
        </div>
      )}
    </article>
  )
}

/** Remove asks before a board is deleted: its name has to be written. */
function Remove({ board, onClose, onRemove }: { board: Summary; onClose: () => void; onRemove: () => void }) {
  const ref = useRef<HTMLDialogElement>(null)
  const [text, setText] = useState('')
  useEffect(() => ref.current?.showModal(), [])
  const sure = text.trim().toLowerCase() === board.name.trim().toLowerCase()
  return (
    <dialog ref={ref} class="dialog" onClose={onClose} aria-labelledby="remove-title">
      <form onSubmit={(e) => {
        e.preventDefault()
        if (sure) onRemove()
      }}>
        <h2 id="remove-title">Delete “{board.name}” for good?</h2>
        <p>The wall, its history and its comments are gone for everyone and cannot be brought back. Its storm{fileOf(board) === '' ? '' : ', '}{fileOf(board) !== '' && <code>{fileOf(board)}</code>} stays as it was last landed.</p>
        <label class="field">
          <span class="field-label">Write the board’s name to delete it</span>
          <input type="text" value={text} autocomplete="off" onInput={(e) => setText(e.currentTarget.value)} />
        </label>
        <div class="dialog-buttons">
          <button type="button" onClick={() => ref.current?.close()}>Keep it</button>
          <button type="submit" class="danger" disabled={!sure}>Delete for good</button>
        </div>
      </form>
    </dialog>
  )
}
