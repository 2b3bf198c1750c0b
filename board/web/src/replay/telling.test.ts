import { describe, expect, it } from 'vitest'
import type { Change, Item, Op } from '../model/types'
import { minutesOf, stepsOf, tellAll, telling } from './telling'

function op(seq: number, changes: Change[], more: Partial<Op> = {}): Op {
  return { seq, id: `op${seq}`, by: 'ann', at: seq * 1000, what: 'NotesMoved', changes, ...more }
}

describe('telling', () => {
  const state = new Map<string, Item>([['a', { type: 'note', id: 'a', text: 'Order\nplaced' } as Item]])
  it('names one note and counts several', () => {
    expect(telling(op(1, [{ id: 'a', set: { x: 1 } }]), state)).toBe('moved “Order placed”')
    expect(telling(op(1, [{ id: 'a', set: { x: 1 } }, { id: 'b', set: { x: 1 } }, { id: 'c', set: { x: 1 } }]), state)).toBe('moved 3 notes')
  })
  it('uses the names of the time', () => {
    const words = tellAll([
      op(1, [{ id: 'a', set: { type: 'note', kind: 'event', text: 'Paid' } }], { what: 'NotesAdded' }),
      op(2, [{ id: 'a', set: { x: 9 } }]),
      op(3, [{ id: 'a', set: { text: 'Payed' } }], { what: 'NoteRewritten' }),
      op(4, [{ id: 'a', gone: true }], { what: 'NotesRemoved' }),
    ])
    expect([...words.values()]).toEqual(['added “Paid”', 'moved “Paid”', 'wrote “Payed”', 'removed an item'])
  })
  it('tells what it does not know by its name', () => {
    expect(telling(op(1, [], { what: 'SomethingNewHappened' }), state)).toBe('something new happened')
  })
})

describe('steps and minutes', () => {
  const ops = [op(1, []), op(2, []), op(3, [], { by: 'bob' }), op(4, [], { at: 70_000 }), op(5, [], { at: 71_000, what: 'NotesAdded' })]
  it('puts what one did in a row together', () => {
    expect(stepsOf(ops).map((s) => [s.from, s.to, s.by])).toEqual([[1, 2, 'ann'], [3, 3, 'bob'], [4, 4, 'ann'], [5, 5, 'ann']])
  })
  it('ends each minute with its last operation', () => {
    expect(minutesOf(ops)).toEqual([{ at: 0, seq: 3 }, { at: 60_000, seq: 5 }])
  })
})
