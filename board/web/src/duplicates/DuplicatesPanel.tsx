import type { BoardModel } from '../model/board'

/** DuplicatesPanel proposes notes to be merged. */
export function DuplicatesPanel({ model }: { model: BoardModel }) {
  return <p class="empty">Duplicates{model.replaying.value === null ? '' : '.'}</p>
}
