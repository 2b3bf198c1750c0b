import { useMemo, useRef, useState } from 'preact/hooks'
import { Swatch, titleOf } from '../details/parts'
import { match } from '../find/fuzzy'
import type { BoardModel } from '../model/board'
import { linkable, type Linkable } from '../model/grammar'
import type { Note } from '../model/types'
import { byFlow } from './order'

/** Target is a note that another can be linked with, and what the link would say. */
export interface Target {
  note: Note
  link: Exclude<Linkable, { reason: string }>
  says: string
}

/** targetsOf are all notes that a note can be linked with and is not, in the order of time. */
export function targetsOf(model: Pick<BoardModel, 'notes' | 'linksOf'>, note: Note): Target[] {
  const linked = new Set(model.linksOf(note.id).map((l) => (l.from === note.id ? l.to : l.from)))
  const list: Target[] = []
  for (const n of [...model.notes()].sort(byFlow)) {
    if (n.id === note.id || linked.has(n.id) || note.on.includes(n.id) || n.on.includes(note.id)) continue
    const link = linkable(note, n)
    if ('reason' in link) continue
    list.push({ note: n, link, says: 'verb' in link ? (link.reversed ? `${titleOf(n)} ${link.verb} this` : `${link.verb} ${titleOf(n)}`) : link.sticky === note.id ? `stick on ${titleOf(n)}` : `${titleOf(n)} sticks on this` })
  }
  return list
}

/** LinkTo is a combobox of all notes that a note can be linked with. */
export function LinkTo({ model, note }: { model: BoardModel; note: Note }) {
  const [text, set] = useState('')
  const [at, setAt] = useState(0)
  const input = useRef<HTMLInputElement>(null)
  const [open, show] = useState(false)
  const all = useMemo(() => (open ? targetsOf(model, note) : []), [open, note, model.version.value])
  const list = useMemo(() => rank(all, text), [all, text])
  const active = Math.min(at, list.length - 1)
  const choose = (t: Target | undefined) => {
    if (!t) return
    link(model, t, note)
    set('')
    setAt(0)
    show(false)
  }
  const keys = (e: KeyboardEvent) => {
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      show(true)
      setAt((active + (e.key === 'ArrowDown' ? (open ? 1 : 0) : -1) + list.length) % Math.max(1, list.length))
    } else if (e.key === 'Enter' && open) choose(input.current?.value === text ? list[active] : rank(all, input.current?.value ?? '')[0])
    else if (e.key === 'Escape' && open) show(false)
    else return
    e.preventDefault()
  }
  const id = `link-${note.id}`
  return (
    <div class="link-to">
      <label class="field"><span class="field-label">Link with</span>
        <input ref={input} type="text" role="combobox" aria-expanded={open && list.length > 0} aria-controls={id} aria-autocomplete="list" autocomplete="off" value={text} placeholder="Only what can be linked is proposed"
          aria-activedescendant={open && list[active] ? `${id}-${active}` : undefined}
          onFocus={() => show(true)} onBlur={() => setTimeout(() => show(false), 150)} onInput={(e) => { set(e.currentTarget.value); setAt(0); show(true) }} onKeyDown={keys} />
      </label>
      <ul id={id} role="listbox" aria-label="Possible links" class="plain-list link-list" hidden={!open || list.length === 0}>
        {open && list.map((t, i) => (
          <li key={t.note.id} id={`${id}-${i}`} role="option" aria-selected={i === active} class="find-result" onMouseDown={(e) => { e.preventDefault(); choose(t) }}><Swatch kind={t.note.kind} /> {t.says}</li>
        ))}
      </ul>
      {open && list.length === 0 && <p class="hint" role="status">{all.length === 0 ? 'There is nothing that it could be linked with.' : 'Nothing fits.'}</p>}
    </div>
  )
}

function rank(all: Target[], text: string): Target[] {
  if (text.trim() === '') return all.slice(0, 50)
  return all
    .map((t) => ({ t, m: match(text, t.note.text) }))
    .filter((r) => r.m !== null)
    .sort((a, b) => b.m!.score - a.m!.score)
    .slice(0, 50)
    .map((r) => r.t)
}

function link(model: BoardModel, t: Target, note: Note): void {
  if ('verb' in t.link) {
    const [from, to] = t.link.reversed ? [t.note.id, note.id] : [note.id, t.note.id]
    model.do('LinkNotes', { links: [{ id: model.newId(), from, to }] })
  } else {
    const sticky = model.note(t.link.sticky)
    if (sticky) model.do('AttachSticky', { id: sticky.id, on: [...sticky.on, t.link.on] })
  }
  model.tell(`Linked: ${t.says}.`)
}
