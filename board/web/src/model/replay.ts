import type { Change, Item, Op } from './types'
import { Items, patch } from './items'

/**
 * Replay shows the board as it was after any of its operations. It remembers what
 * each one replaced, so that going back costs as little as going on.
 */
export class Replay {
  readonly items = new Items()
  /** how many of the operations are applied */
  private applied = 0
  private readonly undone: [string, Item | undefined][][] = []

  constructor(readonly ops: readonly Op[]) {}

  /** seek applies or takes back operations until those up to seq are applied, and returns the ids of what changed. */
  seek(seq: number): Set<string> {
    const ids = new Set<string>()
    for (let op = this.ops[this.applied]; op && op.seq <= seq; op = this.ops[this.applied]) {
      this.undone.push(op.changes.map((change) => this.apply(change, ids)))
      this.applied++
    }
    for (let op = this.ops[this.applied - 1]; op && op.seq > seq; op = this.ops[this.applied - 1]) {
      for (const [id, item] of (this.undone.pop() ?? []).reverse()) {
        this.items.set(id, item)
        ids.add(id)
      }
      this.applied--
    }
    return ids
  }

  private apply(change: Change, ids: Set<string>): [string, Item | undefined] {
    const old = this.items.all.get(change.id)
    this.items.set(change.id, patch(old, change))
    ids.add(change.id)
    return [change.id, old]
  }
}
