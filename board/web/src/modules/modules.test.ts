import { describe, expect, it } from 'vitest'
import type { Note } from '../model/types'
import { diagram } from './diagram'
import { framed, laidInto, together } from './framing'

const note = (id: string, x: number, y: number, more: Partial<Note> = {}): Note => ({ type: 'note', id, kind: 'event', text: id, x, y, w: 100, h: 100, module: '', on: [], ...more }) as Note

describe('diagram', () => {
  const modules = (n: number) => Array.from({ length: n }, (_, i) => ({ note: `n${i}`, name: `M${i}`, team: '' }))
  it('lays boxes apart, in the picture, however many', () => {
    for (const n of [1, 2, 3, 5, 9, 16]) {
      const d = diagram({ modules: modules(n), messages: [], flows: [] })
      for (const [i, a] of d.boxes.entries()) {
        expect(a.x >= 0 && a.y >= 0 && a.x + a.w <= d.w && a.y + a.h <= d.h).toBe(true)
        for (const b of d.boxes.slice(i + 1)) expect(a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y, `${n}: ${a.name} and ${b.name}`).toBe(true)
      }
    }
  })
  it('draws both directions apart, and modules that are only named in messages', () => {
    const d = diagram({ modules: modules(1), messages: [{ from: 'M0', to: 'Bank', names: ['Pay'] }, { from: 'Bank', to: 'M0', names: ['Paid'] }], flows: [] })
    expect(d.boxes.map((b) => b.name)).toEqual(['M0', 'Bank'])
    expect(d.arrows[0]!.label).not.toEqual(d.arrows[1]!.label)
  })
  it('draws one module no larger than two', () => {
    const [one, two] = [1, 2].map((n) => diagram({ modules: modules(n), messages: [], flows: [] }))
    expect(one!.w).toBe(two!.w)
  })
})

describe('what is arranged together', () => {
  it('is the selection with the stickies that hang on nothing else, without frames', () => {
    const [a, b, m] = [note('a', 0, 0), note('b', 200, 0), note('m', 0, 0, { kind: 'module' })]
    const [own, both, free] = [['a'], ['a', 'b'], []].map((on, i) => note(`h${i}`, 50, 0, { kind: 'hotspot', on }))
    const all = [a, b, m, own!, both!, free!]
    expect(together([a, m], all).map((n) => n.id)).toEqual(['a', 'h0'])
    expect(together([a, b, own!], all).map((n) => n.id)).toEqual(['a', 'b', 'h0', 'h1'])
  })
})

describe('framed', () => {
  it('puts a frame around notes where they lie', () => {
    const notes = [note('a', 0, 0), note('b', 200, 50)]
    const made = framed('m', 'Sales', 'Red', notes, notes)!
    expect(made.frame).toMatchObject({ kind: 'module', text: 'Sales', team: 'Red', x: -48, y: -88, w: 396 })
    expect(made.places).toEqual([{ id: 'a', x: 0, y: 0, w: 100, h: 100, module: 'm' }, { id: 'b', x: 200, y: 50, w: 100, h: 100, module: 'm' }])
  })
  it('takes them away from what else lies between them, as they lie to each other', () => {
    const [a, b, other] = [note('a', 0, 0), note('b', 400, 50), note('other', 200, 0)]
    const made = framed('m', 'Sales', '', [a, b], [a, b, other])!
    expect(made.frame.y).toBeGreaterThan(150)
    expect(made.places[1]!.y - made.places[0]!.y).toBe(50)
  })
  it('leaves lines and lanes where they are', () => {
    const notes = [note('a', 0, 0), note('l', 50, -600, { kind: 'line' }), note('w', -900, 0, { kind: 'lane' })]
    expect(framed('m', 'Sales', '', notes, notes)!.places.map((p) => p.id)).toEqual(['a'])
    expect(laidInto(note('m', 0, 0, { kind: 'module' }), notes, []).map((p) => p.id)).not.toContain('l')
  })
  it('makes no empty frame', () => {
    expect(framed('m', 'Sales', '', [note('f', 0, 0, { kind: 'module' })], [])).toBeNull()
  })
})

describe('laidInto', () => {
  it('puts notes after what is there, and grows the frame', () => {
    const frame = note('m', 0, 0, { kind: 'module', w: 300, h: 300 })
    const places = laidInto(frame, [note('a', 900, 900)], [note('x', 48, 88, { module: 'm' })])
    expect(places.find((p) => p.id === 'a')).toMatchObject({ x: 196, y: 88, module: 'm' })
    expect(places.find((p) => p.id === 'm')!.w).toBe(344)
  })
})
