import { between, type Point } from '../box'
import { underLinks } from '../scene'
import type { Stage } from '../stage'
import type { Drag } from './drag'

/** choosing selects what lies in a box that is drawn; with Shift, beside what is selected already. Frames and lanes are selected only when they lie in it whole. */
export function choosing(s: Stage, from: Point, add: boolean): Drag {
  const before = s.model.selection.peek()
  const corner = s.board(from)
  const over = () => {
    s.marquee = undefined
    s.touchOverlay()
  }
  return {
    move(p) {
      const box = between(corner, s.board(p))
      s.marquee = box
      const ids = new Set(add ? before : [])
      for (const n of s.scene.notesIn(box)) {
        const whole = n.x >= box.x && n.y >= box.y && n.x + n.w <= box.x + box.w && n.y + n.h <= box.y + box.h
        if (whole || !underLinks(n.kind)) ids.add(n.id)
      }
      s.model.selection.value = ids
      s.touchOverlay()
    },
    end() {
      over()
      const count = s.model.selection.peek().size
      s.say(count === 1 ? '1 note selected' : `${count} notes selected`)
    },
    cancel() {
      over()
      s.model.selection.value = before
    },
  }
}
