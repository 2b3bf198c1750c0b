import { ChangeSet, Text } from '@codemirror/state'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyText, complete, Items, patch } from './items'
import { Layers } from './pending'
import { Replay } from './replay'
import type { Change, Note, Op, TextChanges } from './types'

const text = fc.array(fc.constantFrom('a', 'b', '\n', '🙂', 'é', ' '), { maxLength: 20 }).map((a) => a.join(''))

test('texts are changed as CodeMirror changes them', () => {
  fc.assert(fc.property(text, fc.array(fc.tuple(fc.nat(30), fc.nat(10), text), { maxLength: 4 }), (before, edits) => {
    const specs = edits.map(([at, length, insert]) => {
      const from = Math.min(at, before.length)
      return { from, to: Math.min(from + length, before.length), insert }
    }).sort((a, b) => a.from - b.from)
    let set = ChangeSet.empty(before.length)
    for (const s of specs) {
      const from = Math.min(s.from, set.newLength)
      set = set.compose(ChangeSet.of({ from, to: Math.min(Math.max(s.to, from), set.newLength), insert: s.insert }, set.newLength))
    }
    expect(applyText(before, set.toJSON() as TextChanges)).toBe(set.apply(Text.of(before.split('\n'))).toString())
  }))
})

test('an edit of another version than the next is lost', () => {
  const file = complete({ type: 'file', id: 'file:a', path: 'a', text: 'abc', version: 3 })
  expect(patch(file, { id: 'file:a', edit: { version: 4, changes: [1, [1, 'X'], 1] } })).toMatchObject({ text: 'aXc', version: 4 })
  expect(patch(file, { id: 'file:a', edit: { version: 5, changes: [1, [1, 'X'], 1] } })).toBe(file)
})

test('what is set of an item that is not there is lost, and what makes one has every property', () => {
  expect(patch(undefined, { id: 'n', set: { text: 'x' } })).toBeUndefined()
  expect(patch(undefined, { id: 'n', set: { type: 'nonsense' } })).toBeUndefined()
  expect(patch(undefined, { id: 'n', set: { type: 'note', kind: 'command' } })).toMatchObject({ id: 'n', kind: 'command', text: '', votes: {}, on: [] })
  const note = complete({ type: 'note', id: 'n', text: 'a' })
  expect(patch(note, { id: 'n', set: { id: 'other', text: 'b' } })).toMatchObject({ id: 'n', text: 'b' })
  expect(note).toMatchObject({ text: 'a' })
})

test('links and comments are found by their notes, wherever they move', () => {
  const items = new Items()
  items.put(complete({ type: 'link', id: 'l', from: 'a', to: 'b' }))
  items.put(complete({ type: 'comment', id: 'c', note: 'a', at: 1 }))
  items.put(complete({ type: 'link', id: 'l', from: 'a', to: 'c' }))
  items.put(complete({ type: 'comment', id: 'c', note: 'b', at: 1 }))
  expect(items.linksOf('b')).toEqual([])
  expect(items.linksOf('c').map((l) => l.id)).toEqual(['l'])
  expect(items.comments('a')).toEqual([])
  expect(items.comments('b').map((c) => c.id)).toEqual(['c'])
  items.remove('l')
  expect(items.linksOf('a')).toEqual([])
  expect(items.links.size).toBe(0)
})

test('only what a change names is made again', () => {
  const layers = new Layers()
  layers.load(Array.from({ length: 100 }, (_, i) => complete({ type: 'note', id: `n${i}`, text: String(i) })))
  const before = layers.shown.notes.get('n1')
  layers.add({ id: 'op', what: 'RewriteNote', data: { id: 'n2', text: 'x' }, seq: 1, changes: [{ id: 'n2', set: { text: 'x' } }], sent: false })
  layers.show(['n2'])
  expect(layers.shown.notes.get('n2')?.text).toBe('x')
  expect((layers.confirmedItem('n2') as Note).text).toBe('2')
  expect(layers.shown.notes.get('n1')).toBe(before)
})

test('a replay comes to the same wall however it is sought through', () => {
  const change: fc.Arbitrary<Change> = fc.oneof(
    fc.record({ id: fc.constantFrom('a', 'b', 'c'), set: fc.record({ type: fc.constant('note'), text: text }) }),
    fc.record({ id: fc.constantFrom('a', 'b', 'c'), set: fc.record({ text: text }) }),
    fc.record({ id: fc.constantFrom('a', 'b', 'c'), gone: fc.constant(true) }),
  )
  fc.assert(fc.property(fc.array(fc.array(change, { maxLength: 4 }), { minLength: 1, maxLength: 12 }), fc.array(fc.nat(12), { maxLength: 12 }), (steps, seeks) => {
    const ops = steps.map((changes, i): Op => ({ seq: i + 1, id: String(i), by: '', at: 0, what: '', changes }))
    const replay = new Replay(ops)
    for (const seq of seeks) {
      const before = new Map(replay.items.all)
      const ids = replay.seek(seq)
      const plain = new Replay(ops)
      plain.seek(seq)
      expect(new Map(replay.items.all)).toEqual(new Map(plain.items.all))
      for (const id of 'abc') if (!ids.has(id)) expect(replay.items.all.get(id)).toBe(before.get(id))
    }
  }))
})
