import { api } from '../model/api'
import type { BoardModel } from '../model/board'
import { notesOf } from './edits'

/** tidied returns the notes to put into order: those selected, or none for all of them. One note alone is always in order, unless it is a frame. */
export function tidied(model: BoardModel): string[] | undefined {
  const notes = notesOf(model, model.selection.peek())
  return notes.length > 1 || notes.some((n) => n.kind === 'module') ? notes.map((n) => n.id) : undefined
}

/** tidy has the server put the selected notes into order, or all; they move when it says so. */
export async function tidy(model: BoardModel, ask: typeof api.tidy = api.tidy): Promise<void> {
  try {
    const some = tidied(model)
    const { moved } = await ask(model.id, some)
    if (moved === 0) model.tell(some ? 'What is selected is in order already. With nothing selected, everything is tidied.' : 'Everything is in order already.')
  } catch (why) {
    model.tell(why instanceof Error ? why.message : String(why), 'error')
  }
}
