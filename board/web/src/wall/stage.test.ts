// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BoardModel } from '../model/board'
import { complete } from '../model/items'
import type { Item, Link, Note, NoteKind } from '../model/types'
import { toScreen } from './camera'
import { Pointer } from './gestures/pointer'
import { gripsOf } from './handles'
import { tells } from './minimap'
import { Stage } from './stage'

const view = { w: 1000, h: 800 }
const note = (id: string, kind: NoteKind, x: number, y = 0) => complete({ type: 'note', id, kind, text: id, x, y, w: 112, h: 112 }) as Note
const link = (from: string, to: string, verb: Link['verb']) => complete({ type: 'link', id: `${from} ${to}`, from, to, verb })

const ends: (() => void)[] = []
beforeEach(() => document.body.replaceChildren())
afterEach(() => { for (const end of ends.splice(0)) end() })

/** opened is the wall of a board with some items, as large as the view. */
async function opened(...items: Item[]) {
  const model = new BoardModel('board', {
    state: () => Promise.resolve({ seq: 1, items }),
    dial: () => ({ send: () => undefined, close: () => undefined, onopen: null, onmessage: null, onclose: null }),
    keep: () => ({ list: () => [], add: () => true, remove: () => undefined }),
    drafts: () => ({ list: () => Promise.resolve([]), put: () => undefined, remove: () => undefined }),
    person: () => Promise.resolve({ person: { type: 'person' as const, id: 'ada', name: 'Ada', color: '', role: 'participant' as const }, role: 'participant' as const }),
  })
  await model.start()
  const stage = new Stage(model)
  ends.push(() => stage.stop())
  stage.resize(view, 1)
  return { model, stage }
}

describe('the first view', () => {
  it('of an empty board has its middle in the middle, and stays when notes are made', async () => {
    const { model, stage } = await opened()
    expect(toScreen(stage.camera, { x: 0, y: 0 })).toEqual({ x: 500, y: 400 })
    stage.camera = { x: 40, y: 50, zoom: 0.64 }
    model.addNote('event', { x: 300, y: 200 }, { text: 'Paid' })
    expect(stage.camera).toEqual({ x: 40, y: 50, zoom: 0.64 })
  })

  it('of an empty board shows what is imported into it', async () => {
    const { model, stage } = await opened()
    model.do('AddNotes', { notes: Array.from({ length: 20 }, (_, i) => ({ id: `note-${i}`, kind: 'event' as const, text: 'x', x: 5000 + i * 150, y: 9000, w: 112, h: 112 })), links: [], gesture: 'gggg' })
    expect(toScreen(stage.camera, { x: 5000, y: 9000 }).x).toBeGreaterThan(0)
    expect(toScreen(stage.camera, { x: 5000 + 19 * 150 + 112, y: 9000 }).x).toBeLessThan(view.w)
  })

  it('shows the whole of a board, and nothing of it beneath the bar with the zoom', async () => {
    const { stage } = await opened(note('Top', 'event', 0, 0), note('Bottom', 'event', 100, 4000))
    expect(toScreen(stage.camera, { x: 0, y: 0 }).y).toBeGreaterThan(0)
    expect(toScreen(stage.camera, { x: 0, y: 4112 }).y).toBeLessThan(view.h - 60)
  })
})

describe('the handle for links', () => {
  it('can be taken where a link leaves beneath it', async () => {
    const { stage } = await opened(note('Pay', 'command', 0), note('Paid', 'event', 400), link('Pay', 'Paid', 'leads to'))
    const surface = document.createElement('div')
    document.body.append(surface)
    ends.push(new Pointer(stage, surface).listen())
    const to = (p: { x: number; y: number }) => surface.dispatchEvent(new PointerEvent('pointermove', { clientX: p.x, clientY: p.y, pointerType: 'mouse' }))
    const pay = stage.model.note('Pay')!
    const grip = gripsOf(pay, pay, stage.camera, false).find((g) => g.grip.what === 'link' && g.grip.edge === 'right')!.at
    to(toScreen(stage.camera, { x: 56, y: 56 }))
    expect(stage.hover).toEqual({ what: 'note', id: 'Pay' })
    to(grip)
    expect(stage.hover).toEqual({ what: 'note', id: 'Pay' })
    expect(stage.cursor.value).toBe('crosshair')
    to(toScreen(stage.camera, { x: 256, y: 56 }))
    expect(stage.hover).toEqual({ what: 'link', id: 'Pay Paid' })
    to(grip)
    expect(stage.hover).toEqual({ what: 'link', id: 'Pay Paid' })
  })
})

describe('the minimap', () => {
  it('tells something only when not everything is in view', () => {
    const seen = { x: 0, y: 0, w: 1000, h: 800 }
    expect(tells(undefined, seen)).toBe(false)
    expect(tells({ x: 10, y: 10, w: 980, h: 780 }, seen)).toBe(false)
    expect(tells({ x: 10, y: 10, w: 1000, h: 780 }, seen)).toBe(true)
    expect(tells({ x: -1, y: 10, w: 10, h: 10 }, seen)).toBe(true)
  })
})
