// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { BoardModel } from '../model/board'
import { complete } from '../model/items'
import type { Here, Note } from '../model/types'
import { Stage } from './stage'
import { Writing } from './writing'

const note = (id: string, set: Partial<Note> = {}) => complete({ type: 'note', id, text: id, ...set })

let model: BoardModel
let stage: Stage
let writing: Writing
let field: HTMLTextAreaElement
let listeners: (() => void)[]

beforeEach(async () => {
  vi.useFakeTimers({ now: 1_800_000_000_000 })
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockImplementation((() => ({ font: '', measureText: (t: string) => ({ width: t.length * 50 }) })) as never)
  const items = [note('Pay', { kind: 'command', x: 0, y: 0, w: 112, h: 112 })]
  model = new BoardModel('board', {
    state: () => Promise.resolve({ seq: 1, items }),
    dial: () => ({ send: () => undefined, close: () => undefined, onopen: null, onmessage: null, onclose: null }),
    keep: () => ({ list: () => [], add: () => true, remove: () => undefined }),
    person: () => Promise.resolve({ person: { type: 'person' as const, id: 'ada', name: 'Ada', color: '', role: 'participant' as const }, role: 'participant' as const }),
  })
  listeners = []
  const onHere = model.onHere.bind(model)
  vi.spyOn(model, 'onHere').mockImplementation((f) => {
    listeners.push(() => f(new Set()))
    return onHere(f)
  })
  await model.start()
  document.body.replaceChildren()
  const surface = document.body.appendChild(document.createElement('div'))
  field = document.body.appendChild(document.createElement('textarea'))
  stage = new Stage(model)
  writing = new Writing(stage, field, surface)
})

afterEach(() => {
  writing.stop()
  stage.stop()
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const type = (text: string) => {
  field.value = text
  field.dispatchEvent(new Event('input'))
}
const press = (key: string, more: KeyboardEventInit = {}) => field.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }))
const commands = () => vi.spyOn(model, 'do')
/** here says what Grace is doing, as the line would. */
const here = (h: Omit<Here, 'p'>) => {
  ;(model.here as Map<string, Here>).set('grace', { p: 'grace', ...h })
  for (const l of listeners) l()
}

it('keeps what was typed when the keys are still, and at the end, as one step to undo', () => {
  stage.write('Pay')
  const done = commands()
  type('Pay the')
  expect(done).not.toHaveBeenCalled()
  vi.advanceTimersByTime(450)
  expect(model.note('Pay')!.text).toBe('Pay the')
  type('Pay the bill')
  press('Enter')
  expect(model.note('Pay')!.text).toBe('Pay the bill')
  expect(model.editing.value).toBeNull()
  expect(field.hidden).toBe(true)
  const gestures = done.mock.calls.map(([, data]) => (data as { gesture: string }).gesture)
  expect(gestures).toHaveLength(2)
  expect(new Set(gestures).size).toBe(1)
})

it('goes on to the next note by Tab, which is written on at once', () => {
  stage.write('Pay')
  type('Pay')
  press('Tab')
  const id = model.editing.value!
  expect(model.note(id)!.kind).toBe('event')
  expect(field.hidden).toBe(false)
  type('Paid')
  press('Escape')
  expect(model.note(id)!.text).toBe('Paid')
  expect([...model.links()].map((l) => [l.from, l.to])).toEqual([['Pay', id]])
})

it('takes away a new note that was left empty, and no other', () => {
  stage.write('Pay')
  press('Tab')
  const id = model.editing.value!
  press('Escape')
  expect(model.note(id)).toBeUndefined()
  stage.write('Pay')
  type('')
  press('Escape')
  expect(model.note('Pay')!.text).toBe('')
})

it('sends nothing when nothing was changed', () => {
  stage.write('Pay')
  const done = commands()
  press('Escape')
  expect(done).not.toHaveBeenCalled()
})

it('shows what another types on the same note until something is typed here', () => {
  stage.write('Pay')
  here({ editing: 'Pay', draft: 'Pay now' })
  expect(field.value).toBe('Pay now')
  const done = commands()
  press('Escape')
  expect(done).not.toHaveBeenCalled()
  stage.write('Pay')
  type('Pay later')
  here({ editing: 'Pay', draft: 'Pay now, or else' })
  expect(field.value).toBe('Pay later')
})

it('closes when the note is removed by another', () => {
  stage.write('Pay')
  model.do('RemoveNotes', { ids: ['Pay'] })
  expect(model.editing.value).toBeNull()
  expect(field.hidden).toBe(true)
})
