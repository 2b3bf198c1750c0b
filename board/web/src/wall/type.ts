import type { Note, NoteKind } from '../model/types'
import { kindOf } from '../model/kinds'
import { fit, type Fit, type Measure, type Paper } from './fit'

/** The letters of the wall, the same in the canvas and in the field in which a note is written. */
export const font = '"Segoe UI", -apple-system, Roboto, "Helvetica Neue", Arial, "Liberation Sans", sans-serif'

/** fontOf returns the CSS font of a size. */
export function fontOf(size: number, bold: boolean): string {
  return `${bold ? 600 : 500} ${size}px ${font}`
}

/** pad is the room between a note's edge and its text. */
export const pad = 8

const sizes: Partial<Record<NoteKind, [most: number, least: number]>> = {
  actor: [15, 7],
  text: [64, 10],
  term: [18, 8],
  value: [18, 8],
}

/** paperOf returns the room that a note has for its text. */
export function paperOf(kind: NoteKind, w: number, h: number): Paper {
  const [most, least] = sizes[kind] ?? [21, 7]
  const side = kind === 'text' ? 2 : kind === 'actor' ? 5 : pad
  return { w: Math.max(8, w - 2 * side), h: Math.max(8, h - 2 * side), bold: kindOf(kind).bold === true, most, least }
}

/** Letters measures texts with the browser's own means, each word once. */
export class Letters {
  private readonly widths = new Map<string, number>()
  private readonly fits = new WeakMap<Note, Fit>()
  private readonly drafts = new Map<string, Fit>()
  private readonly g: CanvasRenderingContext2D
  private bold: boolean | null = null

  constructor() {
    this.g = document.createElement('canvas').getContext('2d')!
  }

  readonly measure: Measure = (text, bold) => {
    const key = bold ? `\u0001${text}` : text
    const known = this.widths.get(key)
    if (known !== undefined) return known
    if (this.bold !== bold) {
      this.bold = bold
      this.g.font = fontOf(100, bold)
    }
    const width = this.g.measureText(text).width
    if (this.widths.size > 50_000) this.widths.clear()
    this.widths.set(key, width)
    return width
  }

  /** of returns a note's text as it fits; worked out once for each state of a note. */
  of(n: Note): Fit {
    let f = this.fits.get(n)
    if (!f) this.fits.set(n, (f = fit(n.text, paperOf(n.kind, n.w, n.h), this.measure)))
    return f
  }

  /** drafted returns a text that is not the note's own, or in another size, as it fits. */
  drafted(kind: NoteKind, text: string, w: number, h: number): Fit {
    const key = `${kind} ${w} ${h} ${text}`
    let f = this.drafts.get(key)
    if (!f) {
      if (this.drafts.size > 500) this.drafts.clear()
      this.drafts.set(key, (f = fit(text, paperOf(kind, w, h), this.measure)))
    }
    return f
  }
}
