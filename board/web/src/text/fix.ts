import type { BoardModel } from '../model/board'
import type { Fix, TextChanges } from '../model/types'
import { edit, Late } from './edit'

type Edit = Fix['edits'][number]

/**
 * Applies a fix of a problem to the texts that it edits, as one edit of each file. What
 * others write elsewhere in them meanwhile moves it. Who cannot be reached by then is
 * told by the model.
 */
export function applyFix(model: BoardModel, fix: Fix): void {
  for (const path of new Set(fix.edits.map((e) => e.path))) {
    const file = model.file(path)
    if (!file) {
      model.tell(`The file ${path} is not open on the board.`, 'error')
      return
    }
    const edits = fix.edits.filter((e) => e.path === path)
    edit(model, path, (text) => {
      const changes = changesOf(text.length, moved(edits, file.text, text))
      if (!changes) throw new Late('The text has changed since: look at the problem again.')
      return changes
    }).catch((why: unknown) => {
      if (why instanceof Late) model.tell(why.message, 'error') // of a refusal the model tells
    })
  }
}

/** moved are edits of a text in what became of it, or none that fits when what they edit was edited. */
function moved(edits: readonly Edit[], from: string, to: string): readonly Edit[] {
  if (from === to) return edits
  const most = Math.min(from.length, to.length)
  let head = 0
  while (head < most && from[head] === to[head]) head++
  let tail = 0
  while (tail < most - head && from[from.length - 1 - tail] === to[to.length - 1 - tail]) tail++
  const by = to.length - from.length
  return edits.map((e) => {
    if (e.to <= head) return e
    if (e.from >= from.length - tail) return { ...e, from: e.from + by, to: e.to + by }
    return { ...e, from: -1 }
  })
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
