import { useEffect, useState } from 'preact/hooks'
import { Dot, Swatch, Trouble, nameOf, plural, titleOf, useLoaded, useSlow } from '../details/parts'
import { refocus } from '../find/filter'
import { goTo, lookAt } from '../find/going'
import { api } from '../model/api'
import type { BoardModel } from '../model/board'
import type { Duplicate, Note } from '../model/types'
import { groupsOf, pairsApart, type Group } from './groups'
import './duplicates.css'

const strictness: readonly [number, string][] = [[0.95, 'Nearly the same'], [0.8, 'Alike'], [0.7, 'Somewhat alike']]

/** DuplicatesPanel goes through notes that may mean the same, group by group, and merges them or keeps them apart. */
export function DuplicatesPanel({ model }: { model: BoardModel }) {
  const [least, setLeast] = useState(0.8)
  const loaded = useLoaded<Duplicate[]>(() => api.duplicates(model.id, least), [model, least])
  const [apart, setApart] = useState<ReadonlySet<string>>(new Set())
  const [at, setAt] = useState(0)
  useSlow(model.version, 300)
  const groups = groupsOf(loaded.value ?? [], (id) => model.note(id), apart)
  const index = Math.max(0, Math.min(at, groups.length - 1))
  const group = groups[index]
  const key = group?.key ?? ''
  useEffect(() => {
    if (!group) return undefined
    look(model, group)
    return () => refocus(model)
  }, [model, key])
  const settle = (ids: string[]) => {
    for (const [a, b] of pairsApart(ids)) model.do('KeepApart', { id: model.newId(), a, b })
    setApart(new Set([...apart, ...pairsApart(ids).map(([a, b]) => pairKey(a, b))]))
  }
  return (
    <div class="duplicates">
      <label class="field"><span class="field-label">Propose what is</span>
        <select value={least} onChange={(e) => { setLeast(Number(e.currentTarget.value)); setAt(0) }}>{strictness.map(([v, name]) => <option key={v} value={v}>{name}</option>)}</select>
      </label>
      <Trouble text={loaded.error} again={loaded.again} />
      {loaded.busy && !loaded.value && <p class="empty" role="status">Comparing notes…</p>}
      {loaded.value && groups.length === 0 && <p class="empty">Nothing looks alike. <button type="button" class="quiet" onClick={loaded.again}>Look again</button></p>}
      {group && (
        <>
          <div class="row apart">
            <button type="button" disabled={index === 0} onClick={() => setAt(index - 1)}>← Before</button>
            <span role="status" class="badge">{index + 1} of {groups.length}</span>
            <button type="button" disabled={index === groups.length - 1} onClick={() => setAt(index + 1)}>Next →</button>
          </div>
          <GroupView key={group.key} model={model} group={group} onApart={settle} />
        </>
      )}
      {loaded.value && groups.length === 0 && model.mayEdit() && <p class="hint">Notes that you find yourself: select them, the one that stays first, and merge them by their menu.</p>}
      {loaded.value && groups.length > 0 && <p class="hint">Ask those who wrote them before you merge: do they really mean the same? <button type="button" class="quiet small" onClick={loaded.again}>Compare anew</button></p>}
    </div>
  )
}

function pairKey(a: string, b: string): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`
}

/** look shows a group on the wall, and fades the rest. */
function look(model: BoardModel, group: Group): void {
  const ids = new Set(group.notes.map((n) => n.id))
  model.select(ids)
  model.focus.value = ids
  lookAt(model, ids)
}

function GroupView({ model, group, onApart }: { model: BoardModel; group: Group; onApart: (ids: string[]) => void }) {
  const [into, setInto] = useState(group.notes[0]!.id)
  const [out, setOut] = useState<ReadonlySet<string>>(new Set())
  const stays = group.notes.find((n) => n.id === into) ?? group.notes[0]!
  const from = group.notes.filter((n) => n.id !== stays.id && !out.has(n.id))
  const may = model.mayEdit()
  const merge = () => {
    model.do('MergeNotes', { into: stays.id, from: from.map((n) => n.id) })
    model.tell(`Merged ${plural(from.length + 1, 'note')} into “${titleOf(stays)}”. Undo takes it back.`)
  }
  return (
    <section class="panel-part group" aria-label="Proposal">
      <p class="row"><span class="tag badge">{Math.round(group.score * 100)}%</span> <span>{group.why}</span></p>
      <fieldset class="choices">
        <legend>Which text stays?</legend>
        {group.notes.map((n) => (
          <Choice key={n.id} model={model} note={n} stays={n.id === stays.id} out={out.has(n.id)} many={group.notes.length > 2}
            onStay={() => setInto(n.id)} onOut={(leave) => setOut(new Set(leave ? [...out, n.id] : [...out].filter((id) => id !== n.id)))} />
        ))}
      </fieldset>
      {may && (
        <div class="row">
          <button type="button" class="primary" disabled={from.length === 0} onClick={merge}>Merge {from.length > 0 ? plural(from.length + 1, 'note') : ''}</button>
          <button type="button" onClick={() => onApart(group.notes.map((n) => n.id))}>Not the same</button>
        </div>
      )}
      <p class="hint">Merging keeps links, comments, votes and authors. The other texts stay known as former names.</p>
    </section>
  )
}

function Choice(o: { model: BoardModel; note: Note; stays: boolean; out: boolean; many: boolean; onStay: () => void; onOut: (leave: boolean) => void }) {
  const n = o.note
  const frame = n.module ? o.model.note(n.module) : undefined
  const who = n.authors.length > 0 ? n.authors : [n.by]
  const links = o.model.linksOf(n.id).length
  const comments = o.model.comments(n.id).length
  const facts = [frame ? `in ${titleOf(frame)}` : '', links > 0 ? plural(links, 'link') : '', comments > 0 ? plural(comments, 'comment') : ''].filter((f) => f !== '')
  return (
    <div class={`choice ${o.stays ? 'stays' : ''}`}>
      <label class="row choice-stay">
        <input type="radio" name="stays" checked={o.stays} onChange={o.onStay} />
        <Swatch kind={n.kind} />
        <span class="choice-text">{titleOf(n)}<span class="hint row">{who.map((id) => <span key={id} class="row"><Dot person={o.model.people().get(id)} />{nameOf(o.model, id)}</span>)} {facts.join(', ')}</span></span>
      </label>
      <span class="row">
        <button type="button" class="quiet small" onClick={() => goTo(o.model, n.id)} aria-label={`Show ${titleOf(n)} on the wall`}>Show</button>
        {o.many && !o.stays && <label class="row hint"><input type="checkbox" checked={o.out} onChange={(e) => o.onOut(e.currentTarget.checked)} /> leave out</label>}
      </span>
    </div>
  )
}
