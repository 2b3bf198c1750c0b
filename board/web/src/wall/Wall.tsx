import type { BoardModel } from '../model/board'

/** Wall is the board as a wall of notes. */
export function Wall({ model }: { model: BoardModel }) {
  return <div data-wall tabIndex={0} role="application" aria-label="Wall">{model.version.value > 0 && model.counts.notes} notes</div>
}
