import type { BoardModel } from '../model/board'

/** ExchangePanel brings boards in and out. */
export function ExchangePanel({ model }: { model: BoardModel }) {
  return <p class="empty">Exchange{model.replaying.value === null ? '' : '.'}</p>
}
