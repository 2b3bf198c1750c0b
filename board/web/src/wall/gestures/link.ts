import type { Note } from '../../model/types'
import type { Point } from '../box'
import { add, nextOf } from '../edits'
import { join } from '../joining'
import type { Stage } from '../stage'
import type { Drag } from './drag'

/**
 * linking draws a link from a note's handle. Possible targets glow, impossible
 * ones say why; on the empty wall the note that comes next by the grammar is made
 * and linked.
 */
export function linking(s: Stage, from: Note, at: Point): Drag {
  s.linking = { from: from.id, at: s.board(at), byKey: false }
  s.cursor.value = 'crosshair'
  const over = () => {
    s.linking = undefined
    s.cursor.value = 'default'
    s.touchOverlay()
  }
  return {
    move(p) {
      const b = s.board(p)
      s.lead(b, s.scene.noteAt(b, from.id))
    },
    end(p) {
      const target = s.linking?.target
      over()
      if (target !== undefined) {
        if (join(s.model, from.id, target)) s.model.select([target])
        return
      }
      const b = s.board(p)
      const box = s.scene.box(from)
      if (b.x > box.x - 12 && b.y > box.y - 12 && b.x < box.x + box.w + 12 && b.y < box.y + box.h + 12) return
      makeAt(s, from, b)
    },
    cancel: over,
  }
}

function makeAt(s: Stage, from: Note, at: Point): void {
  const gesture = s.model.newId()
  const id = add(s.model, s.scene, { kind: nextOf(s.model, from), at, from: from.id, gesture })
  s.model.select([id])
  s.write(id, gesture)
}
