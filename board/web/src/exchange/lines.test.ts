import { ChangeSet, Text } from '@codemirror/state'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyText } from '../model/items'
import { changesBetween, hunks } from './lines'

const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 })

describe('hunks', () => {
  it('put together give both texts', () => {
    fc.assert(
      fc.property(lines, lines, (a, b) => {
        const all = hunks(a, b)
        expect(all.flatMap((h) => h.a)).toEqual(a)
        expect(all.flatMap((h) => h.b)).toEqual(b)
        for (const h of all) if (h.same) expect(h.a).toEqual(h.b)
      }),
    )
  })
  it('keep what is common', () => {
    expect(hunks(['a', 'b', 'c', 'd'], ['a', 'x', 'c', 'd']).map((h) => [h.same, h.a.join(''), h.b.join('')])).toEqual([
      [true, 'a', 'a'], [false, 'b', 'x'], [true, 'cd', 'cd'],
    ])
  })
})

describe('changesBetween', () => {
  it('makes one text the other, in the form that CodeMirror reads', () => {
    fc.assert(
      fc.property(lines, lines, fc.boolean(), (a, b, end) => {
        const from = a.join('\n') + (end ? '\n' : '')
        const to = b.join('\n')
        const changes = changesBetween(from, to)
        expect(applyText(from, changes)).toBe(to)
        expect(ChangeSet.fromJSON(changes).apply(Text.of(from.split('\n'))).toString()).toBe(to)
      }),
    )
  })
})
