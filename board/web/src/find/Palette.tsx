import type { BoardModel } from '../model/board'

/** Palette is the command palette, open while palette is set. */
export function Palette({ model }: { model: BoardModel }) {
  return <p class="empty">{model.replaying.value === null ? '' : '.'}</p>
}
