import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { grown, holds, touches } from './box'
import { along, distance, hull, route } from './route'
import { walk } from './walk'

const box = fc.record({ x: fc.integer({ min: -800, max: 800 }), y: fc.integer({ min: -800, max: 800 }), w: fc.integer({ min: 40, max: 200 }), h: fc.integer({ min: 40, max: 200 }) })

describe('route', () => {
  it('leaves to the right where time runs to the right', () => {
    const r = route({ x: 0, y: 0, w: 100, h: 100 }, { x: 200, y: 0, w: 100, h: 100 })
    expect([r.a, r.b]).toEqual([{ x: 100, y: 50 }, { x: 200, y: 50 }])
  })

  it('begins and ends at the edges, never runs over its notes, and stays within its hull', () => {
    fc.assert(fc.property(box, box, (from, to) => {
      fc.pre(!touches(grown(from, 12), to))
      const r = route(from, to)
      const around = grown(hull(r), 0.01)
      for (let i = 1; i < 20; i++) {
        const p = along(r, i / 20)
        expect(holds(grown(from, -1), p)).toBe(false)
        expect(holds(grown(to, -1), p)).toBe(false)
        expect(holds(around, p)).toBe(true)
      }
      expect(distance(r, along(r, 0.4))).toBeLessThan(8)
    }))
  })
})

describe('walk', () => {
  const at = (id: string, x: number, y: number) => ({ id, x, y, w: 100, h: 100 })
  const here = at('here', 0, 0)
  const others = [at('right', 200, 10), at('far right', 400, 0), at('below', 10, 200), at('aside', 150, 600)]

  it('goes to the nearest that lies that way', () => {
    expect(walk(here, others, 'right')?.id).toBe('right')
    expect(walk(here, others, 'down')?.id).toBe('below')
    expect(walk(here, others, 'left')).toBeUndefined()
    expect(walk(others[1]!, [here, ...others], 'left')?.id).toBe('right')
  })
})
