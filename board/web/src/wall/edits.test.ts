import { describe, expect, it, vi } from 'vitest'
import { BoardModel } from '../model/board'
import { complete } from '../model/items'
import type { Item, Link, Note } from '../model/types'
import { clipOf } from './clip'
import { add, carried, copied, lineUp, mergeable, mergeSelected, move, next, paste, pasteLines, remove, settled, shift } from './edits'
import { join } from './joining'
import { Scene } from './scene'
import { tidy } from './tidy'

const note = (id: string, set: Partial<Note> = {}) => complete({ type: 'note', id, text: id, ...set })
const link = (from: string, to: string, verb: Link['verb']) => complete({ type: 'link', id: `${from}-${to}`, from, to, verb })

/** wall opens a board with some items, whose server never answers: what is seen is what is expected of each command. */
async function wall(...items: Item[]) {
  const model = new BoardModel('board', {
    state: () => Promise.resolve({ seq: 1, items }),
    dial: () => ({ send: () => undefined, close: () => undefined, onopen: null, onmessage: null, onclose: null }),
    keep: () => ({ list: () => [], add: () => true, remove: () => undefined }),
    drafts: () => ({ list: () => Promise.resolve([]), put: () => undefined, remove: () => undefined }),
    person: () => Promise.resolve({ person: { type: 'person' as const, id: 'ada', name: 'Ada', color: '', role: 'participant' as const }, role: 'participant' as const }),
  })
  await model.start()
  const scene = new Scene(model)
  model.onChange((ids) => scene.refresh(ids))
  const byText = (text: string) => [...model.notes()].find((n) => n.text === text)!
  const flow = () => [...model.links()].map((l) => `${model.note(l.from)!.text} ${l.verb} ${model.note(l.to)!.text}`)
  return { model, scene, byText, flow }
}

describe('the note that Tab makes', () => {
  it('is of the kind that the grammar has next, to the right, linked, and in the same frame', async () => {
    const { model, scene, flow } = await wall(note('Frame', { kind: 'module', x: -50, y: -50, w: 600, h: 400 }), note('Pay', { kind: 'command', x: 0, y: 0, w: 112, h: 112, module: 'Frame' }))
    const id = next(model, scene, model.note('Pay')!)
    const made = model.note(id)!
    expect(made.kind).toBe('event')
    expect(made.x).toBeGreaterThan(112)
    expect(made.y).toBe(0)
    expect(made.module).toBe('Frame')
    expect(flow()).toEqual(['Pay leads to '])
  })

  it('lets the frame grow around it, unless something else would come to lie in that', async () => {
    const frame = note('Frame', { kind: 'module', x: -50, y: -50, w: 250, h: 300 })
    const pay = note('Pay', { kind: 'command', x: 40, y: 60, w: 112, h: 112, module: 'Frame' })
    const free = await wall(frame, pay)
    const made = free.model.note(next(free.model, free.scene, free.model.note('Pay')!, 'step'))!
    const grown = free.model.note('Frame')!
    expect(made.module).toBe('Frame')
    expect(grown).toMatchObject({ x: -50, y: -50, h: 300, w: made.x + made.w + 48 + 50 })
    const full = await wall(frame, pay, note('Other', { kind: 'module', x: 260, y: -50, w: 300, h: 40 }))
    const outside = full.model.note(next(full.model, full.scene, full.model.note('Pay')!))!
    expect([outside.module, full.model.note('Frame')!.w]).toEqual(['', 250])
  })

  it('is the next kind when there is one of the first, and finds a free place', async () => {
    const { model, scene } = await wall(note('Paid', { x: 0, y: 0 }))
    const first = model.note(next(model, scene, model.note('Paid')!))!
    const second = model.note(next(model, scene, model.note('Paid')!))!
    expect([first.kind, second.kind]).toEqual(['policy', 'projection'])
    expect(second.y >= first.y + first.h || second.y + second.h <= first.y).toBe(true)
  })
})

describe('a new note', () => {
  it('hangs on the note that it is put on, when it is a sticky', async () => {
    const { model, scene } = await wall(note('Paid', { x: 0, y: 0 }))
    const id = add(model, scene, { kind: 'hotspot', at: { x: 50, y: 50 } })
    expect(model.note(id)!.on).toEqual(['Paid'])
    const other = model.note(add(model, scene, { kind: 'hotspot', after: 'Paid' }))!
    expect(other.on).toEqual(['Paid'])
    expect(other.x).not.toBe(model.note(id)!.x)
  })

  it('stands to the left of what only it can lead to, and leads there', async () => {
    const { model, scene, flow, byText } = await wall(note('Pay', { kind: 'command', x: 0, y: 0 }), note('Paid', { x: 400, y: 0 }))
    const left = model.note(add(model, scene, { kind: 'command', text: 'Transfer', after: 'Paid' }))!
    expect([left.x + left.w <= 400, left.x > byText('Pay').x, left.y]).toEqual([true, true, 0])
    add(model, scene, { kind: 'actor', text: 'Ann', after: 'Pay' })
    expect(byText('Ann').x + byText('Ann').w).toBeLessThan(0)
    expect(flow()).toEqual(['Transfer leads to Paid', 'Ann issues Pay'])
  })
})

describe('a new line', () => {
  it('reaches over all notes, at the pointer', async () => {
    const { model, scene } = await wall(note('A', { x: 0, y: -500, h: 100 }), note('B', { x: 3000, y: 900, h: 100 }))
    expect(model.note(add(model, scene, { kind: 'line', at: { x: 700, y: 0 } }))).toMatchObject({ x: 696, y: -580, h: 1660 })
    expect(model.note(add(model, scene, { kind: 'lane', at: { x: 700, y: 0 } }))).toMatchObject({ x: -80, y: -160 })
  })
})

describe('moving', () => {
  const frame = note('Frame', { kind: 'module', x: 0, y: 0, w: 400, h: 300 })
  const inside = note('Inside', { x: 100, y: 100, module: 'Frame' })
  const outside = note('Outside', { x: 1000, y: 100 })

  it('a frame takes along what lies in it, and takes in what it is put over', async () => {
    const { model, scene } = await wall(frame, inside, outside)
    expect(carried(scene, [model.note('Frame')!]).map((n) => n.id).sort()).toEqual(['Frame', 'Inside'])
    shift(model, scene, ['Frame'], 800, 0, 'gesture')
    expect(model.note('Inside')).toMatchObject({ x: 900, module: 'Frame' })
    expect(model.note('Outside')).toMatchObject({ x: 1000, module: 'Frame' })
  })

  it('a note into a frame makes it part of the module, and out of it no longer', async () => {
    const { model, scene } = await wall(frame, inside, outside)
    shift(model, scene, ['Outside'], -850, 0, 'a')
    expect(model.note('Outside')!.module).toBe('Frame')
    shift(model, scene, ['Outside'], 850, 0, 'b')
    expect(model.note('Outside')!.module).toBe('')
  })

  it('a note takes along the stickies that hang on it alone, and copies none', async () => {
    const { model, scene } = await wall(frame, outside, note('Other', { x: 2000, y: 0 }), note('Why', { kind: 'hotspot', x: 1050, y: 20, on: ['Outside'] }), note('Both', { kind: 'note', x: 1500, y: 0, on: ['Outside', 'Other'] }))
    shift(model, scene, ['Outside'], -850, 40, 'gesture')
    expect(model.note('Why')).toMatchObject({ x: 200, y: 60, module: 'Frame' })
    expect(model.note('Both')).toMatchObject({ x: 1500, y: 0 })
    model.select(['Outside', 'Why', 'Other'])
    lineUp(model, scene, 'top')
    expect(['Outside', 'Why', 'Other'].map((id) => model.note(id)!.y)).toEqual([0, 0, 0])
    model.select(['Outside'])
    expect(copied(model, scene)!.notes.map((n) => n.text)).toEqual(['Outside'])
  })

  it('a smaller frame lets go of what it no longer holds', async () => {
    const { model, scene } = await wall(frame, inside)
    scene.hold(new Map([['Frame', { x: 0, y: 0, w: 120, h: 120 }]]))
    move(model, settled(model, scene))
    scene.hold(new Map())
    expect(model.note('Frame')!.w).toBe(120)
    expect(model.note('Inside')!.module).toBe('')
  })

  it('shows held notes and their links where they are held', async () => {
    const { model, scene } = await wall(note('A', { x: 0, y: 0 }), note('P', { kind: 'policy', x: 300, y: 0 }), link('A', 'P', 'triggers'))
    const before = scene.route('A-P')!
    scene.hold(new Map([['A', { x: 0, y: 500, w: 112, h: 112 }]]))
    expect(scene.noteAt({ x: 50, y: 550 })?.id).toBe('A')
    expect(scene.noteAt({ x: 50, y: 50 })).toBeUndefined()
    expect(scene.route('A-P')!.a.y).toBeGreaterThan(before.a.y)
    scene.hold(new Map())
    expect(scene.noteAt({ x: 50, y: 50 })?.id).toBe('A')
    expect(model.note('A')!.y).toBe(0)
  })

  it('lines up what is selected and leaves the rest', async () => {
    const { model, scene } = await wall(note('A', { x: 0, y: 0 }), note('B', { x: 300, y: 40 }), note('C', { x: 600, y: 90 }))
    model.select(['A', 'B'])
    lineUp(model, scene, 'top')
    expect(['A', 'B', 'C'].map((id) => model.note(id)!.y)).toEqual([0, 0, 90])
  })
})

describe('hits', () => {
  it('finds the uppermost note, frames by their title and edge, lines from beside them, links by their curve', async () => {
    const { scene } = await wall(
      note('Frame', { kind: 'module', x: 0, y: 0, w: 600, h: 400 }), note('Line', { kind: 'line', x: 800, y: 0, w: 8, h: 400 }),
      note('Under', { x: 100, y: 100 }), note('Over', { kind: 'hotspot', x: 120, y: 120, w: 94, h: 94 }),
      note('P', { kind: 'policy', x: 400, y: 100, w: 112, h: 112 }), link('Under', 'P', 'triggers'),
    )
    const id = (x: number, y: number) => scene.at({ x, y }, 6)?.id
    expect(id(160, 160)).toBe('Over')
    expect(id(104, 104)).toBe('Under')
    expect(id(300, 20)).toBe('Frame')
    expect(id(598, 300)).toBe('Frame')
    expect(id(300, 300)).toBeUndefined()
    expect(id(809, 200)).toBe('Line')
    expect(id(330, 157)).toBe('Under-P')
    expect(id(330, 190)).toBeUndefined()
  })
})

describe('notes over each other', () => {
  it('lie in the order in which they were written, whichever came to this screen first', async () => {
    const notes = [note('Third', { at: 3 }), note('First', { at: 1 }), note('Other', { at: 2 }), note('Second', { at: 2 })]
    const { scene } = await wall(...notes)
    expect(scene.notesIn({ x: 0, y: 0, w: 9, h: 9 }).map((n) => n.id)).toEqual(['First', 'Other', 'Second', 'Third'])
  })
})

describe('an arrow', () => {
  it('is drawn the way in which it means something, hangs a sticky, or says why not', async () => {
    const { model, flow } = await wall(note('Pay', { kind: 'command' }), note('Paid'), note('Why', { kind: 'hotspot' }), note('Sent'))
    expect(join(model, 'Paid', 'Pay')).toBe(true)
    expect(flow()).toEqual(['Pay leads to Paid'])
    expect(join(model, 'Pay', 'Paid')).toBe(false)
    expect(join(model, 'Paid', 'Why')).toBe(true)
    expect(model.note('Why')!.on).toEqual(['Paid'])
    expect(join(model, 'Paid', 'Sent')).toBe(false)
    expect(model.notices.value.at(-1)!.text).toMatch(/cannot be linked/)
  })
})

describe('pasting', () => {
  it('makes a note of each line and selects them', async () => {
    const { model, scene, byText } = await wall()
    pasteLines(model, scene, '- One\n- Two\n', 'event', { x: 10, y: 10 })
    expect(model.selection.value).toEqual(new Set([byText('One').id, byText('Two').id]))
    expect(byText('Two')).toMatchObject({ kind: 'event', y: 10 })
  })

  it('brings notes with their links to another board', async () => {
    const from = await wall(note('Paid'), note('P', { kind: 'policy' }), link('Paid', 'P', 'triggers'))
    from.model.select(['Paid', 'P'])
    const to = await wall()
    paste(to.model, to.scene, copied(from.model, from.scene)!, { at: { x: 0, y: 0 } })
    expect(to.flow()).toEqual(['Paid triggers P'])
  })

  it('copies more notes than a command holds', async () => {
    const many = Array.from({ length: 950 }, (_, i) => note(`n${i}`, { x: i * 10 }))
    const { model, scene } = await wall()
    paste(model, scene, clipOf(many as Note[], [link('n0', 'n949', 'triggers') as Link]), { at: { x: 0, y: 0 } })
    expect(model.counts.notes).toBe(950)
  })
})

it('removes notes with their links, and links alone', async () => {
  const { model } = await wall(note('Paid'), note('P', { kind: 'policy' }), note('Q', { kind: 'policy' }), link('Paid', 'P', 'triggers'), link('Paid', 'Q', 'triggers'))
  model.select(['Paid-P', 'Q'])
  remove(model)
  expect([...model.notes()].map((n) => n.id)).toEqual(['Paid', 'P'])
  expect(model.counts.links).toBe(0)
})

describe('merging what is selected', () => {
  it('keeps the note that was selected first, and is one step of the server', async () => {
    const { model, flow } = await wall(note('Paid'), note('Was paid'), note('Pay', { kind: 'command' }), link('Pay', 'Was paid', 'leads to'))
    model.select(['Paid', 'Was paid'])
    mergeSelected(model)
    expect([...model.notes()].map((n) => n.id)).toEqual(['Paid', 'Pay'])
    expect(model.note('Paid')!.was).toEqual(['Was paid'])
    expect(flow()).toEqual(['Pay leads to Paid'])
    expect([...model.selection.peek()]).toEqual(['Paid'])
    expect(model.notices.peek().map((n) => n.text)).toEqual(['Merged 2 notes into “Paid”. Undo takes it back.'])
  })

  it('is for notes of one kind, and not for frames', async () => {
    const { model } = await wall(note('Paid'), note('Pay', { kind: 'command' }), note('F', { kind: 'module' }), note('G', { kind: 'module' }))
    for (const ids of [['Paid'], ['Paid', 'Pay'], ['F', 'G'], []]) {
      model.select(ids)
      expect(mergeable(model)).toEqual([])
    }
  })
})

it('leads a link around a note that stands between', async () => {
  const { scene } = await wall(note('A', { kind: 'command', x: 0, y: 0 }), note('Between', { kind: 'aggregate', x: 200, y: 0 }), note('B', { x: 400, y: 0 }), link('A', 'B', 'leads to'))
  expect(scene.at({ x: 250, y: 50 }, 4)?.id).toBe('Between')
  expect(scene.linksIn({ x: 250, y: 20, w: 10, h: 60 }).length).toBe(0)
})

describe('tidying', () => {
  const asked = async (select: string[], moved = 1) => {
    const { model } = await wall(note('A', { x: 0 }), note('B', { x: 200 }), note('Frame', { kind: 'module', x: 900 }))
    model.select(select)
    const ask = vi.fn(() => Promise.resolve({ moved }))
    await tidy(model, ask)
    return { ask, told: model.notices.peek().map((n) => n.text) }
  }

  it('is of the selection, or of everything when there is nothing in it to put into order', async () => {
    expect((await asked(['A', 'B'])).ask).toHaveBeenCalledWith('board', ['A', 'B'])
    expect((await asked(['Frame'])).ask).toHaveBeenCalledWith('board', ['Frame'])
    expect((await asked(['A'])).ask).toHaveBeenCalledWith('board', undefined)
    expect((await asked([])).ask).toHaveBeenCalledWith('board', undefined)
  })

  it('says when there was nothing to do, and why it failed', async () => {
    expect((await asked([], 1)).told).toEqual([])
    expect((await asked([], 0)).told).toEqual(['Everything is in order already.'])
    expect((await asked(['A', 'B'], 0)).told).toEqual(['What is selected is in order already. With nothing selected, everything is tidied.'])
    const { model } = await wall()
    await tidy(model, () => Promise.reject(new Error('a viewer can only look')))
    expect(model.notices.peek().map((n) => [n.kind, n.text])).toEqual([['error', 'a viewer can only look']])
  })
})
