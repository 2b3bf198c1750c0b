import fc from 'fast-check'
import { expect, test } from 'vitest'
import { complete } from '../../model/items'
import type { Note } from '../../model/types'
import { touches, type Box } from '../box'
import { labelled } from './frames'
import { layLabels, type Named } from './labels'
import type { Look } from './look'

const view = { w: 1000, h: 700 }
const measure = (text: string) => text.length * 7
const part = (text: string, at: Box, set: Partial<Note> = {}): Named => ({ note: complete({ type: 'note', id: text, kind: 'module', text, ...at, ...set }) as Note, at })

test('a name that cannot be read where it stands is a label, at every zoom down to the farthest', () => {
  const at = (zoom: number) => ({ camera: { x: 0, y: 0, zoom } }) as Look
  for (const kind of ['module', 'lane', 'line'] as const) {
    const n = complete({ type: 'note', id: 'x', kind, text: 'Ordering', x: 0, y: 0, w: kind === 'line' ? 8 : 900, h: 320 }) as Note
    expect(labelled(n, at(1)), kind).toBe(false)
    for (const zoom of [0.5, 0.14, 0.05, 0.02]) expect(labelled(n, at(zoom)), `${kind} ${zoom}`).toBe(true)
    expect(labelled({ ...n, text: ' ' }, at(0.1))).toBe(false)
  }
  expect(labelled(complete({ type: 'note', id: 'x', kind: 'event', text: 'Paid' }) as Note, at(0.1))).toBe(false)
})

test('names stand above what they name, whole where there is room, however small that is', () => {
  const [a, b] = layLabels([part('Ordering', { x: 100, y: 200, w: 20, h: 12 }, { team: 'Sales' }), part('Billing', { x: 500, y: 300, w: 60, h: 40 })], measure, view)
  expect([b!.text, a!.text]).toEqual(['Ordering · Sales', 'Billing'])
  expect(a!.box.y + a!.box.h).toBeLessThanOrEqual(300)
  expect(a!.box.x).toBe(500)
})

test('where two are close both names are there, one of them elsewhere or shorter', () => {
  const labels = layLabels([part('Ordering of everything', { x: 100, y: 200, w: 50, h: 30 }), part('Billing of everything', { x: 155, y: 200, w: 50, h: 31 })], measure, view)
  expect(labels).toHaveLength(2)
  expect(touches(labels[0]!.box, labels[1]!.box)).toBe(false)
})

test('the name of what begins above the view stands at its edge', () => {
  const [l] = layLabels([part('Paid', { x: 400, y: -900, w: 1, h: 2000 }, { kind: 'line' })], measure, view)
  expect(l!.box.y).toBeGreaterThanOrEqual(0)
  expect(l!.box.x + l!.box.w / 2).toBeCloseTo(400.5)
})

test('no name lies over another or outside, and the largest part always has its own', () => {
  const boxes = fc.record({ x: fc.integer({ min: -200, max: 1100 }), y: fc.integer({ min: -200, max: 800 }), w: fc.integer({ min: 1, max: 600 }), h: fc.integer({ min: 1, max: 400 }) })
  fc.assert(fc.property(fc.array(fc.tuple(boxes, fc.stringMatching(/^[A-Za-z ]{1,40}$/)), { minLength: 1, maxLength: 40 }), (all) => {
    const named = all.filter(([, t]) => t.trim() !== '').map(([b, t], i) => part(t, b, { id: `n${i}` }))
    const labels = layLabels(named, measure, view)
    for (const [i, a] of labels.entries()) {
      expect(a.box.x >= 0 && a.box.y >= 0 && a.box.x + a.box.w <= view.w && a.box.y + a.box.h <= view.h).toBe(true)
      for (const b of labels.slice(i + 1)) expect(touches(a.box, b.box)).toBe(false)
    }
    const largest = [...named].sort((a, b) => b.at.w * b.at.h - a.at.w * a.at.h)[0]
    if (largest) expect(labels[0]!.note.id).toBe(largest.note.id)
  }))
})
