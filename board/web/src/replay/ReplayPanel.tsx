import type { BoardModel } from '../model/board'

/** ReplayPanel is the bar that replays the session. */
export function ReplayPanel({ model }: { model: BoardModel }) {
  return <p class="empty">Replay{model.replaying.value === null ? '' : '.'}</p>
}
