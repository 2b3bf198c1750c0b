import { useEffect } from 'preact/hooks'
import type { BoardModel } from '../model/board'
import { panel, replay, view } from '../shell'

/** What has to be left of the wall, however much lies over it. */
const least = 120

/**
 * useCovering tells the model how much of the wall's lower part something covers: a
 * panel or the keyboard, as on a phone, or the bar of the replay.
 */
export function useCovering(model: BoardModel): void {
  const open = [panel.value !== null, replay.value || model.replaying.value !== null, view.value]
  useEffect(() => {
    const measure = () => { model.covered.value = covered() }
    measure()
    if (typeof ResizeObserver === 'undefined') return
    const sizes = new ResizeObserver(measure)
    for (const at of document.querySelectorAll('[data-wall], #panel, .dock')) sizes.observe(at)
    visualViewport?.addEventListener('resize', measure)
    return () => {
      sizes.disconnect()
      visualViewport?.removeEventListener('resize', measure)
    }
  }, [model, ...open])
}

function covered(): number {
  const box = (of: string) => document.querySelector(of)?.getBoundingClientRect()
  const wall = box('[data-wall]')
  if (!wall || wall.height === 0) return 0
  let top = wall.bottom
  // A panel at the side has its left edge beside the wall; one from below has it under the wall's.
  const [side, bar, dock] = [box('#panel'), box('.panel-bar'), box('.dock')]
  if (side && side.left < wall.left + 1) {
    top = Math.min(top, side.top)
    if (bar && bar.width > bar.height && bar.height > 0) top = Math.min(top, bar.top)
  }
  if (dock) top = Math.min(top, dock.top)
  // A keyboard on the screen leaves the page as high as it was. Who zooms into the page sees less of it as well, and moves it themselves.
  if (visualViewport && visualViewport.scale === 1) top = Math.min(top, visualViewport.offsetTop + visualViewport.height)
  return Math.max(0, Math.min(wall.height - least, wall.bottom - top))
}
