import { Swatch, about, plural, titleOf } from '../details/parts'
import type { BoardModel } from '../model/board'
import { kindOf } from '../model/kinds'
import type { Note, Problem } from '../model/types'
import { current, open as opened } from './state'

/** describe says of a note what its place on the wall shows to those who see it. */
export function describe(model: BoardModel, note: Note): string {
  const says: string[] = []
  if (note.pivotal) says.push('pivotal')
  if (note.private) says.push('only you see it')
  for (const l of model.linksOf(note.id)) {
    if (l.from !== note.id) continue
    const to = model.note(l.to)
    if (to) says.push(`${l.verb} ${titleOf(to)}`)
  }
  if (note.kind === 'hotspot') says.push(note.answer === '' ? 'open' : `answered: ${note.answer}`)
  const votes = Object.values(note.votes).reduce((a, b) => a + b, 0)
  if (votes > 0) says.push(plural(votes, 'vote'))
  const comments = model.comments(note.id).filter((c) => !c.settled).length
  if (comments > 0) says.push(plural(comments, 'comment'))
  for (const p of problemsOf(model.problems.value).get(note.id) ?? []) says.push(`${p.severity}: ${p.message}`)
  return says.join('; ')
}

const sorted = new WeakMap<readonly Problem[], Map<string, Problem[]>>()

/** problemsOf sorts problems by their notes, once for each list of them. */
function problemsOf(list: readonly Problem[]): Map<string, Problem[]> {
  let byNote = sorted.get(list)
  if (!byNote) {
    byNote = new Map()
    for (const p of list) {
      for (const id of about(p)) {
        const of = byNote.get(id)
        if (of) of.push(p)
        else byNote.set(id, [p])
      }
    }
    sorted.set(list, byNote)
  }
  return byNote
}

/** RowText is the line of a note in the list. */
export function RowText({ note, says, focusable, open }: { note: Note; says: string; focusable: boolean; open: boolean }) {
  return (
    <button type="button" data-row={note.id} class="list-line" tabIndex={focusable ? 0 : -1} aria-expanded={open}
      onFocus={() => (current.value = note.id)} onClick={() => (opened.value = open ? '' : note.id)}>
      <Swatch kind={note.kind} />
      <span class="list-kind">{kindOf(note.kind).name}</span>
      <span class="sr-only">: </span>
      <span class="list-title">{titleOf(note)}{says !== '' && <span class="hint list-says"><span class="sr-only">. </span>{says}</span>}</span>
    </button>
  )
}
