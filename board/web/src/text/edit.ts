import { Refused } from '../model/answers'
import type { BoardModel } from '../model/board'
import type { TextChanges } from '../model/types'

/** how often an edit is made anew because somebody else was faster */
const tries = 5
/** ms to wait for what others wrote, once an edit is known to have come too late */
const patience = 2_000

/** Late says that others have edited a text so much that an edit of it cannot be made any more. */
export class Late extends Error {}

/**
 * edit edits a file of the board where no editor looks after it. When somebody else was
 * faster, it is made anew on what they wrote. make returns the changes for a text, or
 * null when there is nothing to change. edit resolves when the server has the edit, and
 * rejects with a Refused, or a Late.
 */
export async function edit(model: BoardModel, path: string, make: (text: string) => TextChanges | null): Promise<void> {
  for (let left = tries; ; left--) {
    const file = model.file(path)
    if (!file) throw new Late(`The file ${path} is not on the board any more.`)
    const changes = make(file.text)
    if (!changes) return
    try {
      return await model.done(model.do('EditText', { path, version: file.version, changes, client: model.newId() }))
    } catch (why) {
      if (!(why instanceof Refused) || why.code !== 'stale') throw why
      if (left === 0) throw new Late(`${path} is being edited all the time. Try again in a moment.`)
    }
    await another(model, path, file.version)
  }
}

/** another waits until a file has another version, which comes after the news that there is one. */
function another(model: BoardModel, path: string, version: number): Promise<void> {
  const there = () => model.file(path)?.version !== version
  return new Promise((resolve) => {
    if (there()) return resolve()
    const stop = model.onChange(() => { if (there()) over() })
    const timer = setTimeout(() => over(), patience)
    const over = () => {
      stop()
      clearTimeout(timer)
      resolve()
    }
  })
}
