import { useEffect, useMemo, useState } from 'preact/hooks'
import { Trouble, plural, titleOf, useLoaded, useSlow } from '../details/parts'
import { everything, refocus, setFilter } from '../find/filter'
import { lookAt } from '../find/going'
import { api } from '../model/api'
import type { BoardModel } from '../model/board'
import type { Modules } from '../model/types'
import { diagram, type Arrow, type Box } from './diagram'
import { arrangeable, framed, laidInto, together } from './framing'
import './modules.css'

/** ModulesPanel shows who sends what to whom, and which teams each flow crosses. */
export function ModulesPanel({ model }: { model: BoardModel }) {
  const version = useSlow(model.version, 3000)
  const loaded = useLoaded<Modules>(() => api.modules(model.id), [model, version])
  const [chosen, choose] = useState('')
  const map = loaded.value
  useEffect(() => () => refocus(model), [model])
  return (
    <div class="modules">
      <Arrange model={model} onDone={loaded.again} />
      <Trouble text={loaded.error} again={loaded.again} />
      {!map && loaded.error === '' && <p class="empty" role="status">Drawing the map…</p>}
      {map && map.modules.length === 0 && <p class="empty">There are no modules yet. Select notes that belong together and make a module of them.</p>}
      {map && map.modules.length > 0 && <Picture model={model} map={map} chosen={chosen} onChoose={choose} />}
      {map && <Messages model={model} map={map} chosen={chosen} onChoose={choose} />}
      {map && <Flows model={model} map={map} />}
    </div>
  )
}

/** notesOf are the notes in a module with one of the names. */
function notesOf(model: BoardModel, names: readonly string[]): Set<string> {
  const keys = new Set(names.map(keyOf))
  const ids = new Set<string>()
  for (const n of model.notes()) if (keys.has(keyOf(n.text)) && n.kind !== 'module') ids.add(n.id)
  return ids
}

function keyOf(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '')
}

/** see shows some notes, and fades the rest. */
function see(model: BoardModel, ids: ReadonlySet<string>): void {
  if (ids.size === 0) return
  model.focus.value = ids
  lookAt(model, ids)
}

function seeModule(model: BoardModel, note: string): void {
  if (note === '') return
  setFilter(model, { ...everything, modules: [note] })
  lookAt(model, [note])
}

function Picture({ model, map, chosen, onChoose }: { model: BoardModel; map: Modules; chosen: string; onChoose: (key: string) => void }) {
  const d = useMemo(() => diagram(map), [map])
  return (
    <div class="module-scroll" tabIndex={0} role="group" aria-label="Map of the modules"><svg class="module-map" viewBox={`0 0 ${d.w} ${d.h}`} role="img" aria-label={`Map of ${plural(d.boxes.length, 'module')} and the messages between them; the list below says the same.`}>
      {d.arrows.map((a) => <ArrowView key={`${a.from} ${a.to}`} arrow={a} chosen={chosen === `${a.from} ${a.to}`} onPress={() => { onChoose(`${a.from} ${a.to}`); see(model, notesOf(model, a.names)) }} />)}
      {d.boxes.map((b) => <BoxView key={b.name} box={b} onPress={() => seeModule(model, b.note)} />)}
    </svg></div>
  )
}

function BoxView({ box, onPress }: { box: Box; onPress: () => void }) {
  return (
    <g class="module-box" onClick={onPress}>
      <rect x={box.x} y={box.y} width={box.w} height={box.h} rx="8" />
      <text x={box.x + box.w / 2} y={box.y + (box.team ? 25 : 34)} text-anchor="middle" class="module-name">{short(box.name, 18)}</text>
      {box.team && <text x={box.x + box.w / 2} y={box.y + 44} text-anchor="middle" class="module-team">{short(box.team, 22)}</text>}
    </g>
  )
}

function ArrowView({ arrow, chosen, onPress }: { arrow: Arrow; chosen: boolean; onPress: () => void }) {
  const { tip, label } = arrow
  const text = arrow.names.length === 1 ? short(arrow.names[0]!, 20) : String(arrow.names.length)
  return (
    <g class={`module-arrow ${chosen ? 'chosen' : ''}`} onClick={onPress}>
      <path d={arrow.path} class="module-reach" />
      <path d={arrow.path} class="module-line" />
      <path d="M0 0L-10 -5L-10 5Z" transform={`translate(${tip.x} ${tip.y}) rotate(${tip.angle})`} class="module-tip" />
      <text x={label.x} y={label.y + 4} text-anchor="middle" class="module-label">{text}</text>
    </g>
  )
}

function short(text: string, most: number): string {
  return text.length > most ? text.slice(0, most - 1) + '…' : text
}

function Messages({ model, map, chosen, onChoose }: { model: BoardModel; map: Modules; chosen: string; onChoose: (key: string) => void }) {
  if (map.modules.length === 0) return null
  return (
    <section class="panel-part">
      <h3>Messages between modules</h3>
      {map.messages.length === 0 && <p class="hint">None: each module is alone.</p>}
      <ul class="plain-list">
        {map.messages.map((m) => (
          <li key={`${m.from} ${m.to}`}>
            <button type="button" class={`note-button ${chosen === `${m.from} ${m.to}` ? 'chosen' : ''}`} onClick={() => { onChoose(`${m.from} ${m.to}`); see(model, notesOf(model, m.names)) }}>
              <span class="note-title"><strong>{m.from} → {m.to}</strong><span class="hint module-names">{m.names.join(', ')}</span></span>
              <span class="tag badge">{plural(m.names.length, 'message')}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Flows({ model, map }: { model: BoardModel; map: Modules }) {
  if (map.flows.length === 0) return null
  const flows = [...map.flows].sort((a, b) => b.teams.length - a.teams.length)
  return (
    <section class="panel-part">
      <h3>Flows and the teams they cross</h3>
      <ul class="plain-list">
        {flows.map((f) => (
          <li key={f.name}>
            <button type="button" class="note-button" onClick={() => see(model, new Set(f.notes))}>
              <span class="note-title">{f.name}<span class="hint module-names">{f.teams.length === 0 ? 'no team yet' : f.teams.join(' → ')}</span></span>
              <span class={`tag badge ${f.teams.length > 2 ? 'many' : ''}`}>{plural(f.teams.length, 'team')}</span>
            </button>
          </li>
        ))}
      </ul>
      <button type="button" class="quiet small" onClick={() => setFilter(model, everything)}>Show everything</button>
    </section>
  )
}

/** Arrange lays the selection into a module, a new one or one that is there. */
function Arrange({ model, onDone }: { model: BoardModel; onDone: () => void }) {
  const [name, setName] = useState('')
  const [team, setTeam] = useState('')
  const [into, setInto] = useState('')
  const selected = [...model.selection.value].map((id) => model.note(id)).filter((n) => n !== undefined).filter(arrangeable)
  const frames = [...model.notes()].filter((n) => n.kind === 'module').sort((a, b) => a.text.localeCompare(b.text))
  if (!model.mayEdit()) return null
  const whenDone = (op: string) => { model.done(op).then(onDone, () => { /* the model has told why not */ }) }
  const make = () => {
    const gesture = model.newId()
    const frame = model.note(into)
    const notes = together(selected, model.notes())
    if (frame) {
      const places = laidInto(frame, notes, [...model.notes()].filter((n) => n.module === frame.id))
      if (places.length > 0) whenDone(model.do('MoveNotes', { places, gesture }))
      return lookAt(model, [frame.id])
    }
    const made = framed(model.newId(), name.trim(), team.trim(), notes, model.notes())
    if (!made) return
    model.do('AddNotes', { notes: [made.frame], gesture })
    whenDone(model.do('MoveNotes', { places: made.places, gesture }))
    setName('')
    setTeam('')
    lookAt(model, [made.frame.id])
  }
  return (
    <form class="panel-part arrange" onSubmit={(e) => { e.preventDefault(); make() }}>
      <h3>Arrange the selection into a module</h3>
      <p class="hint" role="status">{selected.length === 0 ? 'Select the notes that belong together, on the wall or in a search.' : `${plural(selected.length, 'note')} selected.`}</p>
      {frames.length > 0 && (
        <label class="field"><span class="field-label">Module</span>
          <select value={into} onChange={(e) => setInto(e.currentTarget.value)}><option value="">A new one</option>{frames.map((f) => <option key={f.id} value={f.id}>{titleOf(f)}</option>)}</select>
        </label>
      )}
      {into === '' && (
        <div class="arrange-names">
          <label class="field"><span class="field-label">Name</span><input type="text" value={name} onInput={(e) => setName(e.currentTarget.value)} /></label>
          <label class="field"><span class="field-label">Team</span><input type="text" value={team} onInput={(e) => setTeam(e.currentTarget.value)} /></label>
        </div>
      )}
      <button type="submit" disabled={selected.length === 0 || (into === '' && name.trim() === '')}>Arrange</button>
    </form>
  )
}
