import type { Point } from '../box'

/** Drag is what a pressed pointer does as it moves: it is one of several, chosen when it begins to move. Points are of the screen. */
export interface Drag {
  move(p: Point, keys: Keys): void
  /** end does what the drag came to */
  end(p: Point, keys: Keys): void
  /** cancel leaves everything as it was */
  cancel(): void
}

/** Keys are those held down during a drag. */
export interface Keys {
  shift: boolean
  alt: boolean
  ctrl: boolean
}
