// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BoardModel } from '../model/board'
import type { Socket } from '../model/connection'
import { complete } from '../model/items'
import type { Item, Link, Note, NoteKind } from '../model/types'
import { place } from './actions'
import { toScreen } from './camera'
import { moving } from './gestures/move'
import { Pointer } from './gestures/pointer'
import { gripsOf } from './handles'
import { tells } from './minimap'
import { Stage } from './stage'

const view = { w: 1000, h: 800 }
const note = (id: string, kind: NoteKind, x: number, y = 0) => complete({ type: 'note', id, kind, text: id, x, y, w: 112, h: 112 }) as Note
const link = (from: string, to: string, verb: Link['verb']) => complete({ type: 'link', id: `${from} ${to}`, from, to, verb })

const heard: Socket[] = []
const ends: (() => void)[] = []
beforeEach(() => document.body.replaceChildren())
afterEach(() => { for (const end of ends.splice(0)) end() })

/** opened is the wall of a board with some items, as large as the view. */
async function opened(...items: Item[]) {
  const model = new BoardModel('board', {
    state: () => Promise.resolve({ seq: 1, items }),
    dial: () => {
      const s: Socket = { send: () => undefined, close: () => undefined, onopen: null, onmessage: null, onclose: null }
      heard.push(s)
      return s
    },
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

describe('what covers the wall', () => {
  it('does not hide the selected note, nor what is shown then', async () => {
    const { model, stage } = await opened(note('Top', 'event', 0, 0), note('Low', 'event', 100, 600))
    stage.camera = { x: 0, y: 0, zoom: 1 }
    model.select(['Low'])
    const below = () => toScreen(stage.camera, { x: 100, y: 712 }).y
    expect(below()).toBe(712)
    model.covered.value = 400
    expect(below()).toBeLessThanOrEqual(400 - 16)
    const was = stage.camera
    model.covered.value = 300
    expect(stage.camera).toEqual(was) // no further than needed
    stage.fit()
    expect(below()).toBeLessThanOrEqual(500)
    model.show('Low')
    expect(below()).toBeLessThanOrEqual(500)
  })
})

describe('writing on a wall that is seen from afar', () => {
  it('comes near enough to be read, and stays where it can be read', async () => {
    const { model, stage } = await opened(note('Low', 'event', 100, 600))
    stage.camera = { x: -3000, y: -3000, zoom: 0.1 }
    stage.write('Low')
    expect(stage.camera.zoom).toBe(0.65)
    expect(toScreen(stage.camera, { x: 156, y: 656 })).toEqual({ x: 500, y: 400 })
    stage.endWriting()
    stage.camera = { x: 0, y: 0, zoom: 0.5 }
    stage.write('Low')
    expect(stage.camera.zoom).toBe(0.5)
    expect(model.editing.value).toBe('Low')
  })
})

describe('a storm that is opened for the first time', () => {
  it('is shown as a whole when its few notes come with its file', async () => {
    const { model, stage } = await opened()
    const n = { type: 'note', id: 'far-away', kind: 'event', text: 'Far', x: 9000, y: 9000, w: 112, h: 112 }
    heard.at(-1)!.onmessage?.('{"t":"welcome","you":"ada","role":"participant","seq":1,"people":[],"now":0}')
    heard.at(-1)!.onmessage?.(JSON.stringify({ t: 'tick', seq: 2, ops: [{ seq: 2, id: 'x', by: '', at: 0, what: 'BroughtInStep', changes: [{ id: n.id, set: n }, { id: 'file:a.storm', set: { type: 'file', path: 'a.storm', text: '"Far"', version: 1 } }] }] }))
    expect(model.counts.notes).toBe(1)
    expect(toScreen(stage.camera, { x: 9000, y: 9000 }).x).toBeGreaterThan(0)
    expect(toScreen(stage.camera, { x: 9112, y: 9000 }).x).toBeLessThan(view.w)
  })
})

describe('a vertical line', () => {
  it('stays where it is dragged to, beside an event, and draws no note onto itself', async () => {
    const { model, stage } = await opened(note('Paid', 'event', 0), { ...note('Line', 'line', 300), w: 8, h: 600 }, { ...note('Other', 'line', 600), w: 8, h: 600 })
    stage.camera = { x: -200, y: -200, zoom: 0.14 }
    const drag = (id: string, to: { x: number; y: number }) => {
      model.select([id])
      const n = model.note(id)!
      const from = toScreen(stage.camera, { x: n.x, y: n.y })
      const d = moving(stage, from)
      const end = toScreen(stage.camera, to)
      d.move(end, { shift: false, alt: false, ctrl: false })
      d.end(end, { shift: false, alt: false, ctrl: false })
      return [model.note(id)!.x, model.note(id)!.y]
    }
    expect((drag('Line', { x: 130, y: 200 }))[0]).toBe(130) // not to the edge of the event, 18 away
    expect((drag('Paid', { x: 170, y: 0 }))[0]).toBe(170) // nor the event to the line
    expect((drag('Line', { x: 130, y: 20 }))[1]).toBe(0) // but lines keep in line with lines
  })
})

describe('a note made by its key', () => {
  it('comes to lie at the pointer, and beside a note that is there', async () => {
    const { model, stage } = await opened(note('Paid', 'event', 0))
    const made = (kind: NoteKind, x: number, y: number) => {
      stage.pointed = true
      model.pointer.value = { x, y }
      place(stage, kind)
      return [...model.notes()].at(-1)!
    }
    expect(made('event', 500, 500)).toMatchObject({ x: 444, y: 444 })
    expect(made('policy', 30, 30)).toMatchObject({ x: 160, y: 0 })
    expect(made('hotspot', 30, 30).on).toEqual(['Paid'])
    expect(made('text', 30, 30)).toMatchObject({ x: -90, y: 10 })
    expect([...model.links()].map((l) => `${l.from} ${l.verb}`)).toEqual(['Paid triggers'])
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
