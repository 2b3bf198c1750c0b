import { signal } from '@preact/signals'
import { keyOf, normal, typing, type KeyLike } from './keys'

/** Action is something that a user can do, by key, from a menu or from the palette. */
export interface Action {
  /** "note.add.event", "panel.find": what it is about first */
  readonly id: string
  /** as the palette shows it: "Add an event" */
  readonly title: string
  readonly group: 'Notes' | 'Edit' | 'Arrange' | 'View' | 'Session' | 'Board' | 'Panels' | 'Help'
  /** each of these does it; see keys.ts for how they are written */
  readonly keys?: readonly string[]
  /**
   * where the keys work: on the wall (the default: when the focus is on the wall
   * or on nothing, or the pointer is over the wall and the focus on a control that
   * has no use for the key), or anywhere on the page except where text is written, or
   * always, even there
   */
  readonly where?: 'wall' | 'page' | 'always'
  /** left out of the palette: arrow keys and the like */
  readonly hidden?: boolean
  run(): void
  /** when it is missing, the action is always possible */
  enabled?(): boolean
}

const byId = new Map<string, Action>()

/** changed grows whenever actions are registered or withdrawn. */
export const changed = signal(0)

/**
 * register makes actions known and returns how to withdraw them. An action takes
 * the place of the one with its id; a key belongs to the action registered last.
 */
export function register(list: readonly Action[]): () => void {
  for (const a of list) {
    byId.delete(a.id)
    byId.set(a.id, a)
  }
  changed.value++
  return () => {
    for (const a of list) if (byId.get(a.id) === a) byId.delete(a.id)
    changed.value++
  }
}

/** actions returns all actions, in the order in which they were registered. */
export function actions(): Action[] {
  return [...byId.values()]
}

/** action returns the action with an id. */
export function action(id: string): Action | undefined {
  return byId.get(id)
}

export function possible(a: Action): boolean {
  return a.enabled?.() ?? true
}

/** run runs an action when it is possible, and reports whether it was. */
export function run(id: string): boolean {
  const a = byId.get(id)
  if (!a || !possible(a)) return false
  a.run()
  return true
}

/** Pressed is a key event as far as actions care. */
export interface Pressed extends KeyLike {
  target: EventTarget | null
  defaultPrevented: boolean
  isComposing: boolean
  preventDefault(): void
}

/**
 * press runs the action that a key stands for and reports whether there was one.
 * It leaves alone what something else has dealt with.
 */
export function press(e: Pressed): boolean {
  if (e.defaultPrevented || e.isComposing) return false
  const key = keyOf(e)
  for (const a of actions().reverse()) {
    if (!a.keys?.some((k) => normal(k) === key) || !reaches(a, e.target, key) || !possible(a)) continue
    e.preventDefault()
    a.run()
    return true
  }
  return false
}

let pointed = () => false

/** pointing says how it is known whether the pointer is over the wall. */
export function pointing(over: () => boolean): () => void {
  pointed = over
  return () => {
    if (pointed === over) pointed = () => false
  }
}

/** own reports whether a control has a use of its own for a key: Enter, arrows, letters in a menu. */
function own(target: HTMLElement, key: string): boolean {
  const sign = key.split(/\+(?=.)/).pop()!
  if (sign.length > 1 && sign !== 'Delete' && sign !== 'Backspace') return true
  return target.closest('[role=menu], [role=listbox], [role=dialog], dialog, [role=tree], [role=grid]') !== null
}

/** reaches reports whether the keys of an action work with the focus on a target. */
function reaches(a: Action, target: EventTarget | null, key: string): boolean {
  if (a.where === 'always') return true
  if (typing(target)) return false
  if (a.where === 'page' || !(target instanceof HTMLElement)) return true
  if (target === document.body || target.closest('[data-wall]') !== null) return true
  // Who has just pressed a button and is over the wall again means the wall.
  return pointed() && !own(target, key)
}
