import { describe, expect, it } from 'vitest'
import { match, oneSlip } from './fuzzy'

function ranked(query: string, texts: string[]): string[] {
  return texts
    .map((text) => ({ text, m: match(query, text) }))
    .filter((r) => r.m)
    .sort((a, b) => b.m!.score - a.m!.score)
    .map((r) => r.text)
}

describe('match', () => {
  it('ranks whole words before beginnings before insides', () => {
    expect(ranked('paid', ['Invoice unpaid', 'Paidback', 'Invoice paid', 'Paid'])).toEqual(['Paid', 'Invoice paid', 'Paidback', 'Invoice unpaid'])
  })
  it('passes over case and diacritics on both sides', () => {
    expect(match('cafe', 'Café geöffnet')?.marks).toEqual([[0, 4]])
    expect(match('GEÖFFNET', 'Café geoffnet')).not.toBeNull()
    expect(match('strasse', 'Straße gesperrt')?.marks).toEqual([[0, 6]])
  })
  it('takes words in any order, all of them', () => {
    expect(match('placed order', 'Order placed')).not.toBeNull()
    expect(match('placed refund', 'Order placed')).toBeNull()
  })
  it('forgives one slip in a longer word', () => {
    for (const q of ['ordre', 'oder', 'ordeer', 'ordar']) expect(match(q, 'Order placed'), q).not.toBeNull()
    expect(match('xrdar', 'Order placed')).toBeNull()
  })
  it('finds by the first letters of words', () => {
    expect(match('mrm', 'Mars Rover Moved')?.marks).toEqual([[0, 1], [5, 6], [11, 12]])
    expect(match('mrx', 'Mars Rover Moved')).toBeNull()
  })
  it('marks places in the source when a mark was taken off', () => {
    const source = 'e\u0301te\u0301 fini'
    const [from, to] = match('fini', source)!.marks[0]!
    expect(source.slice(from, to)).toBe('fini')
  })
  it('finds nothing with an empty query', () => {
    expect(match('  ', 'anything')).toBeNull()
  })
})

describe('oneSlip', () => {
  it('knows a swap from two replacements', () => {
    expect(oneSlip('order', 'ordre')).toBe(true)
    expect(oneSlip('order', 'oxdxr')).toBe(false)
    expect(oneSlip('order', 'order')).toBe(false)
  })
})
