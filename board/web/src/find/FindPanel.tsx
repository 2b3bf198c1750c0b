import type { BoardModel } from '../model/board'

/** FindPanel finds notes and filters them. */
export function FindPanel({ model }: { model: BoardModel }) {
  return <p class="empty">Find{model.replaying.value === null ? '' : '.'}</p>
}
