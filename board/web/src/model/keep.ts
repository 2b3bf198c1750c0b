import type { CommandName, Commands } from './types'

/** Kept is a command that the server has not acknowledged. */
export interface Kept {
  id: string
  what: CommandName
  data: Commands[CommandName]
  /** the last operation that had been seen when it was done */
  seq: number
}

/**
 * Keep keeps what has not been acknowledged, so that neither closing the page nor
 * a flat battery loses it. Each command has an entry of its own: adding one and
 * taking one away cost the same however many wait.
 */
export interface Keep {
  list(): Kept[]
  /** add reports whether there was room */
  add(kept: Kept): boolean
  remove(id: string): void
}

/**
 * storageKeep keeps commands in a storage of the browser, per board and person.
 * Two tabs of one board may both find what one of them kept, and both send it:
 * the server answers the second with the result of the first.
 */
export function storageKeep(storage: Storage, board: string, person: string): Keep {
  const prefix = `landfall:waiting:${board}:${person}:`
  const keys = new Map<string, string>()
  let last = 0
  return {
    list() {
      const found: string[] = []
      for (let i = 0; i < storage.length; i++) {
        const key = storage.key(i)
        if (key?.startsWith(prefix)) found.push(key)
      }
      const out: Kept[] = []
      for (const key of found.sort()) {
        const kept = read(storage.getItem(key))
        if (!kept) {
          storage.removeItem(key)
          continue
        }
        keys.set(kept.id, key)
        out.push(kept)
      }
      return out
    },
    add(kept) {
      // Ordered by time; within a millisecond by a counter.
      last = Math.max(last + 1, Date.now() * 1000)
      const key = prefix + String(last).padStart(17, '0') + ':' + kept.id
      try {
        storage.setItem(key, JSON.stringify(kept))
      } catch {
        return false
      }
      keys.set(kept.id, key)
      return true
    },
    remove(id) {
      const key = keys.get(id)
      if (key === undefined) return
      keys.delete(id)
      storage.removeItem(key)
    },
  }
}

function read(text: string | null): Kept | undefined {
  try {
    const kept = JSON.parse(text ?? '') as Partial<Kept>
    if (typeof kept.id === 'string' && typeof kept.what === 'string' && kept.data) return kept as Kept
  } catch {
    // An entry that is not ours is as good as none.
  }
  return undefined
}
