import { describe, expect, it } from 'vitest'
import { arranged } from './arrange'
import { snap } from './snap'

const at = (x: number, y: number, w = 100, h = 100) => ({ x, y, w, h })

describe('snap', () => {
  it('leaves alone what is not near anything', () => {
    expect(snap(at(150, 150), [at(0, 0)], 6)).toEqual({ dx: 0, dy: 0, guides: [] })
  })

  it('brings edges in line and shows the line', () => {
    const s = snap(at(203, 4), [at(0, 0)], 6)
    expect([s.dx, s.dy]).toEqual([0, -4])
    expect(s.guides).toContainEqual({ axis: 'y', at: 0, from: 0, to: 303, kind: 'line' })
  })

  it('brings centres in line', () => {
    const s = snap(at(27, 300, 40, 40), [at(0, 0)], 6)
    expect(s.dx).toBe(3)
    expect(s.guides.map((g) => g.at)).toContain(50)
  })

  it('puts an edge to the opposite edge of another', () => {
    expect(snap(at(96, 40), [at(0, 0)], 6).dx).toBe(4)
  })

  it('keeps the gap that two neighbours have', () => {
    const s = snap(at(277, 2), [at(0, 0), at(140, 0)], 6)
    expect([s.dx, s.dy]).toEqual([3, -2])
    expect(s.guides.filter((g) => g.kind === 'gap')).toEqual([
      { axis: 'y', at: 50, from: 100, to: 140, kind: 'gap' },
      { axis: 'y', at: 50, from: 240, to: 280, kind: 'gap' },
    ])
  })

  it('stands in the middle between two', () => {
    expect(snap(at(203, 0), [at(0, 0), at(400, 0)], 6).dx).toBe(-3)
  })

  it('prefers what is nearest', () => {
    expect(snap(at(4, 300), [at(0, 0), at(5, 150)], 6).dx).toBe(1)
  })
})

describe('arranged', () => {
  const boxes = [at(0, 10, 50, 20), at(200, 0, 100, 40), at(90, 60, 20, 20)]

  it('lines up by edges and middles', () => {
    expect(arranged(boxes, 'left').map((b) => b.x)).toEqual([0, 0, 0])
    expect(arranged(boxes, 'right').map((b) => b.x + b.w)).toEqual([300, 300, 300])
    expect(arranged(boxes, 'centre').map((b) => b.x + b.w / 2)).toEqual([150, 150, 150])
    expect(arranged(boxes, 'top').map((b) => b.y)).toEqual([0, 0, 0])
    expect(arranged(boxes, 'bottom').map((b) => b.y + b.h)).toEqual([80, 80, 80])
    expect(arranged(boxes, 'middle').map((b) => b.y + b.h / 2)).toEqual([40, 40, 40])
  })

  it('makes gaps equal and leaves the outermost where they are', () => {
    const [a, b, c] = arranged(boxes, 'across')
    expect(a!.x).toBe(0)
    expect(b!.x).toBe(200)
    expect(c!.x - 50).toBe(200 - (c!.x + 20))
    expect(arranged(boxes.slice(0, 2), 'across')).toEqual(boxes.slice(0, 2))
  })
})
