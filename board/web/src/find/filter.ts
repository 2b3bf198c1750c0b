import { effect, signal } from '@preact/signals'
import type { BoardModel } from '../model/board'
import type { NoteKind } from '../model/types'
import { flowOf, inModules } from './reach'

/** What is left to see while the rest is faded. Parts that are empty let everything through. */
export interface Filter {
  /** The flow that these notes are part of. */
  flow: string[]
  modules: string[]
  kinds: NoteKind[]
  authors: string[]
  /** Only hotspots that have no answer, and what they are on. */
  openHotspots: boolean
}

/** No filter: everything is seen. */
export const everything: Filter = { flow: [], modules: [], kinds: [], authors: [], openHotspots: false }

/** Whether a filter leaves something out. */
export function filters(f: Filter): boolean {
  return f.flow.length + f.modules.length + f.kinds.length + f.authors.length > 0 || f.openHotspots
}

/** The notes that a filter lets through, or null for all. */
export function passing(f: Filter, model: Pick<BoardModel, 'notes' | 'links'>): Set<string> | null {
  if (!filters(f)) return null
  const notes = [...model.notes()]
  let ids = new Set(notes.map((n) => n.id))
  const narrow = (keep: (id: string) => boolean) => { ids = new Set([...ids].filter(keep)) }
  if (f.flow.length > 0) {
    const flow = flowOf(f.flow, model.links(), notes)
    narrow((id) => flow.has(id))
  }
  if (f.modules.length > 0) {
    const inside = inModules(f.modules, notes)
    narrow((id) => inside.has(id))
  }
  const byId = new Map(notes.map((n) => [n.id, n]))
  if (f.kinds.length > 0) narrow((id) => f.kinds.includes(byId.get(id)!.kind))
  if (f.authors.length > 0) narrow((id) => f.authors.some((a) => byId.get(id)!.by === a || byId.get(id)!.authors.includes(a)))
  if (f.openHotspots) {
    const open = notes.filter((n) => n.kind === 'hotspot' && n.answer === '')
    const near = new Set(open.flatMap((n) => [n.id, ...n.on]))
    narrow((id) => near.has(id))
  }
  return ids
}

/** The filter of this page. */
export const filter = signal<Filter>(everything)

const attached = new WeakSet<BoardModel>()

/** Changes the filter. It goes on with the board: what is added later passes it or does not. */
export function setFilter(model: BoardModel, next: Filter): void {
  filter.value = next
  if (attached.has(model)) return
  attached.add(model)
  follow(model)
}

function follow(model: BoardModel): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let last: Filter | null = null
  // Escape on the wall, for one, ends it there.
  model.focus.subscribe((focus) => {
    if (focus === null && filters(filter.peek()) && last === filter.peek()) filter.value = everything
  })
  effect(() => {
    const f = filter.value
    void model.version.value
    if (last === f && !filters(f)) return
    const show = () => {
      timer = undefined
      model.focus.value = passing(filter.peek(), model)
    }
    if (last !== f) {
      last = f
      clearTimeout(timer)
      show()
    } else {
      timer ??= setTimeout(show, 250)
    }
  })
}

/** Shows again what the filter lets through, after something else was put in focus for a while. */
export function refocus(model: BoardModel): void {
  model.focus.value = passing(filter.peek(), model)
}
