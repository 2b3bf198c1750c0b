import type { Camera } from '../camera'

const slow = 26 // ms between two frames
const after = 6 // slow frames in a row
const rest = 140 // ms without movement

/**
 * Pace watches how quickly frames follow each other while the view moves. Where
 * they are slow, as without a GPU, light says to leave out what takes long and is
 * hardly seen in motion; when the view rests, everything is painted again.
 */
export class Pace {
  light = false
  private last = 0
  private seen: Camera | undefined
  private count = 0
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly rested: () => void) {}

  /** frame is told of each frame before it is painted. */
  frame(now: number, c: Camera): void {
    const moving = this.seen !== undefined && this.seen !== c
    this.seen = c
    const took = now - this.last
    this.last = now
    if (!moving) return
    // A pause between two movements is no slow frame.
    if (took < 400) this.count = took > slow ? this.count + 1 : Math.max(0, this.count - 2)
    this.light = this.count >= after
    if (!this.light) return
    clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      this.light = false
      this.rested()
    }, rest)
  }

  stop(): void {
    clearTimeout(this.timer)
  }
}
