import type { Note } from '../../model/types'
import { rounded, type Box, type Point } from '../box'
import { move, settled } from '../edits'
import { sized } from '../handles'
import type { Stage } from '../stage'
import type { Drag } from './drag'

const least = { w: 40, h: 28 }

/** sizing pulls a note by a corner; with Shift it keeps its shape. */
export function sizing(s: Stage, n: Note, grip: { x: -1 | 0 | 1; y: -1 | 0 | 1 }, from: Point): Drag {
  const start = s.board(from)
  const box: Box = { x: n.x, y: n.y, w: n.w, h: n.h }
  const smallest = n.kind === 'module' || n.kind === 'lane' ? { w: 160, h: 100 } : n.kind === 'line' ? { w: 1, h: 80 } : least
  return {
    move(p, keys) {
      const now = s.board(p)
      const dx = now.x - start.x
      let dy = now.y - start.y
      if (keys.shift && grip.x !== 0 && grip.y !== 0) dy = (dx * grip.x * grip.y * box.h) / box.w
      s.hold(new Map([[n.id, rounded(sized(box, grip, dx, dy, smallest))]]))
    },
    end() {
      const places = settled(s.model, s.scene)
      s.hold(new Map())
      if (places.length > 0) move(s.model, places)
    },
    cancel() {
      s.hold(new Map())
    },
  }
}
