import type { BoardModel } from '../model/board'

/** ModulesPanel is the map of messages between modules. */
export function ModulesPanel({ model }: { model: BoardModel }) {
  return <p class="empty">Modules{model.replaying.value === null ? '' : '.'}</p>
}
