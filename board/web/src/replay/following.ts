import { fitting } from '../actions/core'
import type { BoardModel } from '../model/board'
import type { Op } from '../model/types'

/** Moves the camera to what changed between two places of the session, when none of it is seen. */
export function follow(model: BoardModel, ops: readonly Op[], from: number, to: number): void {
  const [low, high] = from < to ? [from, to] : [to, from]
  const ids = new Set<string>()
  for (const op of ops) {
    if (op.seq <= low || op.seq > high) continue
    for (const c of op.changes) if (model.note(c.id)) ids.add(c.id)
  }
  if (ids.size === 0) return
  const { x, y, zoom } = model.camera.peek()
  const { w, h } = model.free()
  const seen = [...ids].some((id) => {
    const n = model.note(id)
    return n !== undefined && n.x >= x && n.y >= y && n.x + n.w <= x + w / zoom && n.y + n.h <= y + h / zoom
  })
  if (seen) return
  const camera = fitting(model, ids)
  if (!camera) return
  const next = Math.min(zoom, camera.zoom)
  const middle = { x: camera.x + w / 2 / camera.zoom, y: camera.y + h / 2 / camera.zoom }
  model.camera.value = { x: middle.x - w / 2 / next, y: middle.y - h / 2 / next, zoom: next }
}
