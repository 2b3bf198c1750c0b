import type { BoardModel } from '../model/board'
import { sticks } from '../model/grammar'
import { kindOf, kinds } from '../model/kinds'
import type { Link, Note, NoteKind } from '../model/types'
import { applyFix } from '../text/fix'
import { mergeable, mergeSelected } from '../wall/edits'
import { about, Dot, Field, NoteButton, Swatch, nameOf, plural, titleOf, whenOf } from './parts'
import './details.css'

/** Details tells everything about the note that is selected, and lets it be changed. */
export function Details({ model }: { model: BoardModel }) {
  void model.version.value
  const notes = [...model.selection.value].map((id) => model.note(id)).filter((n) => n !== undefined)
  if (notes.length === 0) return <p class="empty">Select a note to see what is known of it.</p>
  if (notes.length > 1) return <Several model={model} notes={notes} />
  return <One model={model} note={notes[0]!} />
}

function Several({ model, notes }: { model: BoardModel; notes: Note[] }) {
  const stays = mergeable(model)[0]
  return (
    <section class="panel-part">
      <h3>{plural(notes.length, 'note')} selected</h3>
      <KindChoice model={model} notes={notes} />
      {stays && model.mayEdit() && <p><button type="button" class="small" onClick={() => mergeSelected(model)}>Merge into “{titleOf(stays)}”</button></p>}
      <ul class="plain-list">{notes.slice(0, 200).map((n) => <li key={n.id}><NoteButton model={model} note={n} /></li>)}</ul>
    </section>
  )
}

function One({ model, note }: { model: BoardModel; note: Note }) {
  void model.version.value
  const locked = !model.mayEdit()
  const frame = note.module ? model.note(note.module) : undefined
  return (
    <div class="details">
      <section class="panel-part">
        <h3 class="row"><Swatch kind={note.kind} /> {kindOf(note.kind).name}{note.pivotal && <span class="tag">pivotal</span>}{note.private && <span class="tag">only you see it</span>}</h3>
        <Field label="Text" rows={2} value={note.text} readonly={locked} onDone={(text) => model.do('RewriteNote', { id: note.id, text })} />
        <KindChoice model={model} notes={[note]} />
        {note.kind === 'event' && (
          <label class="row check"><input type="checkbox" checked={note.pivotal} disabled={locked} onChange={(e) => model.do('MarkPivotal', { ids: [note.id], pivotal: e.currentTarget.checked })} /> Pivotal event</label>
        )}
        {note.kind === 'module' && <Field label="Team" value={note.team} readonly={locked} onDone={(team) => model.do('AssignTeam', { id: note.id, team: team.trim() })} />}
        {note.kind === 'hotspot' && <Field label="Answer (leave empty while it is open)" rows={2} value={note.answer} readonly={locked} onDone={(answer) => model.do('AnswerHotspot', { id: note.id, answer: answer.trim() })} />}
        <Field label="Description" rows={3} value={note.doc} readonly={locked} placeholder="What it means, in words of the business" onDone={(doc) => model.do('DescribeNote', { id: note.id, doc })} />
      </section>
      <Problems model={model} note={note} />
      <Links model={model} note={note} locked={locked} />
      {sticks(note.kind) && <Attached model={model} note={note} locked={locked} />}
      <section class="panel-part">
        <h3>Where it comes from</h3>
        <dl class="facts">
          {frame && <><dt>Module</dt><dd>{titleOf(frame)}</dd></>}
          <dt>Written by</dt>
          <dd>{authors(note).map((id) => <span key={id} class="row"><Dot person={model.people().get(id)} /> {nameOf(model, id)}</span>)}<span class="hint">{whenOf(note.at, model.now())}</span></dd>
          {note.was.length > 0 && <><dt>Former names</dt><dd>{note.was.join(', ')}</dd></>}
          {votes(note) > 0 && <><dt>Votes</dt><dd>{votes(note)}</dd></>}
          {note.element !== '' && <><dt>In the storm</dt><dd><code>{note.element}</code></dd></>}
        </dl>
      </section>
    </div>
  )
}

function authors(note: Note): string[] {
  return note.authors.length > 0 ? note.authors : [note.by]
}

function votes(note: Note): number {
  return Object.values(note.votes).reduce((a, b) => a + b, 0)
}

function KindChoice({ model, notes }: { model: BoardModel; notes: Note[] }) {
  const first = notes[0]!.kind
  const same = notes.every((n) => n.kind === first)
  const wall = notes.some((n) => kindOf(n.kind).group === 'wall')
  if (wall) return null
  return (
    <label class="field">
      <span class="field-label">Kind</span>
      <select value={same ? first : ''} disabled={!model.mayEdit()} onChange={(e) => model.do('ChangeKind', { ids: notes.map((n) => n.id), kind: e.currentTarget.value as NoteKind })}>
        {!same && <option value="" disabled>Several kinds</option>}
        {kinds.filter((k) => k.group !== 'wall').map((k) => <option key={k.kind} value={k.kind}>{k.name}</option>)}
      </select>
    </label>
  )
}

function Problems({ model, note }: { model: BoardModel; note: Note }) {
  const list = model.problems.value.filter((p) => about(p).includes(note.id))
  if (list.length === 0) return null
  return (
    <section class="panel-part">
      <h3>Problems</h3>
      <ul class="plain-list">
        {list.map((p) => (
          <li key={p.code + p.message} class={`problem problem-${p.severity}`}>
            <p><strong>{p.message}</strong> <span class="tag">{p.severity} {p.code}</span></p>
            {p.help && <p class="hint">{p.help}</p>}
            {model.mayEdit() && (p.fixes ?? []).map((f, i) => <button key={i} type="button" onClick={() => applyFix(model, f)}>{f.message}</button>)}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Links({ model, note, locked }: { model: BoardModel; note: Note; locked: boolean }) {
  const links = model.linksOf(note.id)
  if (links.length === 0) return null
  return (
    <section class="panel-part">
      <h3>Links</h3>
      <ul class="plain-list">{links.map((l) => <LinkRow key={l.id} model={model} note={note} link={l} locked={locked} />)}</ul>
    </section>
  )
}

function LinkRow({ model, note, link, locked }: { model: BoardModel; note: Note; link: Link; locked: boolean }) {
  const out = link.from === note.id
  const other = model.note(out ? link.to : link.from)
  if (!other) return null
  return (
    <li class="row link-row">
      <span class="hint link-verb">{out ? link.verb : `← ${link.verb}`}</span>
      <NoteButton model={model} note={other} />
      {!locked && <button type="button" class="quiet" aria-label={`Take away the link with ${titleOf(other)}`} onClick={() => model.do('UnlinkNotes', { ids: [link.id] })}>✕</button>}
    </li>
  )
}

function Attached({ model, note, locked }: { model: BoardModel; note: Note; locked: boolean }) {
  const hosts = note.on.map((id) => model.note(id)).filter((n) => n !== undefined)
  return (
    <section class="panel-part">
      <h3>Attached to</h3>
      {hosts.length === 0 && <p class="hint">Nothing. Drag a link from it to a note, or choose “Link to” in the list view.</p>}
      <ul class="plain-list">
        {hosts.map((h) => (
          <li key={h.id} class="row link-row">
            <NoteButton model={model} note={h} />
            {!locked && <button type="button" class="quiet" aria-label={`Detach from ${titleOf(h)}`} onClick={() => model.do('AttachSticky', { id: note.id, on: note.on.filter((id) => id !== h.id) })}>✕</button>}
          </li>
        ))}
      </ul>
    </section>
  )
}
