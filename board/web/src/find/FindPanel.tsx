import { signal } from '@preact/signals'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { Swatch, nameOf, plural, useSlow } from '../details/parts'
import type { BoardModel } from '../model/board'
import { kindOf, kinds } from '../model/kinds'
import { findAll, pieces, type Found } from './everything'
import { everything, filter, filters, passing, setFilter, type Filter } from './filter'
import { goTo } from './going'
import './find.css'

/** What was looked for last: it is there again when the panel is opened again. */
const query = signal('')

/** FindPanel looks for anything on the board, and fades what one does not want to see. */
export function FindPanel({ model }: { model: BoardModel }) {
  return (
    <div class="find">
      <Search model={model} />
      <Filters model={model} />
    </div>
  )
}

function Search({ model }: { model: BoardModel }) {
  const version = useSlow(model.version, 400)
  const input = useRef<HTMLInputElement>(null)
  const [at, setAt] = useState(0)
  const q = query.value
  const found = useMemo(() => findAll(q, model), [q, version])
  const active = Math.min(at, found.length - 1)
  useEffect(() => input.current?.select(), [])
  const keys = (e: KeyboardEvent) => {
    const by = e.key === 'ArrowDown' ? 1 : e.key === 'ArrowUp' ? -1 : 0
    if (by !== 0) {
      e.preventDefault()
      setAt((active + by + found.length) % Math.max(1, found.length))
    } else if (e.key === 'Enter') {
      // Who types fast presses Enter before the list is drawn anew.
      const hit = query.peek() === q ? found[active] : findAll(query.peek(), model)[0]
      if (!hit) return
      e.preventDefault()
      go(model, hit)
      if (!e.shiftKey) setAt((active + 1) % found.length)
    }
  }
  return (
    <section class="panel-part">
      <label class="field">
        <span class="field-label">Find on the board</span>
        <input ref={input} type="search" value={q} role="combobox" aria-expanded={found.length > 0} aria-controls="find-results" aria-autocomplete="list"
          aria-activedescendant={found[active] ? `find-${found[active].key}` : undefined} placeholder="Notes, comments, people, terms" autocomplete="off" spellcheck={false}
          onInput={(e) => { query.value = e.currentTarget.value; setAt(0) }} onKeyDown={keys} />
      </label>
      <p class="hint" role="status">{q.trim() === '' ? 'Enter goes to the next match.' : found.length === 0 ? 'Nothing found.' : plural(found.length, 'match', 'matches')}</p>
      <ul id="find-results" role="listbox" aria-label="Matches" class="plain-list find-results">
        {found.map((f, i) => <Result key={f.key} model={model} found={f} active={i === active} onPress={() => { setAt(i); go(model, f) }} />)}
      </ul>
    </section>
  )
}

function go(model: BoardModel, f: Found): void {
  if (f.type === 'person') setFilter(model, { ...filter.peek(), authors: [f.key] })
  else goTo(model, f.note)
}

function Result({ model, found, active, onPress }: { model: BoardModel; found: Found; active: boolean; onPress: () => void }) {
  const ref = useRef<HTMLLIElement>(null)
  useEffect(() => { if (active) ref.current?.scrollIntoView({ block: 'nearest' }) }, [active])
  const note = model.note(found.note)
  return (
    <li ref={ref} id={`find-${found.key}`} role="option" aria-selected={active} class="find-result" onClick={onPress}>
      {note ? <Swatch kind={note.kind} /> : <span class="dot" />}
      <span class="find-text">
        <span>{(found.part === '' ? pieces(found.text, found.marks) : [{ text: found.title, hit: false }]).map((p, i) => (p.hit ? <mark key={i}>{p.text}</mark> : p.text))}</span>
        {found.part !== '' && <span class="hint">{found.part}: {pieces(found.text.slice(0, 200), found.marks).map((p, i) => (p.hit ? <mark key={i}>{p.text}</mark> : p.text))}</span>}
      </span>
      <span class="hint">{found.type === 'person' ? 'shows their notes' : note ? kindOf(note.kind).name.toLowerCase() : ''}</span>
    </li>
  )
}

function Filters({ model }: { model: BoardModel }) {
  useSlow(model.version, 400)
  const f = filter.value
  const selection = [...model.selection.value].filter((id) => model.note(id))
  const change = (more: Partial<Filter>) => setFilter(model, { ...filter.peek(), ...more })
  const frames = [...model.notes()].filter((n) => n.kind === 'module').sort((a, b) => a.text.localeCompare(b.text))
  const modules = [...new Set(selection.map((id) => { const n = model.note(id)!; return n.kind === 'module' ? id : n.module }).filter((m) => m !== ''))]
  const present = new Set([...model.notes()].map((n) => n.kind))
  const people = [...model.people().values()].sort((a, b) => a.name.localeCompare(b.name))
  const shown = passing(f, model)
  return (
    <section class="panel-part">
      <h3>Show only</h3>
      <p class="hint" role="status">{shown ? `${plural(shown.size, 'note')} shown, the others are faded.` : 'Everything is shown.'}</p>
      <div class="row">
        <button type="button" aria-pressed={f.flow.length > 0} disabled={f.flow.length === 0 && selection.length === 0} onClick={() => change({ flow: f.flow.length > 0 ? [] : selection })}>This flow</button>
        <button type="button" aria-pressed={f.modules.length > 0} disabled={f.modules.length === 0 && modules.length === 0} onClick={() => change({ modules: f.modules.length > 0 ? [] : modules })}>This module</button>
        <button type="button" aria-pressed={f.openHotspots} onClick={() => change({ openHotspots: !f.openHotspots })}>Open hotspots</button>
        <button type="button" disabled={!filters(f)} onClick={() => setFilter(model, everything)}>Show all</button>
      </div>
      {f.flow.length === 0 && selection.length === 0 && <p class="hint">Select a note to see the flow that it is part of.</p>}
      <fieldset class="kind-filter">
        <legend>Kinds</legend>
        {kinds.filter((k) => present.has(k.kind)).map((k) => (
          <label key={k.kind} class="row"><input type="checkbox" checked={f.kinds.includes(k.kind)} onChange={(e) => change({ kinds: e.currentTarget.checked ? [...f.kinds, k.kind] : f.kinds.filter((x) => x !== k.kind) })} /><Swatch kind={k.kind} /> {k.name}</label>
        ))}
      </fieldset>
      {frames.length > 0 && <Choice label="Module" all="All modules" value={f.modules[0] ?? ''} options={frames.map((m) => [m.id, m.text])} onChange={(v) => change({ modules: v ? [v] : [] })} />}
      {people.length > 1 && <Choice label="Written by" all="Everybody" value={f.authors[0] ?? ''} options={people.map((p) => [p.id, nameOf(model, p.id)])} onChange={(v) => change({ authors: v ? [v] : [] })} />}
    </section>
  )
}

function Choice(o: { label: string; all: string; value: string; options: [string, string][]; onChange: (value: string) => void }) {
  return (
    <label class="field">
      <span class="field-label">{o.label}</span>
      <select value={o.value} onChange={(e) => o.onChange(e.currentTarget.value)}>
        <option value="">{o.all}</option>
        {o.options.map(([id, name]) => <option key={id} value={id}>{name}</option>)}
      </select>
    </label>
  )
}
