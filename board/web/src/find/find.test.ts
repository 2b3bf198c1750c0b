import { signal } from '@preact/signals'
import { describe, expect, it } from 'vitest'
import type { BoardModel } from '../model/board'
import { complete } from '../model/items'
import type { Comment, Link, Note, NoteKind, Person } from '../model/types'
import { findAll, pieces } from './everything'
import { everything, filter, passing, setFilter } from './filter'

const note = (id: string, kind: NoteKind, text: string, more: Partial<Note> = {}) => complete({ type: 'note', id, kind, text, ...more }) as Note

const notes = [
  note('m', 'module', 'Sales'), note('a', 'event', 'Order placed', { module: 'm', by: 'ann' }), note('b', 'policy', 'Ship it', { by: 'bob', doc: 'Whenever an order is placed' }),
  note('h', 'hotspot', 'Who pays?', { on: ['a'] }), note('done', 'hotspot', 'Who ships?', { answer: 'We do' }), note('c', 'event', 'Paid', { was: ['Order settled'] }),
]
const comments = [complete({ type: 'comment', id: 'k', note: 'b', text: 'Café orders, too' }) as Comment]
const board = {
  notes: () => notes,
  links: (): Link[] => [complete({ type: 'link', id: 'l', from: 'a', to: 'b', verb: 'triggers' }) as Link],
  comments: (id: string) => comments.filter((c) => c.note === id),
  people: () => new Map([['ann', complete({ type: 'person', id: 'ann', name: 'Änne Müller' }) as Person]]),
}

describe('findAll', () => {
  it('finds notes before descriptions, former names and comments', () => {
    const found = findAll('order', board)
    expect(found.map((f) => [f.key, f.part])).toEqual([['a', ''], ['c', 'former name'], ['b', 'description'], ['k', 'comment']])
  })
  it('finds comments and people whatever their accents', () => {
    expect(findAll('cafe', board).map((f) => [f.type, f.note])).toEqual([['comment', 'b']])
    expect(findAll('anne muller', board).map((f) => [f.type, f.key])).toEqual([['person', 'ann']])
  })
  it('marks what matched', () => {
    expect(pieces('Order placed', findAll('place', board)[0]!.marks)).toEqual([{ text: 'Order ', hit: false }, { text: 'place', hit: true }, { text: 'd', hit: false }])
  })
})

describe('passing', () => {
  const pass = (more: object) => [...(passing({ ...everything, ...more }, board) ?? ['all'])].sort()
  it('lets all through by default', () => {
    expect(pass({})).toEqual(['all'])
  })
  it('narrows by flow, module, kind, author and open hotspots, all together', () => {
    expect(pass({ flow: ['b'] })).toEqual(['a', 'b', 'h'])
    expect(pass({ modules: ['m'] })).toEqual(['a', 'h', 'm'])
    expect(pass({ kinds: ['event'] })).toEqual(['a', 'c'])
    expect(pass({ authors: ['bob'] })).toEqual(['b'])
    expect(pass({ openHotspots: true })).toEqual(['a', 'h'])
    expect(pass({ flow: ['b'], kinds: ['event'] })).toEqual(['a'])
  })
})

describe('setFilter', () => {
  it('ends when the focus was taken away elsewhere', () => {
    const model = { ...board, version: signal(0), focus: signal<ReadonlySet<string> | null>(null) } as unknown as BoardModel
    setFilter(model, { ...everything, kinds: ['event'] })
    expect(model.focus.value).toEqual(new Set(['a', 'c']))
    model.focus.value = null
    expect(filter.value).toEqual(everything)
    expect(model.focus.value).toBeNull()
  })
})
