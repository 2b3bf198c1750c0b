import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Link, Note } from '../model/types'
import { flowOf, inModules } from './reach'

const link = (from: string, to: string): Link => ({ type: 'link', id: `${from}-${to}`, from, to, verb: 'triggers' })
const note = (id: string, more: Partial<Note> = {}): Note => ({ id, on: [], module: '', ...more }) as Note

describe('flowOf', () => {
  const links = [link('clerk', 'place'), link('place', 'placed'), link('placed', 'policy'), link('policy', 'pay'), link('clerk', 'cancel')]
  const notes = ['clerk', 'place', 'placed', 'policy', 'pay', 'cancel'].map((id) => note(id))

  it('goes both ways from the selection, and does not turn round', () => {
    expect(flowOf(['placed'], links, notes)).toEqual(new Set(['clerk', 'place', 'placed', 'policy', 'pay']))
  })
  it('takes along what is attached, and starts from what a sticky is on', () => {
    const spot = note('spot', { on: ['pay'] })
    expect(flowOf(['spot'], links, [...notes, spot])).toEqual(new Set(['clerk', 'place', 'placed', 'policy', 'pay', 'spot']))
  })
  it('ends in circles', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(8), fc.nat(8)), { maxLength: 30 }), (pairs) => {
        const found = flowOf(['0'], pairs.map(([a, b]) => link(String(a), String(b))), [])
        expect(found.has('0')).toBe(true)
      }),
    )
  })
})

describe('inModules', () => {
  it('holds what lies in the frame and what is attached to it', () => {
    expect(inModules(['m'], [note('m'), note('a', { module: 'm' }), note('b'), note('s', { on: ['a'] })])).toEqual(new Set(['m', 'a', 's']))
  })
})
