import type { BoardModel } from '../model/board'
import { Export } from './Export'
import { Import } from './Import'
import { Land } from './Land'
import { Minutes } from './Minutes'
import './exchange.css'

/** ExchangePanel is where the storm lands, and where boards come from and go to. */
export function ExchangePanel({ model }: { model: BoardModel }) {
  return (
    <div class="exchange">
      <Land model={model} />
      <Export model={model} />
      <Import model={model} />
      <Minutes model={model} />
    </div>
  )
}
