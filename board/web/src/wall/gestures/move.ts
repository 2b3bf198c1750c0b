import { kindOf } from '../../model/kinds'
import { around, grown, moved, type Box, type Point } from '../box'
import { seen } from '../camera'
import { carried, framed, move, notesOf, settled } from '../edits'
import { snap } from '../snap'
import type { Stage } from '../stage'
import type { Drag } from './drag'

const reach = 7 // CSS pixels within which a box snaps
const mostNeighbours = 400

/**
 * moving takes the selected notes along, what lies in those that are frames, and
 * the stickies that hang on them. They snap to their neighbours unless Ctrl is
 * held; Shift keeps them on a line. The others see it as it happens; what the board
 * keeps is the drop.
 */
export function moving(s: Stage, from: Point): Drag {
  const chosen = framed(s.scene, notesOf(s.model, s.model.selection.peek()))
  const notes = carried(s.scene, chosen)
  const start = s.board(from)
  const first = new Map<string, Box>(notes.map((n) => [n.id, { x: n.x, y: n.y, w: n.w, h: n.h }]))
  const ids = [...first.keys()]
  const whole = around(chosen) // what hangs over their edges does not snap
  let neighbours: Box[] | undefined
  s.cursor.value = 'grabbing'
  const over = () => {
    s.guides = []
    s.cursor.value = 'default'
    s.touchOverlay()
  }
  return {
    move(p, keys) {
      if (!whole) return
      const now = s.board(p)
      let dx = now.x - start.x
      let dy = now.y - start.y
      if (keys.shift) {
        if (Math.abs(dx) > Math.abs(dy)) dy = 0
        else dx = 0
      }
      s.guides = []
      if (!keys.ctrl) {
        neighbours ??= neighboursOf(s, first, notes.every((n) => n.kind === 'line'))
        const near = snap(moved(whole, dx, dy), neighbours, reach / s.camera.zoom)
        if (!keys.shift || dx !== 0) dx += near.dx
        if (!keys.shift || dy !== 0) dy += near.dy
        s.guides = near.guides
      }
      dx = Math.round(dx)
      dy = Math.round(dy)
      s.hold(new Map(notes.map((n) => [n.id, moved(first.get(n.id)!, dx, dy)])))
      s.model.sayHere({ drag: { ids, dx, dy } })
    },
    end() {
      const places = settled(s.model, s.scene)
      s.hold(new Map())
      if (places.length > 0) move(s.model, places)
      s.model.sayHere({ drag: undefined })
      over()
    },
    cancel() {
      s.hold(new Map())
      s.model.sayHere({ drag: undefined })
      over()
    },
  }
}

/**
 * neighboursOf returns the boxes in view that a drag can snap to: all but those
 * dragged and those that hang askew. Where a vertical line stands means something:
 * it stays between two events where it was put there, and draws no note onto
 * itself. Lines keep in line with lines.
 */
function neighboursOf(s: Stage, dragged: ReadonlyMap<string, Box>, lines: boolean): Box[] {
  const out: Box[] = []
  for (const n of s.scene.notesIn(grown(seen(s.camera, s.view), 200))) {
    if (dragged.has(n.id) || kindOf(n.kind).turned || n.kind === 'lane' || (n.kind === 'line') !== lines) continue
    out.push(s.scene.box(n))
    if (out.length >= mostNeighbours) break
  }
  return out
}
