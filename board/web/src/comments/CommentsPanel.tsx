import type { BoardModel } from '../model/board'

/** CommentsPanel is what people say about notes. */
export function CommentsPanel({ model }: { model: BoardModel }) {
  return <p class="empty">Comments{model.replaying.value === null ? '' : '.'}</p>
}
