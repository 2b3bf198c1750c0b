// What a board holds; board/session has the same limits and refuses in the same
// words. Texts are counted in characters.

export const limits = {
  text: 2_000, doc: 10_000, answer: 4_000, comment: 4_000, name: 200, goals: 50, goal: 500, on: 200, was: 200,
  votes: 100, timer: 24 * 60 * 60, position: 10_000_000,
} as const

/** Refusal says why a command cannot be done; the user is told. */
export class Refusal extends Error {
  constructor(message: string, readonly code: 'rejected' | 'stale' = 'rejected') {
    super(message)
  }
}

/** checkText refuses a text that is too long, or that has characters which no keyboard has. */
export function checkText(what: string, text: string, most: number): void {
  if (text.length > most) {
    const n = Array.from(text).length
    if (n > most) throw new Refusal(`${what} has ${n} characters; at most ${most} fit.`)
  }
  if (/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffd]/.test(text)) throw new Refusal(`${what} has a character that cannot be shown.`)
}

/** checkLine refuses what is not a line of text. */
export function checkLine(what: string, text: string, most: number): void {
  if (/[\n\t]/.test(text)) throw new Refusal(`${what} must be one line.`)
  checkText(what, text, most)
}

/** checkName refuses what is not a line with something on it. */
export function checkName(what: string, text: string): void {
  if (text.trim() === '') throw new Refusal(`${what} is missing.`)
  checkLine(what, text, limits.name)
}

/** checkPlace refuses a place far off the wall. */
export function checkPlace(p: { x: number; y: number; w: number; h: number }): void {
  for (const v of [p.x, p.y]) {
    if (Math.abs(v) > limits.position) throw new Refusal(`${v} is too far away: the wall ends at ${limits.position} pixels.`)
  }
  for (const v of [p.w, p.h]) {
    if (v < 0 || v > limits.position) throw new Refusal(`A note cannot be ${v} pixels wide or high.`)
  }
}
