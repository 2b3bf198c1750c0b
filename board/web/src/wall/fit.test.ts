import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fit, lineHeight, parted, wrap, type Measure, type Paper } from './fit'

/** Letters that are all half as wide as they are high, bold ones a little wider. */
const measure: Measure = (text, bold) => text.length * (bold ? 55 : 50)
const width = (s: string) => measure(s, false) / 100
const paper: Paper = { w: 96, h: 96, bold: false, most: 21, least: 7 }

describe('fit', () => {
  it('writes a short text as large as it may be', () => {
    expect(fit('Paid', paper, measure)).toEqual({ size: 21, lines: ['Paid'], all: true })
  })

  it('writes smaller before it parts a word', () => {
    const f = fit('Acknowledged', paper, measure)
    expect(f.lines).toEqual(['Acknowledged'])
    expect(f.size).toBeLessThan(21)
  })

  it('parts a word at its capitals before anywhere else', () => {
    const f = fit('ShipmentManifestAcknowledged', { ...paper, h: 200 }, measure)
    expect(f.lines).toEqual(['Shipment', 'Manifest', 'Acknowledged'])
  })

  it('parts a word without capitals by a hyphen', () => {
    expect(parted('donaudampfschiff', 4, width)).toEqual(['donaudam'.slice(0, 7) + '-', 'mpfschi-', 'ff'])
  })

  it('ends a text that does not fit in an ellipsis', () => {
    const f = fit('word '.repeat(500), paper, measure)
    expect(f.all).toBe(false)
    expect(f.size).toBe(7)
    expect(f.lines.at(-1)).toMatch(/…$/)
  })

  it('keeps the lines that were written, and empty ones', () => {
    expect(wrap('one\n\ntwo', 10, width, false)).toEqual(['one', '', 'two'])
    expect(fit('', paper, measure).lines).toEqual([''])
  })

  it('does not part what a reader takes as one sign', () => {
    const family = '👩‍👩‍👧'
    for (const piece of parted(family.repeat(4), 5, width)) expect(piece.replaceAll(family, '').replace('-', '')).toBe('')
  })

  it('never writes beyond the paper, and loses nothing when it says so', () => {
    const texts = fc.array(fc.constantFrom('Order', 'placed', 'a', 'ShipmentManifest', 'x'.repeat(40), 'foo-bar', '\n'), { maxLength: 30 }).map((w) => w.join(' '))
    fc.assert(fc.property(texts, fc.integer({ min: 20, max: 300 }), fc.integer({ min: 12, max: 300 }), (text, w, h) => {
      const f = fit(text, { ...paper, w, h }, measure)
      for (const line of f.lines) if (line.length > 2) expect(width(line) * f.size).toBeLessThanOrEqual(w + 0.001)
      if (f.lines.length > 1) expect(f.lines.length * f.size * lineHeight).toBeLessThanOrEqual(h + 0.001)
      if (f.all) expect(f.lines.join('').replace(/[\s-]/g, '')).toBe(text.replace(/[\s-]/g, ''))
    }))
  })
})
