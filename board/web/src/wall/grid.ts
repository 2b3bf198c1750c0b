import type { Box } from './box'

const cell = 512
const most = 256 // cells; what covers more is looked at in every query

interface Entry {
  id: string
  box: Box
  cells: number[] | null // null: among the large ones
  seen: number
}

/**
 * Grid finds what lies in a part of the wall without looking at the rest: boxes
 * are kept by the squares of the wall that they touch.
 */
export class Grid {
  private readonly entries = new Map<string, Entry>()
  private readonly cells = new Map<number, Set<Entry>>()
  private readonly large = new Set<Entry>()
  private round = 0

  get size(): number {
    return this.entries.size
  }

  /** put adds a box under an id, or moves the one that is there. */
  put(id: string, box: Box): void {
    const was = this.entries.get(id)
    if (was && was.box.x === box.x && was.box.y === box.y && was.box.w === box.w && was.box.h === box.h) return
    if (was) this.drop(was)
    const entry: Entry = { id, box: { x: box.x, y: box.y, w: box.w, h: box.h }, cells: cover(box), seen: 0 }
    this.entries.set(id, entry)
    if (!entry.cells) {
      this.large.add(entry)
      return
    }
    for (const c of entry.cells) {
      let set = this.cells.get(c)
      if (!set) this.cells.set(c, (set = new Set()))
      set.add(entry)
    }
  }

  remove(id: string): void {
    const was = this.entries.get(id)
    if (!was) return
    this.drop(was)
    this.entries.delete(id)
  }

  clear(): void {
    this.entries.clear()
    this.cells.clear()
    this.large.clear()
  }

  /** query returns the ids of all boxes that touch a box, each once, in no order. */
  query(box: Box, out: string[] = []): string[] {
    out.length = 0
    const round = ++this.round
    const look = (e: Entry) => {
      if (e.seen === round) return
      e.seen = round
      const b = e.box
      if (b.x <= box.x + box.w && b.x + b.w >= box.x && b.y <= box.y + box.h && b.y + b.h >= box.y) out.push(e.id)
    }
    for (const e of this.large) look(e)
    const left = Math.floor(box.x / cell)
    const right = Math.floor((box.x + box.w) / cell)
    const top = Math.floor(box.y / cell)
    const bottom = Math.floor((box.y + box.h) / cell)
    if ((right - left + 1) * (bottom - top + 1) > this.cells.size) {
      for (const e of this.entries.values()) look(e)
      return out
    }
    for (let x = left; x <= right; x++) {
      for (let y = top; y <= bottom; y++) {
        const set = this.cells.get(key(x, y))
        if (set) for (const e of set) look(e)
      }
    }
    return out
  }

  private drop(e: Entry): void {
    this.large.delete(e)
    for (const c of e.cells ?? []) {
      const set = this.cells.get(c)
      set?.delete(e)
      if (set?.size === 0) this.cells.delete(c)
    }
  }
}

function cover(b: Box): number[] | null {
  const left = Math.floor(b.x / cell)
  const right = Math.floor((b.x + b.w) / cell)
  const top = Math.floor(b.y / cell)
  const bottom = Math.floor((b.y + b.h) / cell)
  if ((right - left + 1) * (bottom - top + 1) > most) return null
  const out: number[] = []
  for (let x = left; x <= right; x++) for (let y = top; y <= bottom; y++) out.push(key(x, y))
  return out
}

function key(x: number, y: number): number {
  return (x + 0x100000) * 0x200000 + (y + 0x100000)
}
