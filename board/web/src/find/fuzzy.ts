/** A text made ready to be searched. */
export interface Plain {
  /** Lower case, without diacritics, with the same number of units as the source has places in at. */
  text: string
  /** Where each unit of text stood in the source. */
  at: number[]
}

/** A match: the better, the higher the score; marks are the ranges in the source. */
export interface Match {
  score: number
  marks: [number, number][]
}

/** Lower case, without diacritics; a run of spaces is one space. */
export function plain(source: string): Plain {
  let text = ''
  const at: number[] = []
  let i = 0
  for (const char of source) {
    const folded = fold(char)
    const space = /\s/.test(char)
    if (!(space && text.endsWith(' '))) {
      for (const unit of space ? ' ' : folded) {
        text += unit
        for (let k = 0; k < unit.length; k++) at.push(i)
      }
    }
    i += char.length
  }
  return { text, at }
}

const special: Record<string, string> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i' }

function fold(char: string): string {
  const lower = char.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  return special[lower] ?? lower
}

/**
 * How well a query matches a text, or null when it does not. Words of the query
 * may come in any order; each must be in the text: as a whole word, the beginning
 * of one, somewhere inside, or (from three letters) letter by letter, or with one
 * slip (from four letters).
 */
export function match(query: string, source: Plain | string): Match | null {
  const target = typeof source === 'string' ? plain(source) : source
  const words = plain(query).text.split(' ').filter(Boolean)
  if (words.length === 0) return null
  let score = 0
  const marks: [number, number][] = []
  for (const word of words) {
    const found = matchWord(word, target)
    if (!found) return null
    score += found.score
    marks.push(...found.marks)
  }
  score /= words.length
  if (target.text === words.join(' ')) score += 40
  else if (target.text.startsWith(words.join(' '))) score += 5
  else if (words.length > 1 && target.text.includes(words.join(' '))) score += 10
  return { score: score - Math.min(10, target.text.length / 40), marks: inSource(marks, target) }
}

function matchWord(word: string, target: Plain): Match | null {
  return inside(word, target) ?? (word.length >= 4 ? slipped(word, target.text) : null) ?? (word.length >= 3 ? scattered(word, target.text) : null)
}

function inside(word: string, target: Plain): Match | null {
  let best: Match | null = null
  for (let i = target.text.indexOf(word); i >= 0; i = target.text.indexOf(word, i + 1)) {
    const starts = startsWord(target.text, i)
    const ends = !isLetter(target.text[i + word.length])
    const score = starts && ends ? 100 : starts ? 90 : 70
    if (!best || score > best.score) best = { score, marks: [[i, i + word.length]] }
    if (best.score === 100) break
  }
  return best
}

function startsWord(text: string, i: number): boolean {
  return i === 0 || !isLetter(text[i - 1])
}

function isLetter(char: string | undefined): boolean {
  return char !== undefined && /[\p{L}\p{N}]/u.test(char)
}

/** A word of the text that begins alike but for one slip: a letter wrong, missing, too many, or two swapped. */
function slipped(word: string, text: string): Match | null {
  for (const m of text.matchAll(/[\p{L}\p{N}]+/gu)) {
    const at = m.index
    for (const size of [word.length, word.length + 1, word.length - 1]) {
      if (oneSlip(word, m[0].slice(0, size))) return { score: 50, marks: [[at, at + Math.min(size, m[0].length)]] }
    }
  }
  return null
}

/** Whether two different words are one insertion, deletion, replacement or swap apart. */
export function oneSlip(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || a === b) return false
  let i = 0
  while (i < a.length && i < b.length && a[i] === b[i]) i++
  if (a.slice(i + 1) === b.slice(i + 1)) return true
  if (a.slice(i + 1) === b.slice(i) || a.slice(i) === b.slice(i + 1)) return true
  return a[i] === b[i + 1] && a[i + 1] === b[i] && a.slice(i + 2) === b.slice(i + 2)
}

/** All letters in order, each next to the last or at the beginning of a word: "mrm" finds "mars rover moved". */
function scattered(word: string, text: string): Match | null {
  const marks: [number, number][] = []
  let from = 0
  for (const char of word) {
    let i = text.indexOf(char, from)
    while (i >= 0 && i !== from && !startsWord(text, i)) i = text.indexOf(char, i + 1)
    if (i < 0 || (marks.length === 0 && !startsWord(text, i))) return null
    marks.push([i, i + 1])
    from = i + 1
  }
  return { score: 40, marks }
}

function inSource(marks: [number, number][], target: Plain): [number, number][] {
  const list = marks
    .map(([from, to]): [number, number] => [target.at[from] ?? 0, (target.at[to - 1] ?? 0) + 1])
    .sort((a, b) => a[0] - b[0])
  const joined: [number, number][] = []
  for (const [from, to] of list) {
    const last = joined[joined.length - 1]
    if (last && from <= last[1]) last[1] = Math.max(last[1], to)
    else joined.push([from, to])
  }
  return joined
}
