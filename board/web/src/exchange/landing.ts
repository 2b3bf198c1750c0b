import { signal, type Signal } from '@preact/signals'
import { api } from '../model/api'
import type { BoardModel } from '../model/board'
import type { Conflict, Landed } from '../model/types'
import { panel } from '../shell'
import { edit } from '../text/edit'
import { changesBetween } from './lines'

/** Landing is how far the writing of a board to the disk has come. */
export interface Landing { busy: boolean; error: string; result: Landed | null }

const none: Landing = { busy: false, error: '', result: null }
const landings = new WeakMap<BoardModel, Signal<Landing>>()

/** landingOf is the landing of a board. It goes on, and asks what there is to ask, whatever is open on the page meanwhile. */
export function landingOf(model: BoardModel): Signal<Landing> {
  let l = landings.get(model)
  if (!l) landings.set(model, (l = signal(none)))
  return l
}

/** land writes the board's files. What cannot be merged comes back as conflicts, and the panel in which they are settled is opened. */
export async function land(model: BoardModel, overwrite?: Record<string, string>): Promise<void> {
  const l = landingOf(model)
  if (l.peek().busy) return
  l.value = { ...none, busy: true }
  try {
    const result = await api.land(model.id, overwrite)
    l.value = { ...none, result }
    if (result.conflicts.length > 0) panel.value = 'exchange'
    else model.tell(`Landed: ${result.landed.length === 0 ? 'the files were up to date' : result.landed.join(', ')}.`)
  } catch (error) {
    l.value = { ...none, error: messageOf(error) }
    if (panel.peek() !== 'exchange') model.tell(`The storm did not land: ${messageOf(error)}`, 'error')
  }
}

/** settle lands the board with its files as somebody decided that they shall be. */
export async function settle(model: BoardModel, chosen: ReadonlyMap<string, string>, conflicts: readonly Conflict[]): Promise<void> {
  try {
    for (const [path, text] of chosen) await write(model, path, text)
  } catch (error) {
    const l = landingOf(model)
    l.value = { ...l.peek(), error: messageOf(error) }
    return
  }
  await land(model, Object.fromEntries(conflicts.map((c) => [c.path, c.digest])))
}

/** decideLater leaves the conflicts where they are. */
export function decideLater(model: BoardModel): void {
  if (!landingOf(model).peek().busy) landingOf(model).value = none
}

/** write makes a file of the board read as given, by an edit of its lines that differ. */
async function write(model: BoardModel, path: string, text: string): Promise<void> {
  await edit(model, path, (now) => now === text ? null : changesBetween(now, text))
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
