import type { Apart, Board, Change, Comment, File, Item, ItemType, Link, Note, Person, TextChanges } from './types'

// Items are never changed in place: a change makes a new object, so that who
// draws them can keep what it made of one for as long as it is the same object.

const blanks: { [T in ItemType]: Omit<Extract<Item, { type: T }>, 'id'> } = {
  note: {
    type: 'note', kind: 'event', text: '', x: 0, y: 0, w: 112, h: 112, module: '', by: '', at: 0, private: false, pivotal: false,
    votes: {}, answer: '', doc: '', on: [], element: '', authors: [], was: [], team: '',
  },
  link: { type: 'link', from: '', to: '', verb: 'triggers' },
  comment: { type: 'comment', note: '', text: '', by: '', at: 0, settled: false },
  apart: { type: 'apart', a: '', b: '' },
  person: { type: 'person', name: '', color: '', role: 'participant' },
  board: {
    type: 'board', name: '', goals: [], phase: '', phaseAt: 0, timerEnds: 0, writing: false, votesEach: 0, votingOpen: false,
    landedAt: 0, landedBy: '',
  },
  file: { type: 'file', path: '', text: '', version: 0 },
} as { [T in ItemType]: Omit<Extract<Item, { type: T }>, 'id'> }

export const noBoard: Board = { ...blanks.board, id: 'board' }

/** complete gives an item the properties that were left out on the wire. */
export function complete(item: Partial<Item> & { type: ItemType; id: string }): Item {
  return { ...blanks[item.type], ...item } as Item
}

/**
 * patch returns the item as it is after a change, or undefined when there is
 * none. What a change sets of an item that is not there (any more) is lost,
 * unless it says the type and so makes it.
 */
export function patch(item: Item | undefined, change: Change): Item | undefined {
  if (change.gone) return undefined
  let next = item
  if (change.set) {
    const type = change.set['type'] as ItemType | undefined
    if (type !== undefined && type in blanks && (!next || next.type !== type)) {
      next = complete({ ...change.set, type, id: change.id })
    } else if (next) {
      next = { ...next, ...change.set, id: change.id } as Item
    }
  }
  if (change.edit && next?.type === 'file' && change.edit.version === next.version + 1) {
    next = { ...next, text: applyText(next.text, change.edit.changes), version: change.edit.version }
  }
  return next
}

/** applyText returns a text after the changes of an edit. */
export function applyText(text: string, changes: TextChanges): string {
  let out = ''
  let at = 0
  for (const part of changes) {
    if (typeof part === 'number') {
      out += text.slice(at, at + part)
      at += part
      continue
    }
    const [removed, ...lines] = part
    out += lines.join('\n')
    at += removed
  }
  return out + text.slice(at)
}

/** Items is a set of items, found by their ids and by what they belong to. */
export class Items {
  readonly all = new Map<string, Item>()
  readonly notes = new Map<string, Note>()
  readonly links = new Map<string, Link>()
  readonly people = new Map<string, Person>()
  readonly files = new Map<string, File>()
  readonly aparts = new Map<string, Apart>()
  private readonly linkIds = new Map<string, Set<string>>()
  private readonly commentIds = new Map<string, Set<string>>()
  board: Board = noBoard

  /** put adds an item, or puts it in the place of the one with its id. */
  put(item: Item): void {
    const old = this.all.get(item.id)
    if (old === item) return
    if (old && (old.type !== item.type || item.type === 'link' || item.type === 'comment')) this.remove(item.id)
    this.all.set(item.id, item)
    switch (item.type) {
      case 'note': this.notes.set(item.id, item); break
      case 'link':
        this.links.set(item.id, item)
        join(this.linkIds, item.from, item.id)
        join(this.linkIds, item.to, item.id)
        break
      case 'comment': join(this.commentIds, item.note, item.id); break
      case 'person': this.people.set(item.id, item); break
      case 'board': this.board = item; break
      case 'file': this.files.set(item.id, item); break
      case 'apart': this.aparts.set(item.id, item); break
    }
  }

  /** remove takes an item away. */
  remove(id: string): void {
    const old = this.all.get(id)
    if (!old) return
    this.all.delete(id)
    switch (old.type) {
      case 'note': this.notes.delete(id); break
      case 'link':
        this.links.delete(id)
        part(this.linkIds, old.from, id)
        part(this.linkIds, old.to, id)
        break
      case 'comment': part(this.commentIds, old.note, id); break
      case 'person': this.people.delete(id); break
      case 'board': this.board = noBoard; break
      case 'file': this.files.delete(id); break
      case 'apart': this.aparts.delete(id); break
    }
  }

  /** set puts the item under the id, or takes it away when it is undefined. */
  set(id: string, item: Item | undefined): void {
    if (item) this.put(item)
    else this.remove(id)
  }

  linksOf(note: string): Link[] {
    return this.list<Link>(this.linkIds.get(note))
  }

  comments(note: string): Comment[] {
    return this.list<Comment>(this.commentIds.get(note)).sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
  }

  private list<T extends Item>(ids: Set<string> | undefined): T[] {
    if (!ids) return []
    return Array.from(ids, (id) => this.all.get(id) as T)
  }
}

function join(index: Map<string, Set<string>>, key: string, id: string): void {
  const ids = index.get(key)
  if (ids) ids.add(id)
  else index.set(key, new Set([id]))
}

function part(index: Map<string, Set<string>>, key: string, id: string): void {
  const ids = index.get(key)
  if (ids?.delete(id) && ids.size === 0) index.delete(key)
}
