import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Note } from '../model/types'
import { moved, partsOf, swapped } from './order'

const note = (id: string, x: number, y = 0, more: Partial<Note> = {}): Note =>
  ({ type: 'note', id, kind: 'event', text: id, x, y, w: 100, h: 100, module: '', on: [], ...more }) as unknown as Note

function after(notes: Note[], places: { id: string; x: number; y: number; module: string }[]): Note[] {
  return notes.map((n) => ({ ...n, ...places.find((p) => p.id === n.id) }))
}

const ids = (notes: Note[]) => partsOf(notes).map((p) => [p.frame?.id ?? '', ...p.rows.map((r) => r.note.id)])

describe('partsOf', () => {
  it('puts modules one after another, notes by time, stickies with their hosts', () => {
    const notes = [
      note('m2', 2000, 0, { kind: 'module' }), note('m1', 0, 0, { kind: 'module' }), note('late', 300, 0, { module: 'm1' }), note('early', 100, 50, { module: 'm1' }),
      note('free', 5000), note('spot', 10, 0, { kind: 'hotspot', on: ['late'] }), note('frameSpot', 0, 0, { kind: 'hotspot', on: ['m2'] }),
    ]
    expect(ids(notes)).toEqual([['', 'free'], ['m1', 'early', 'late'], ['m2', 'frameSpot']])
    expect(partsOf(notes)[1]!.rows[1]!.attached.map((n) => n.id)).toEqual(['spot'])
  })
  it('loses nobody', () => {
    const kind = fc.constantFrom('event', 'hotspot', 'module', 'lane')
    fc.assert(
      fc.property(fc.array(fc.record({ kind, x: fc.nat(50), on: fc.array(fc.nat(20).map(String), { maxLength: 2 }), module: fc.nat(20).map(String) }), { maxLength: 20 }), (raw) => {
        const notes = raw.map((r, i) => note(String(i), r.x, 0, r as Partial<Note>))
        const listed = partsOf(notes).flatMap((p) => [p.frame?.id, ...p.rows.flatMap((r) => [r.note.id, ...r.attached.map((a) => a.id)])]).filter((id) => id !== undefined)
        expect(listed.sort()).toEqual(notes.map((n) => n.id).sort())
      }),
    )
  })
})

describe('swapped', () => {
  it('changes places with the neighbour and takes along what is attached', () => {
    const notes = [note('a', 0), note('b', 200, 30), note('spot', 210, 40, { kind: 'hotspot', on: ['b'] })]
    const next = after(notes, swapped(partsOf(notes)[0]!, 'b', -1))
    expect(ids(next)).toEqual([['', 'b', 'a']])
    expect(next.find((n) => n.id === 'spot')).toMatchObject({ x: 10, y: 10 })
  })
  it('parts what lies at the same place', () => {
    const notes = [note('a', 0), note('b', 0)]
    expect(ids(after(notes, swapped(partsOf(notes)[0]!, 'b', -1)))).toEqual([['', 'b', 'a']])
  })
  it('does nothing at the ends', () => {
    const part = partsOf([note('a', 0), note('b', 200)])[0]!
    expect(swapped(part, 'a', -1)).toEqual([])
    expect(swapped(part, 'b', 1)).toEqual([])
  })
})

describe('moved', () => {
  it('puts a note at the end of a module and makes the frame grow', () => {
    const notes = [note('m', 0, 0, { kind: 'module', w: 200, h: 300 }), note('a', 40, 80, { module: 'm' }), note('b', 900)]
    const parts = partsOf(notes)
    const places = moved(parts[0]!.rows[0]!, parts[1]!)
    expect(places.find((p) => p.id === 'b')).toMatchObject({ x: 180, y: 80, module: 'm' })
    expect(places.find((p) => p.id === 'm')!.w).toBe(320)
    expect(ids(after(notes, places))).toEqual([['m', 'a', 'b']])
  })
})
