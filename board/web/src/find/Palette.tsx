import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { actions, changed, possible, register, type Action } from '../actions/registry'
import { shown } from '../actions/keys'
import { Swatch } from '../details/parts'
import type { BoardModel } from '../model/board'
import { kindOf } from '../model/kinds'
import type { Note } from '../model/types'
import { palette } from '../shell'
import { moreActions } from './actions'
import { findAll } from './everything'
import { match } from './fuzzy'
import { goTo } from './going'
import './find.css'

type Entry = { key: string; score: number } & ({ action: Action } | { note: Note; part: string })

/**
 * Palette does anything by its name, and goes to any note. It is seen while it is
 * open; what it adds to the actions of the page is known as long as the board is.
 */
export function Palette({ model }: { model: BoardModel }) {
  useEffect(() => register(moreActions(model)), [model])
  return palette.value ? <Open model={model} /> : null
}

function Open({ model }: { model: BoardModel }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [query, set] = useState('')
  const [at, setAt] = useState(0)
  const entries = useMemo(() => found(query, model), [query, changed.value])
  const active = Math.min(at, entries.length - 1)
  useEffect(() => {
    const before = document.activeElement
    dialog.current?.showModal()
    return () => { if (before instanceof HTMLElement) before.focus() }
  }, [])
  const close = () => { palette.value = false }
  const go = (e: Entry | undefined) => {
    if (!e || ('action' in e && !possible(e.action))) return
    close()
    // The dialog has given the focus back by then, so that the action finds it where it was.
    setTimeout(() => ('action' in e ? e.action.run() : goTo(model, e.note.id)))
  }
  const keys = (e: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[e.key] ?? 0
    if (by !== 0) setAt(Math.abs(by) === 1 ? (active + by + entries.length) % Math.max(1, entries.length) : Math.max(0, Math.min(entries.length - 1, active + by)))
    else if (e.key === 'Enter') {
      // Who types fast presses Enter before the list is drawn anew.
      const text = e.currentTarget instanceof HTMLInputElement ? e.currentTarget.value : query
      go(text === query ? entries[active] : found(text, model)[0])
    }
    else return
    e.preventDefault()
  }
  return (
    <dialog ref={dialog} class="palette" aria-label="Command palette" onClose={close} onClick={(e) => { if (e.target === dialog.current) close() }}>
      <input type="text" role="combobox" aria-label="What do you want to do?" aria-expanded="true" aria-controls="palette-list" aria-autocomplete="list" autocomplete="off" spellcheck={false} autofocus
        aria-activedescendant={entries[active] ? `palette-${entries[active].key}` : undefined} placeholder="What do you want to do, or where to go?"
        value={query} onInput={(e) => { set(e.currentTarget.value); setAt(0) }} onKeyDown={keys} />
      <ul id="palette-list" role="listbox" aria-label="Actions and notes" class="plain-list">
        {entries.map((e, i) => <Line key={e.key} entry={e} active={i === active} onPress={() => go(e)} />)}
      </ul>
      <p class="sr-only" role="status">{entries.length} found</p>
      {entries.length === 0 && <p class="empty">Nothing found.</p>}
    </dialog>
  )
}

function Line({ entry, active, onPress }: { entry: Entry; active: boolean; onPress: () => void }) {
  const ref = useRef<HTMLLIElement>(null)
  useEffect(() => { if (active) ref.current?.scrollIntoView({ block: 'nearest' }) }, [active])
  const off = 'action' in entry && !possible(entry.action)
  return (
    <li ref={ref} id={`palette-${entry.key}`} role="option" aria-selected={active} aria-disabled={off} class="find-result" onClick={onPress}>
      {'action' in entry
        ? <><span class="find-text">{entry.action.title}</span><span class="hint">{entry.action.group}</span>{entry.action.keys?.[0] !== undefined && <kbd>{shown(entry.action.keys[0])}</kbd>}</>
        : <><Swatch kind={entry.note.kind} /><span class="find-text">{entry.note.text.replace(/\s+/g, ' ') || kindOf(entry.note.kind).name}</span><span class="hint">{entry.part || kindOf(entry.note.kind).name.toLowerCase()}</span></>}
    </li>
  )
}

/** found are the actions that match, and the notes; with nothing written, all actions that are possible. */
function found(query: string, model: BoardModel): Entry[] {
  const list: Entry[] = []
  for (const action of actions()) {
    if (action.hidden) continue
    const m = query.trim() === '' ? { score: 0 } : match(query, `${action.title} ${action.group}`)
    if (m && (query.trim() !== '' || possible(action))) list.push({ key: action.id.replace(/\W/g, '-'), score: m.score + (possible(action) ? 8 : -30), action })
  }
  for (const f of findAll(query, model, 30)) {
    const note = model.note(f.note)
    if (note && f.type !== 'person') list.push({ key: `n-${f.key}`, score: f.score, note, part: f.part })
  }
  return query.trim() === '' ? list : list.sort((a, b) => b.score - a.score).slice(0, 50)
}
