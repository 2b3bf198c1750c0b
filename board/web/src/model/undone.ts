import type { Op } from './types'

/**
 * undone says what an undo or a redo has left as it was, because others have gone
 * on from it, or undefined when it did all that was asked. isNote tells of an id
 * whether it is that of a note.
 */
export function undone(op: Pick<Op, 'what' | 'changes' | 'kept'>, isNote: (id: string) => boolean): string | undefined {
  if (op.what !== 'StepUndone' && op.what !== 'StepRedone') return undefined
  const kept = op.kept ?? []
  const done = op.what === 'StepUndone' ? 'taken back' : 'done again'
  if (op.changes.length === 0) {
    return kept.length > 0 ? `Nothing was ${done}: others have gone on from it.` : `Nothing was ${done}: it is gone, or too much for one step.`
  }
  if (kept.length === 0) return undefined
  const what = kept.every(isNote) ? 'note' : 'thing'
  return `${kept.length} ${what}${kept.length === 1 ? '' : 's'} stayed: others have gone on from ${kept.length === 1 ? 'it' : 'them'}.`
}
