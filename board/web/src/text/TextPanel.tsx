import type { BoardModel } from '../model/board'

/** TextPanel shows the storm's text. */
export function TextPanel({ model }: { model: BoardModel }) {
  return <p class="empty">The text{model.replaying.value === null ? '' : '.'}</p>
}
