import type { Link, Note } from '../model/types'

/**
 * The flow that some notes are part of: everything that leads to them and
 * everything that follows from them along the links, and what is attached to any
 * of it. A note that both lead to is not a reason to go the other way: what else
 * an actor does, for one, is no part of the flow.
 */
export function flowOf(start: Iterable<string>, links: Iterable<Link>, notes: Iterable<Note>): Set<string> {
  const after = new Map<string, string[]>()
  const before = new Map<string, string[]>()
  for (const l of links) {
    put(after, l.from, l.to)
    put(before, l.to, l.from)
  }
  const all = [...notes]
  const first = hosts(start, all)
  const found = new Set([...walk(first, after), ...walk(first, before)])
  for (const n of all) if (n.on.some((id) => found.has(id))) found.add(n.id)
  for (const id of start) found.add(id)
  return found
}

/** A sticky stands for what it is attached to. */
function hosts(start: Iterable<string>, notes: Note[]): Set<string> {
  const byId = new Map(notes.map((n) => [n.id, n]))
  const found = new Set<string>()
  for (const id of start) {
    found.add(id)
    for (const host of byId.get(id)?.on ?? []) found.add(host)
  }
  return found
}

function put(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

function walk(start: Iterable<string>, next: Map<string, string[]>): Set<string> {
  const found = new Set<string>(start)
  const queue = [...found]
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    for (const to of next.get(id) ?? []) {
      if (!found.has(to)) {
        found.add(to)
        queue.push(to)
      }
    }
  }
  return found
}

/** What lies in some frames, the frames themselves, and what is attached to it. */
export function inModules(frames: Iterable<string>, notes: Iterable<Note>): Set<string> {
  const found = new Set(frames)
  const all = [...notes]
  for (const n of all) if (n.module && found.has(n.module)) found.add(n.id)
  for (const n of all) if (n.on.some((id) => found.has(id))) found.add(n.id)
  return found
}
