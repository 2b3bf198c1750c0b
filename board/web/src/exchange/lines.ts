import type { TextChanges } from '../model/types'

/** A stretch of two texts by lines: the same in both, or different. */
export interface Hunk {
  same: boolean
  /** The lines of the first text, and the index of the first of them. */
  a: string[]
  aAt: number
  /** The lines of the second text, and the index of the first of them. */
  b: string[]
  bAt: number
}

/** The stretches in which two lists of lines are the same or differ (longest common lines, after what is the same at both ends). */
export function hunks(a: string[], b: string[]): Hunk[] {
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head++
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++
  const list: Hunk[] = []
  if (head > 0) list.push({ same: true, a: a.slice(0, head), aAt: 0, b: b.slice(0, head), bAt: 0 })
  list.push(...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail), head))
  if (tail > 0) list.push({ same: true, a: a.slice(a.length - tail), aAt: a.length - tail, b: b.slice(b.length - tail), bAt: b.length - tail })
  return list
}

/** Beyond so many cells the middle is one difference: a table of it would cost too much memory. */
const most = 4_000_000

function middle(a: string[], b: string[], at: number): Hunk[] {
  if (a.length === 0 && b.length === 0) return []
  if (a.length * b.length > most || a.length === 0 || b.length === 0) return [{ same: false, a, aAt: at, b, bAt: at }]
  const length = commonLengths(a, b)
  const list: Hunk[] = []
  const push = (same: boolean, i: number, j: number, x: string[], y: string[]) => {
    const last = list[list.length - 1]
    if (last && last.same === same) {
      last.a.push(...x)
      last.b.push(...y)
    } else {
      list.push({ same, a: x, aAt: at + i, b: y, bAt: at + j })
    }
  }
  let i = 0
  let j = 0
  const width = b.length + 1
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      push(true, i, j, [a[i++]!], [b[j++]!])
    } else if (j >= b.length || (i < a.length && length[(i + 1) * width + j]! >= length[i * width + j + 1]!)) {
      push(false, i, j, [a[i++]!], [])
    } else {
      push(false, i, j, [], [b[j++]!])
    }
  }
  return list
}

/** The table of the lengths of the longest common lines of all tails. */
function commonLengths(a: string[], b: string[]): Uint32Array {
  const width = b.length + 1
  const length = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      length[i * width + j] = a[i] === b[j] ? length[(i + 1) * width + j + 1]! + 1 : Math.max(length[(i + 1) * width + j]!, length[i * width + j + 1]!)
    }
  }
  return length
}

/** The changes that make one text another, in CodeMirror's JSON form, line by line, so that cursors elsewhere stay. */
export function changesBetween(from: string, to: string): TextChanges {
  const parts: TextChanges = []
  const a = withEnds(from)
  const b = withEnds(to)
  for (const h of hunks(a, b)) {
    const gone = h.a.join('').length
    if (h.same) {
      parts.push(gone)
      continue
    }
    const insert = h.b.join('')
    parts.push(insert === '' ? [gone] : [gone, ...insert.split('\n')])
  }
  return parts
}

/** The lines of a text with their line breaks. */
function withEnds(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}
