import type { BoardModel } from '../model/board'

/** SessionPanel guides the team through the phases. */
export function SessionPanel({ model }: { model: BoardModel }) {
  return <p class="empty">The session{model.replaying.value === null ? '' : '.'}</p>
}
