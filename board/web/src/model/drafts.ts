import type { Op, TextChanges } from './types'

/** Draft is what was typed into a file and is not sent yet, over an edit that may be on its way. */
export interface Draft {
  /** the name of the editor; each page has its own */
  client: string
  path: string
  /** the version of the file that the flight, or without one the changes, were made at */
  version: number
  /** the last operation that had been seen */
  seq: number
  flight: { id: string; changes: TextChanges } | null
  changes: TextChanges
}

/** Drafts keeps drafts over a reload of the page. */
export interface Drafts {
  /** list returns those of pages that are gone. */
  list(): Promise<Draft[]>
  put(draft: Draft): void
  remove(client: string): void
}

/**
 * storageDrafts keeps drafts in a storage of the browser. A page that is open still
 * sends its own, so others leave them to it: alive asks for that.
 */
export function storageDrafts(storage: Storage, board: string, person: string, alive: Alive = everyoneGone): Drafts {
  const prefix = `landfall:typed:${board}:${person}:`
  const own = new Set<string>()
  const ask = alive((client) => own.has(client))
  return {
    async list() {
      const found: Draft[] = []
      for (let i = 0; i < storage.length; i++) {
        const key = storage.key(i)
        const draft = key?.startsWith(prefix) ? read(storage.getItem(key)) : undefined
        if (draft && !own.has(draft.client)) found.push(draft)
      }
      const there = await Promise.all(found.map((d) => ask(d.client)))
      return found.filter((_, i) => !there[i])
    },
    put(draft) {
      own.add(draft.client)
      try {
        storage.setItem(prefix + draft.client, JSON.stringify(draft))
      } catch {
        // There is no room: what is typed is sent as soon as there is a line, as without this.
      }
    },
    remove(client) {
      own.delete(client)
      storage.removeItem(prefix + client)
    },
  }
}

/** Alive is given what this page holds, and returns how to ask the others whether one of them holds something. */
export type Alive = (holds: (client: string) => boolean) => (client: string) => Promise<boolean>

const everyoneGone: Alive = () => () => Promise.resolve(false)

const patience = 300 // ms for an open page to answer

/** otherPages asks the pages that this browser has open. */
export const otherPages: Alive = (holds) => {
  if (typeof BroadcastChannel === 'undefined') return everyoneGone(holds)
  const channel = new BroadcastChannel('landfall:typed')
  const waiting = new Map<string, () => void>()
  channel.onmessage = (e: MessageEvent<{ who?: string; mine?: string }>) => {
    const { who, mine } = e.data
    if (who !== undefined && holds(who)) channel.postMessage({ mine: who })
    if (mine !== undefined) waiting.get(mine)?.()
  }
  return (client) => new Promise((answer) => {
    const done = (there: boolean) => {
      waiting.delete(client)
      answer(there)
    }
    waiting.set(client, () => done(true))
    setTimeout(() => done(false), patience)
    channel.postMessage({ who: client })
  })
}

function read(text: string | null): Draft | undefined {
  try {
    const d = JSON.parse(text ?? '') as Partial<Draft>
    if (typeof d.client === 'string' && typeof d.path === 'string' && typeof d.version === 'number' && Array.isArray(d.changes)) return d as Draft
  } catch {
    // An entry that is not ours is as good as none.
  }
  return undefined
}

/**
 * redraft makes the edit that sends a draft: brought up to date with the edits of
 * others since, and with its flight unless that has arrived. ops are all operations
 * since. It returns undefined when the file has been written anew.
 */
export async function redraft(draft: Draft, ops: readonly Op[]): Promise<{ path: string; version: number; changes: TextChanges; client: string } | undefined> {
  const { ChangeSet } = await import('@codemirror/state') // few visits need it
  let flight = draft.flight && ChangeSet.fromJSON(draft.flight.changes)
  let mine = ChangeSet.fromJSON(draft.changes)
  let version = draft.version
  for (const op of ops) {
    for (const change of op.changes) {
      if (change.id !== 'file:' + draft.path || (change.edit && change.edit.version <= version)) continue
      if (change.edit?.version !== version + 1) return undefined
      version++
      if (op.id === draft.flight?.id) {
        flight = null
        continue
      }
      let others = ChangeSet.fromJSON(change.edit.changes)
      if (flight) [flight, others] = [flight.map(others), others.map(flight, true)]
      mine = mine.map(others)
    }
  }
  const all = flight ? flight.compose(mine) : mine
  return all.empty ? undefined : { path: draft.path, version, changes: all.toJSON() as TextChanges, client: draft.client }
}
