import { describe, expect, it } from 'vitest'
import { moduleAt, proposals, type Known } from './completing'
import { keyOf, keysOf, spelled, wordAt, wordsOf } from './words'

describe('words', () => {
  it('reads names in and out of quotes, and no comments', () => {
    expect([...wordsOf('event Paid // was Payed\n"He said \\"no\\""')].map((w) => w.name)).toEqual(['event', 'Paid', 'He said "no"'])
  })
  it('spells names as the language wants them', () => {
    expect(spelled('OrderPaid')).toBe('OrderPaid')
    expect(spelled('Order paid')).toBe('"Order paid"')
    expect(spelled('event')).toBe('"event"')
    expect(spelled('3rd')).toBe('"3rd"')
    expect(spelled('a "b"\\')).toBe('"a \\"b\\"\\\\"')
  })
  it('knows the name under the cursor', () => {
    const text = 'policy P : Paid -> "Ship it"\nevent Paid'
    expect(wordAt(text, 12)?.name).toBe('Paid')
    expect(wordAt(text, 23)?.name).toBe('Ship it')
    expect(wordAt(text, 36)).toMatchObject({ name: 'Paid', from: 35, to: 39 })
    expect(wordAt(text, 17)).toBeUndefined()
  })
  it('takes all spellings of a name for one', () => {
    expect(keyOf('MarsRoverMoved')).toBe(keyOf('Mars rover\nmoved'))
    expect(keysOf({ text: 'Moved!', element: 'event:Rover.MarsRoverMoved' })).toEqual(new Set(['moved', 'rovermarsrovermoved', 'marsrovermoved']))
  })
})

describe('proposals', () => {
  const known: Known[] = [
    { name: 'OrderPaid', kind: 'event', module: 'Sales' },
    { name: 'Ship order', kind: 'command', module: '' },
    { name: 'Clerk', kind: 'actor', module: '' },
    { name: 'Open orders', kind: 'projection', module: '' },
    { name: 'Why?', kind: 'hotspot', module: '' },
  ]
  const best = (head: string) => proposals(head, known, 'Sales').filter((p) => p.boost > 1).map((p) => p.apply ?? p.label)

  it('begin a line with the words of the language', () => {
    expect(proposals('  ', known).some((p) => p.label === 'hotspot' && p.type === 'keyword')).toBe(true)
    expect(proposals('policy P : ', known).some((p) => p.label === 'hotspot')).toBe(false)
  })
  it('put first what the grammar expects', () => {
    expect(best('policy P : ')).toEqual(['OrderPaid'])
    expect(best('policy P : OrderPaid -> ')).toEqual(['"Ship order"'])
    expect(best('policy P : OrderPaid using ')).toEqual(['"Open orders"'])
    expect(best('projection R : OrderPaid -> ')).toEqual(['Clerk'])
    expect(best('Clerk -> "Ship order" -> ')).toEqual(['OrderPaid'])
    expect(best('pivotal ')).toEqual(['OrderPaid'])
  })
  it('go on with the words of the statement', () => {
    expect(proposals('hotspot "Why?" ', known).filter((p) => p.type === 'keyword').map((p) => p.label)).toEqual(['on', 'resolved'])
  })
  it('write names of other modules with their module', () => {
    const at = (here: string) => proposals('policy P : ', known, here).find((p) => p.label === 'OrderPaid')?.apply
    expect(at('Sales')).toBeUndefined()
    expect(at('Billing')).toBe('Sales.OrderPaid')
    expect(at('')).toBe('Sales.OrderPaid')
  })
  it('know the module that they are in', () => {
    const text = 'module Sales { // } not an end\n  aggregate Order {\n    |\n  }\n|}\n|module "Our shop" {\n|'
    const places = [...text.matchAll(/\|/g)].map((m) => m.index)
    expect(places.map((p) => moduleAt(text, p))).toEqual(['Sales', 'Sales', '', 'Our shop'])
  })
  it('offer types for fields', () => {
    expect(proposals('event A { at ', known).filter((p) => p.type === 'type').length).toBe(8)
    expect(proposals('event A { ', known).filter((p) => p.type === 'type').length).toBe(0)
  })
})
