import type { Point } from '../box'
import { panned } from '../camera'
import type { Stage } from '../stage'
import type { Drag } from './drag'

/** panning moves the view with the pointer. */
export function panning(s: Stage, from: Point): Drag {
  const began = s.camera
  let last = from
  s.cursor.value = 'grabbing'
  const over = () => (s.cursor.value = 'default')
  return {
    move(p) {
      s.camera = panned(s.camera, p.x - last.x, p.y - last.y)
      last = p
    },
    end: over,
    cancel() {
      s.camera = began
      over()
    },
  }
}
