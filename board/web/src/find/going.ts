import type { BoardModel } from '../model/board'

let timer: ReturnType<typeof setTimeout> | undefined
let before: ReadonlySet<string> | null = null

/** Goes to a note, and fades all others for a moment, so that the eye finds it. */
export function goTo(model: BoardModel, id: string): void {
  if (!model.note(id)) return
  model.select([id])
  lookAt(model, [id])
  if (timer === undefined) before = model.focus.peek()
  clearTimeout(timer)
  const flash = new Set([id])
  model.focus.value = flash
  timer = setTimeout(() => {
    timer = undefined
    if (model.focus.peek() === flash) model.focus.value = before
  }, 900)
}

/** Room around what is looked at, on the screen. */
const margin = 60

/** Moves the camera so that some notes are in the middle of what is seen of the wall: as large as now, smaller where they need it. */
export function lookAt(model: BoardModel, ids: Iterable<string>): void {
  let [x1, y1, x2, y2] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const id of ids) {
    const n = model.note(id)
    if (!n) continue
    x1 = Math.min(x1, n.x)
    y1 = Math.min(y1, n.y)
    x2 = Math.max(x2, n.x + n.w)
    y2 = Math.max(y2, n.y + n.h)
  }
  if (x1 > x2) return
  const { w, h } = model.free()
  const fits = Math.min((w - 2 * margin) / (x2 - x1), (h - 2 * margin) / (y2 - y1))
  const zoom = Math.max(0.05, Math.min(Math.max(model.camera.peek().zoom, 0.5), fits, 2))
  model.camera.value = { x: (x1 + x2) / 2 - w / 2 / zoom, y: (y1 + y2) / 2 - h / 2 / zoom, zoom }
}
