import { titleOf } from '../details/parts'
import type { BoardModel } from '../model/board'
import { swapped, type Part } from './order'
import { keep } from './state'

/** shift moves a note earlier or later, and says what became of it. */
export function shift(model: BoardModel, part: Part, id: string, by: -1 | 1): void {
  const at = part.rows.findIndex((r) => r.note.id === id)
  const places = swapped(part, id, by)
  if (places.length === 0) {
    model.tell(at < 0 ? 'What is attached moves with its note.' : by < 0 ? 'It is the first already.' : 'It is the last already.')
    return
  }
  keep.row = id
  model.do('MoveNotes', { places })
  model.tell(`Moved ${by < 0 ? 'before' : 'after'} ${titleOf(part.rows[at + by]!.note)}.`)
}
