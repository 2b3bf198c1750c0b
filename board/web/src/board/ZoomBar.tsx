import { run } from '../actions/registry'
import { Icon } from '../icons'
import type { BoardModel } from '../model/board'
import { minimap } from '../shell'

/** ZoomBar says how large the board is seen, and changes it. */
export function ZoomBar({ model }: { model: BoardModel }) {
  const percent = Math.round(model.camera.value.zoom * 100)
  return (
    <div class="zoom-bar" role="group" aria-label="Zoom">
      <button type="button" class="quiet icon-button" aria-label="Zoom out" title="Zoom out (−)" onClick={() => run('view.zoom.out')}><Icon name="minus" /></button>
      <button type="button" class="quiet zoom-percent" aria-label={`Zoom is ${percent} percent. Zoom to full size`} title="Full size (0)" onClick={() => run('view.zoom.one')}>{percent}%</button>
      <button type="button" class="quiet icon-button" aria-label="Zoom in" title="Zoom in (+)" onClick={() => run('view.zoom.in')}><Icon name="plus" /></button>
      <button type="button" class="quiet icon-button" aria-label="Show the whole board" title="Show the whole board (F)" onClick={() => run('view.fit')}><Icon name="fit" /></button>
      <button type="button" class="quiet icon-button not-phone" aria-label="Minimap" aria-pressed={minimap.value} title="Minimap" onClick={() => run('view.minimap')}><Icon name="map" /></button>
    </div>
  )
}
