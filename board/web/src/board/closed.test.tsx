// @vitest-environment happy-dom
import { render } from 'preact'
import { act } from 'preact/test-utils'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ApiError } from '../model/api'
import { BoardModel } from '../model/board'
import type { Socket } from '../model/connection'
import { noBoard } from '../model/items'
import type { Problem } from '../model/types'
import { Hint } from './BoardPage'
import { Closed } from './Closed'
import { PanelBar } from './SidePanel'

// How the page ends when the board lets go of whoever sits here.

let root: HTMLElement
const sockets: Socket[] = []

beforeEach(() => {
  vi.useFakeTimers()
  sockets.length = 0
  root = document.createElement('div')
  document.body.replaceChildren(root)
})
afterEach(async () => {
  await act(() => render(null, root))
  vi.useRealTimers()
})

const ada = { type: 'person' as const, id: 'ada', name: 'Ada', color: '', role: 'viewer' as const }

async function opened(o: { person?: () => typeof ada | null; history?: () => Promise<never> } = {}) {
  const model = new BoardModel('board', {
    state: () => Promise.resolve({ seq: 1, items: [{ ...noBoard }] }),
    dial: () => {
      const s: Socket = { send: () => undefined, close: () => undefined, onopen: null, onmessage: null, onclose: null }
      sockets.push(s)
      return s
    },
    history: o.history ?? (() => Promise.resolve({ ops: [], seq: 1, head: 1 })),
    keep: () => ({ list: () => [], add: () => true, remove: () => undefined }),
    drafts: () => ({ list: () => Promise.resolve([]), put: () => undefined, remove: () => undefined }),
    person: () => Promise.resolve({ person: o.person ? o.person() : ada, role: 'participant' as const }),
  })
  await model.start()
  hear('{"t":"welcome","you":"ada","role":"participant","seq":1,"people":[],"now":0}')
  return model
}

const hear = (text: string) => sockets.at(-1)!.onmessage?.(text)

/** fail breaks every line until the page asks what is wrong. */
async function fail(): Promise<void> {
  for (let i = 0; i < 4; i++) {
    sockets.at(-1)!.onclose?.()
    await vi.advanceTimersByTimeAsync(10_000)
  }
}

const shown = async (model: BoardModel) => {
  expect(model.status.value).toBe('closed')
  expect(model.notices.value).toEqual([]) // the page says it, not a notice over a wall
  await act(() => render(<Closed why={model.closed.value!} model={model} />, root))
  return root.querySelector('h1')!.textContent
}

test('an invitation that is revoked, with what to do about it', async () => {
  const model = await opened()
  hear('{"t":"bye","reason":"revoked","message":"your invite was revoked"}')
  expect(await shown(model)).toBe('Your invitation was revoked')
  expect(root.textContent).toContain('ask the facilitator for a new link')
  expect(document.activeElement).toBe(root.querySelector('h1'))
})

test('a board that is deleted', async () => {
  const model = await opened()
  hear('{"t":"bye","reason":"deleted","message":"the board was deleted"}')
  expect(await shown(model)).toBe('This board was deleted')
})

test('a session that has ended, with what was not sent', async () => {
  let person: typeof ada | null = ada
  const model = await opened({ person: () => person })
  person = null
  model.do('SetGoals', { goals: ['Know'] })
  await fail()
  expect(await shown(model)).toBe('Your visit has ended')
  expect(root.textContent).toContain('1 step of yours had not reached the server. It is kept in this browser')
  expect(root.querySelector('button')!.textContent).toBe('Enter again')
})

test('a board that was taken away while there was no line', async () => {
  const model = await opened({ history: () => Promise.reject(new ApiError(404, 'notfound', 'there is no such board')) })
  await fail()
  expect(await shown(model)).toBe('You cannot see this board')
})

test('one command that the server cannot do does not close the board', async () => {
  const model = await opened()
  const id = model.do('SetGoals', { goals: ['Know'] })
  hear(JSON.stringify({ t: 'no', id, code: 'closed', message: 'the server could not do it; its log says more' }))
  expect(model.status.value).toBe('live')
  expect(model.closed.value).toBeNull()
  expect(model.notices.value.map((n) => n.text)).toEqual(['the server could not do it; its log says more'])
})

test('the sign at the text counts errors, or else warnings, and no hints', async () => {
  const model = await opened()
  const problem = (severity: Problem['severity']) => ({ code: 'x', severity, message: 'm', help: '', notes: [], path: '', from: 0, to: 0, fixes: [] })
  const sign = async (...list: Problem['severity'][]) => {
    await act(() => hear(JSON.stringify({ t: 'problems', list: list.map(problem) })))
    await act(() => render(<PanelBar model={model} />, root))
    const s = root.querySelector('.panel-count')
    return [s?.textContent, s?.className.split('panel-')[2], root.querySelector('[title="Storm text"]')!.getAttribute('aria-label')]
  }
  expect(await sign('hint', 'hint')).toEqual([undefined, undefined, 'Storm text'])
  expect(await sign('hint', 'warning')).toEqual(['1', 'warning', 'Storm text, 1 warning'])
  expect(await sign('hint', 'warning', 'warning', 'error')).toEqual(['1', 'error', 'Storm text, 1 error and 2 warnings'])
})

test('a wall is called empty once its file is there without notes, not while its storm is on the way', async () => {
  const model = await opened()
  await act(() => render(<Hint model={model} />, root))
  expect(root.textContent).toBe('')
  const file = { type: 'file', path: 's.storm', text: 'storm "S"', version: 1 }
  const tick = (seq: number, id: string, set: object) => act(() => hear(JSON.stringify({ t: 'tick', seq, ops: [{ seq, id: String(seq), by: '', at: 0, what: 'BroughtInStep', changes: [{ id, set }] }] })))
  await tick(2, 'file:s.storm', file)
  expect(root.textContent).toContain('An empty wall')
  await tick(3, 'note-1', { type: 'note', kind: 'event', text: 'Paid', x: 0, y: 0, w: 112, h: 112 })
  expect(root.textContent).toBe('')
})
