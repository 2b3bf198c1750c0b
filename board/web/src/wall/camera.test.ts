import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { centredOn, farthest, fitted, nearest, panned, pinched, seen, shown, stepped, toBoard, toScreen, wheeled, zoomed } from './camera'

const camera = fc.record({ x: fc.integer({ min: -5000, max: 5000 }), y: fc.integer({ min: -5000, max: 5000 }), zoom: fc.double({ min: 0.05, max: 4, noNaN: true }) })
const point = fc.record({ x: fc.integer({ min: 0, max: 1500 }), y: fc.integer({ min: 0, max: 900 }) })
const view = { w: 1200, h: 800 }

describe('camera', () => {
  it('finds a point of the screen again', () => {
    fc.assert(fc.property(camera, point, (c, p) => {
      const back = toScreen(c, toBoard(c, p))
      expect(back.x).toBeCloseTo(p.x, 5)
      expect(back.y).toBeCloseTo(p.y, 5)
    }))
  })

  it('keeps what is under the pointer there when it zooms, and stays within its limits', () => {
    fc.assert(fc.property(camera, point, fc.double({ min: 0.001, max: 100, noNaN: true }), (c, p, zoom) => {
      const before = toBoard(c, p)
      const next = zoomed(c, p, zoom)
      const after = toBoard(next, p)
      expect(after.x).toBeCloseTo(before.x, 4)
      expect(after.y).toBeCloseTo(before.y, 4)
      expect(next.zoom).toBeGreaterThanOrEqual(farthest)
      expect(next.zoom).toBeLessThanOrEqual(nearest)
    }))
  })

  it('takes the wall along with the pointer', () => {
    const c = { x: 100, y: 50, zoom: 2 }
    const before = toBoard(c, { x: 10, y: 10 })
    expect(toBoard(panned(c, 30, -20), { x: 40, y: -10 })).toEqual(before)
  })

  it('keeps what is under two fingers under them', () => {
    const c = { x: 0, y: 0, zoom: 1 }
    const was: [{ x: number; y: number }, { x: number; y: number }] = [{ x: 100, y: 100 }, { x: 200, y: 100 }]
    const now: typeof was = [{ x: 80, y: 150 }, { x: 280, y: 150 }]
    const next = pinched(c, was, now)
    expect(next.zoom).toBeCloseTo(2)
    for (const i of [0, 1] as const) {
      expect(toScreen(next, toBoard(c, was[i])).x).toBeCloseTo(now[i].x)
      expect(toScreen(next, toBoard(c, was[i])).y).toBeCloseTo(now[i].y)
    }
  })

  it('shows a box whole and in the middle, and not larger than it is', () => {
    const box = { x: 100, y: 200, w: 4000, h: 500 }
    const s = seen(fitted(box, view), view)
    expect(s.x).toBeLessThan(box.x)
    expect(s.x + s.w).toBeGreaterThan(box.x + box.w)
    expect(s.x + s.w / 2).toBeCloseTo(box.x + box.w / 2)
    expect(fitted({ x: 0, y: 0, w: 10, h: 10 }, view).zoom).toBe(1)
  })

  it('moves no further than needed to show a box', () => {
    const c = centredOn({ x: 0, y: 0 }, view, 1)
    expect(shown(c, { x: -50, y: -50, w: 100, h: 100 }, view)).toBe(c)
    const right = shown(c, { x: 700, y: 0, w: 100, h: 100 }, view, 40)
    expect(right).toEqual({ x: c.x + 240, y: c.y, zoom: 1 })
  })

  it('zooms by round steps', () => {
    expect(stepped(1, 1)).toBe(1.25)
    expect(stepped(1, -1)).toBe(0.8)
    expect(stepped(0.72, -1)).toBe(0.67)
    expect(stepped(nearest, 1)).toBe(nearest)
    expect(stepped(farthest, -1)).toBe(farthest)
  })

  it('takes lines of a wheel for pixels, and huge turns for large ones', () => {
    expect(wheeled(1, 1)).toBeCloseTo(wheeled(16, 0))
    expect(wheeled(5000, 0)).toBeGreaterThan(0.5)
    expect(wheeled(10, 0) * wheeled(-10, 0)).toBeCloseTo(1)
  })
})
