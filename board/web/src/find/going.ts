import type { BoardModel } from '../model/board'

let timer: ReturnType<typeof setTimeout> | undefined
let before: ReadonlySet<string> | null = null

/** Goes to a note, and fades all others for a moment, so that the eye finds it. */
export function goTo(model: BoardModel, id: string): void {
  if (!model.note(id)) return
  model.show(id)
  if (timer === undefined) before = model.focus.peek()
  clearTimeout(timer)
  const flash = new Set([id])
  model.focus.value = flash
  timer = setTimeout(() => {
    timer = undefined
    if (model.focus.peek() === flash) model.focus.value = before
  }, 900)
}
