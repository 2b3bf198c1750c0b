/** Fit is a text as it is written on a note: the size of its letters and its lines. */
export interface Fit {
  size: number
  lines: string[]
  /** all: no letter had to be left out */
  all: boolean
}

/** Measure returns the width of a text at a size of 100 pixels; widths grow with the size. */
export type Measure = (text: string, bold: boolean) => number

export interface Paper {
  w: number
  h: number
  bold: boolean
  /** the largest and the smallest size of the letters */
  most: number
  least: number
}

export const lineHeight = 1.22

/** small enough that a word is rather parted than written smaller */
const partBelow = 11

/**
 * fit finds the largest letters with which a text fits onto a paper. Words are
 * kept whole as long as the letters stay readable; then they are parted, first
 * where a capital or a sign parts them; and what does not fit even in the
 * smallest letters ends in an ellipsis.
 */
export function fit(text: string, paper: Paper, measure: Measure): Fit {
  const width = (s: string) => measure(s, paper.bold) / 100
  const whole = Math.max(partBelow, paper.least)
  for (let size = paper.most; size >= whole; size = smaller(size)) {
    const lines = wrap(text, paper.w / size, width, false)
    if (lines && lines.length * size * lineHeight <= paper.h) return { size, lines, all: true }
  }
  for (let size = Math.min(paper.most, 14); size >= paper.least; size = smaller(size)) {
    const lines = wrap(text, paper.w / size, width, true)!
    if (lines.length * size * lineHeight <= paper.h) return { size, lines, all: true }
  }
  return cut(wrap(text, paper.w / paper.least, width, true)!, paper, width)
}

function smaller(size: number): number {
  return size > 16 ? size - 1 : size - 0.5
}

function cut(lines: string[], paper: Paper, width: (s: string) => number): Fit {
  const n = Math.max(1, Math.floor(paper.h / (paper.least * lineHeight)))
  const kept = lines.slice(0, n)
  let last = kept[n - 1] ?? ''
  while (last !== '' && width(last + '…') > paper.w / paper.least) last = Array.from(last).slice(0, -1).join('')
  kept[n - 1] = last.trimEnd() + '…'
  return { size: paper.least, lines: kept, all: false }
}

/** wrap breaks a text into lines of a width (in sizes of the letters); undefined when a word is wider and must not be parted. */
export function wrap(text: string, most: number, width: (s: string) => number, part: boolean): string[] | undefined {
  const out: string[] = []
  for (const paragraph of text.split('\n')) {
    let line = ''
    for (const word of paragraph.split(/\s+/)) {
      if (word === '') continue
      const longer = line === '' ? word : `${line} ${word}`
      if (width(longer) <= most) {
        line = longer
        continue
      }
      if (width(word) <= most) {
        out.push(line)
        line = word
        continue
      }
      if (!part) return undefined
      if (line !== '') out.push(line)
      const pieces = parted(word, most, width)
      out.push(...pieces.slice(0, -1))
      line = pieces.at(-1)!
    }
    out.push(line)
  }
  return out
}

/** parted breaks a word into pieces that fit, at capitals and signs where it can. */
export function parted(word: string, most: number, width: (s: string) => number): string[] {
  const out: string[] = []
  let piece = ''
  for (const chunk of chunks(word)) {
    if (width(piece + chunk) <= most) {
      piece += chunk
      continue
    }
    if (piece !== '') out.push(piece)
    piece = ''
    for (const letter of letters(chunk)) {
      if (piece !== '' && width(`${piece}${letter}-`) > most) {
        out.push(`${piece}-`)
        piece = ''
      }
      piece += letter
    }
  }
  if (piece !== '' || out.length === 0) out.push(piece)
  return out
}

/** chunks parts a word where a reader would: FooBar, foo_bar, foo-bar, foo.bar. */
function chunks(word: string): string[] {
  return word.split(/(?<=[\p{Ll}\d])(?=\p{Lu})|(?<=[-_./:@])/u)
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** letters parts a text into what a reader takes as one sign. */
function letters(text: string): string[] {
  return Array.from(segmenter.segment(text), (s) => s.segment)
}
