import type { Change, Item } from './types'
import { Items, patch } from './items'
import type { Kept } from './keep'

/** Pending is a command that the server has not acknowledged, and what is expected of it. */
export interface Pending extends Kept {
  changes: Change[]
  /** sent says whether it went out on the connection that is open now */
  sent: boolean
  /** whether an earlier page left it, so that no editor brings it up to date */
  restored?: boolean
  /** the seq with which the server did it, once that is known */
  doneAt?: number
}

/**
 * Layers keeps the items as the server has confirmed them and, over them, as the
 * page shows them: with what is expected of the commands under way. Only items
 * that a change names are made again.
 */
export class Layers {
  readonly shown = new Items()
  private confirmed = new Map<string, Item>()
  private readonly pendings = new Map<string, Pending>()
  private readonly touching = new Map<string, Set<Pending>>()

  /** waiting is the commands under way, in order. */
  waiting(): Iterable<Pending> {
    return this.pendings.values()
  }

  get size(): number {
    return this.pendings.size
  }

  find(id: string): Pending | undefined {
    return this.pendings.get(id)
  }

  /** confirmedItem returns an item as the server knows it. */
  confirmedItem(id: string): Item | undefined {
    return this.confirmed.get(id)
  }

  /** load takes the server's state in the place of the one before and returns the ids of all that may differ. */
  load(items: Iterable<Item>): Set<string> {
    const ids = new Set(this.confirmed.keys())
    this.confirmed = new Map()
    for (const item of items) {
      this.confirmed.set(item.id, item)
      ids.add(item.id)
    }
    for (const id of this.touching.keys()) ids.add(id)
    this.show(ids)
    return ids
  }

  /** confirm applies changes of the server and adds the ids of what they touch to ids. */
  confirm(changes: readonly Change[], ids: Set<string>): void {
    for (const change of changes) {
      const item = patch(this.confirmed.get(change.id), change)
      if (item) this.confirmed.set(change.id, item)
      else this.confirmed.delete(change.id)
      ids.add(change.id)
    }
  }

  /** add puts a command over the others. The caller shows what it touches. */
  add(pending: Pending): void {
    this.pendings.set(pending.id, pending)
    for (const { id } of pending.changes) {
      const set = this.touching.get(id)
      if (set) set.add(pending)
      else this.touching.set(id, new Set([pending]))
    }
  }

  /** remove takes a command away and adds the ids of what it touched to ids. */
  remove(pending: Pending, ids: Set<string>): void {
    this.pendings.delete(pending.id)
    for (const { id } of pending.changes) {
      ids.add(id)
      const set = this.touching.get(id)
      if (set?.delete(pending) && set.size === 0) this.touching.delete(id)
    }
  }

  /** show makes the named items again as they are to be seen. */
  show(ids: Iterable<string>): void {
    for (const id of ids) {
      let item = this.confirmed.get(id)
      for (const pending of this.touching.get(id) ?? []) {
        for (const change of pending.changes) {
          if (change.id === id) item = patch(item, change)
        }
      }
      this.shown.set(id, item)
    }
  }
}
