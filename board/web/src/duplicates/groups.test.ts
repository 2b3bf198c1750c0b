import { describe, expect, it } from 'vitest'
import type { Note } from '../model/types'
import { groupsOf, pairsApart } from './groups'

const notes = new Map(['a', 'b', 'c'].map((id) => [id, { id } as Note]))
const at = (id: string) => notes.get(id)

describe('groupsOf', () => {
  it('drops what is merged, kept apart or proposed twice, and puts the likeliest first', () => {
    const list = [
      { notes: ['a', 'gone'], score: 1, why: '' }, { notes: ['a', 'b'], score: 0.8, why: '' }, { notes: ['b', 'a'], score: 0.8, why: '' },
      { notes: ['b', 'c'], score: 0.9, why: '' }, { notes: ['c', 'a'], score: 0.7, why: '' },
    ]
    expect(groupsOf(list, at, new Set(['a c'])).map((g) => g.key)).toEqual(['b c', 'a b'])
  })
  it('goes on with a group of which only some were said to differ', () => {
    expect(groupsOf([{ notes: ['a', 'b', 'c'], score: 1, why: '' }], at, new Set(['a b']))).toHaveLength(1)
    expect(groupsOf([{ notes: ['a', 'b', 'c'], score: 1, why: '' }], at, new Set(['a b', 'a c', 'b c']))).toHaveLength(0)
  })
})

describe('pairsApart', () => {
  it('has every pair once', () => {
    expect(pairsApart(['a', 'b', 'c'])).toEqual([['a', 'b'], ['a', 'c'], ['b', 'c']])
  })
})
