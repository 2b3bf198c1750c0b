import type { Commands, Op, TextChanges } from './types'

/**
 * rescue brings an edit of a file, which an earlier visit could not send, up to
 * date with the edits of others since. ops are all operations since it was made.
 * It returns undefined when there is nothing to be sent: the edit is among them, or
 * the file has been written anew.
 */
export async function rescue(id: string, edit: Commands['EditText'], ops: readonly Op[]): Promise<Commands['EditText'] | undefined> {
  if (ops.some((op) => op.id === id)) return undefined
  const { ChangeSet } = await import('@codemirror/state') // few visits need it
  let mine = ChangeSet.fromJSON(edit.changes)
  let version = edit.version
  for (const change of ops.flatMap((op) => op.changes)) {
    if (change.id !== 'file:' + edit.path) continue
    if (change.edit && change.edit.version <= version) continue
    if (change.edit?.version !== version + 1) return undefined
    mine = mine.map(ChangeSet.fromJSON(change.edit.changes))
    version++
  }
  return mine.empty ? undefined : { ...edit, version, changes: mine.toJSON() as TextChanges }
}
