import type { BoardModel } from '../model/board'
import type { Fix, TextChanges } from '../model/types'

/** Applies a fix of a problem to the texts that it edits, as one edit of each file. Who cannot be reached by then is told by the model. */
export function applyFix(model: BoardModel, fix: Fix): void {
  for (const path of new Set(fix.edits.map((e) => e.path))) {
    const file = model.file(path)
    if (!file) {
      model.tell(`The file ${path} is not open on the board.`, 'error')
      return
    }
    const changes = changesOf(file.text.length, fix.edits.filter((e) => e.path === path))
    if (!changes) {
      model.tell('The text has changed since: look at the problem again.', 'error')
      return
    }
    model.do('EditText', { path, version: file.version, changes, client: model.newId() })
  }
}

/** Edits of a text of some length in CodeMirror's JSON form, or null when they do not fit it. */
export function changesOf(length: number, edits: readonly { from: number; to: number; insert: string }[]): TextChanges | null {
  const parts: TextChanges = []
  let at = 0
  for (const e of [...edits].sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (e.from < at || e.to < e.from || e.to > length) return null
    if (e.from > at) parts.push(e.from - at)
    if (e.to > e.from || e.insert !== '') parts.push(e.insert === '' ? [e.to - e.from] : [e.to - e.from, ...e.insert.split('\n')])
    at = e.to
  }
  if (at < length) parts.push(length - at)
  return parts
}
