import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { touches, type Box } from './box'
import { Grid } from './grid'

const box = fc.record({ x: fc.integer({ min: -9000, max: 9000 }), y: fc.integer({ min: -9000, max: 9000 }), w: fc.integer({ min: 1, max: 3000 }), h: fc.integer({ min: 1, max: 3000 }) })
const step = fc.oneof(
  fc.record({ what: fc.constant('put' as const), id: fc.integer({ min: 0, max: 30 }), box }),
  fc.record({ what: fc.constant('remove' as const), id: fc.integer({ min: 0, max: 30 }) }),
)

describe('Grid', () => {
  it('finds the same as looking at every box, whatever was put, moved and removed', () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 80 }), fc.array(box, { minLength: 1, maxLength: 5 }), (steps, queries) => {
      const grid = new Grid()
      const all = new Map<string, Box>()
      for (const s of steps) {
        const id = String(s.id)
        if (s.what === 'put') {
          grid.put(id, s.box)
          all.set(id, s.box)
        } else {
          grid.remove(id)
          all.delete(id)
        }
      }
      expect(grid.size).toBe(all.size)
      for (const q of queries) {
        const found = grid.query(q)
        expect(new Set(found).size).toBe(found.length)
        for (const [id, b] of all) if (touches(b, q)) expect(found).toContain(id)
        for (const id of found) {
          const b = all.get(id)!
          expect(b.x <= q.x + q.w && b.x + b.w >= q.x && b.y <= q.y + q.h && b.y + b.h >= q.y).toBe(true)
        }
      }
    }))
  })

  it('finds a box that is larger than any number of squares', () => {
    const grid = new Grid()
    grid.put('frame', { x: -1e6, y: -1e6, w: 2e6, h: 2e6 })
    grid.put('note', { x: 5000, y: 5000, w: 100, h: 100 })
    expect(grid.query({ x: 0, y: 0, w: 10, h: 10 })).toEqual(['frame'])
    grid.put('frame', { x: 0, y: 0, w: 5, h: 5 })
    expect(grid.query({ x: 5010, y: 5010, w: 1, h: 1 })).toEqual(['note'])
  })
})
