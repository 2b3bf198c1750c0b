/** What a timer shows at one moment. */
export interface Countdown {
  state: 'off' | 'running' | 'ending' | 'over'
  /** Milliseconds left; negative when over. */
  left: number
  /** The time left as people read it: 4:05, 1:02:00, or +0:12 when over. */
  text: string
}

/** The last minute is shown as ending. */
const ending = 60_000

/**
 * What the timer shows now. ends is the server's time in ms since 1970 (0 for no
 * timer), offset is what to add to this machine's clock to get the server's.
 */
export function countdown(ends: number | undefined, now: number, offset: number): Countdown {
  if (!ends) return { state: 'off', left: 0, text: '' }
  const left = ends - (now + offset)
  if (left <= 0) return { state: 'over', left, text: '+' + clock(-left) }
  return { state: left <= ending ? 'ending' : 'running', left, text: clock(left + 999) }
}

/** Milliseconds as minutes and seconds, with hours where there are some. */
export function clock(ms: number): string {
  const all = Math.floor(ms / 1000)
  const s = String(all % 60).padStart(2, '0')
  const m = Math.floor(all / 60) % 60
  const h = Math.floor(all / 3600)
  return h > 0 ? `${h}:${String(m).padStart(2, '0')}:${s}` : `${m}:${s}`
}

/**
 * The seconds that SetTimer takes to make a timer end later (or earlier) by some
 * minutes: counted from now, at least 0. A timer that is over starts anew.
 */
export function extended(ends: number | undefined, now: number, offset: number, minutes: number): number {
  const left = Math.max(0, (ends ?? 0) - (now + offset))
  return Math.max(0, Math.round(left / 1000) + minutes * 60)
}

/** What a screen reader is told at some moments of a timer, or "" for nothing. */
export function announcement(before: Countdown, after: Countdown): string {
  if (after.state === 'off') return before.state === 'running' || before.state === 'ending' ? 'The timer was stopped.' : ''
  if (before.state === 'off') return after.state === 'over' ? '' : `The timer was started: ${spoken(after.left)}.`
  if (after.state === 'over') return before.state === 'over' ? '' : 'Time is up.'
  if (after.state === 'ending' && before.state === 'running') return 'One minute left.'
  if (after.left - before.left > 5000) return `The timer was extended: ${spoken(after.left)} left.`
  return ''
}

function spoken(ms: number): string {
  const minutes = Math.round(ms / 60000)
  if (minutes < 1) return `${Math.round(ms / 1000)} seconds`
  return minutes === 1 ? '1 minute' : `${minutes} minutes`
}
