import { describe, expect, it } from 'vitest'
import { applyText } from '../model/items'
import { changesOf } from './fix'

describe('changesOf', () => {
  const text = 'event Payed\nevent Shiped\n'
  it('puts several edits of a fix together, whatever their order', () => {
    const changes = changesOf(text.length, [{ from: 18, to: 24, insert: 'Shipped' }, { from: 6, to: 11, insert: 'Paid' }, { from: 0, to: 0, insert: '// two\n' }])!
    expect(applyText(text, changes)).toBe('// two\nevent Paid\nevent Shipped\n')
  })
  it('refuses what overlaps or lies outside', () => {
    expect(changesOf(5, [{ from: 0, to: 3, insert: '' }, { from: 2, to: 4, insert: '' }])).toBeNull()
    expect(changesOf(5, [{ from: 4, to: 6, insert: '' }])).toBeNull()
  })
})
