import type { BoardModel } from '../model/board'

/** ListView is the whole board as a list. */
export function ListView({ model }: { model: BoardModel }) {
  return <p class="empty">The list{model.replaying.value === null ? '' : '.'}</p>
}
