// @vitest-environment happy-dom
import { signal } from '@preact/signals'
import { render } from 'preact'
import { act } from 'preact/test-utils'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Refused, type BoardModel } from '../model/board'
import type { Board, Conflict, File, Landed, Person } from '../model/types'
import { panel } from '../shell'
import { Land } from './Land'
import { land, landingOf, settle } from './landing'

const conflict: Conflict = { path: 'shop.storm', base: 'a\n', mine: 'b\n', theirs: 'c\n', digest: 'd1' }
const told: string[] = []
let root: HTMLElement
let answer: (landed: Landed | number) => void
let asked: unknown[]
let file: File

beforeEach(() => {
  root = document.createElement('div')
  document.body.replaceChildren(root)
  told.length = 0
  asked = []
  panel.value = 'exchange'
  file = { type: 'file', id: 'file:shop.storm', path: 'shop.storm', text: 'b\n', version: 1 } as File
  vi.stubGlobal('fetch', (_: string, init: RequestInit) => {
    asked.push(JSON.parse(init.body as string))
    return new Promise((done) => {
      answer = (landed) => done(typeof landed === 'number' ? new Response('{"message":"no room on the disk"}', { status: landed }) : new Response(JSON.stringify(landed)))
    })
  })
})
afterEach(async () => {
  await act(() => render(null, root))
  vi.unstubAllGlobals()
})

function stand(over: Partial<BoardModel> = {}): BoardModel {
  return {
    id: 'b', version: signal(0), problems: signal([]), role: signal('facilitator'), me: signal(null), mayEdit: () => true, now: () => 0, newId: () => 'id',
    board: () => ({ landedAt: 0, landedBy: '' }), files: () => [file], file: () => file, people: () => new Map(), tell: (text: string) => { told.push(text) }, ...over,
  } as unknown as BoardModel
}

const dialog = () => root.querySelector('dialog')
const settled = async () => { for (let i = 0; i < 5; i++) await act(() => new Promise((r) => setTimeout(r))) }

test('what cannot be merged is asked, though the panel was closed before the answer came', async () => {
  const model = stand()
  await act(() => render(<Land model={model} />, root))
  await act(() => { root.querySelector<HTMLButtonElement>('button.primary')!.click() })
  expect(root.textContent).toContain('Landing…')
  await act(() => render(null, root))
  panel.value = null
  answer({ landed: [], conflicts: [conflict] })
  await settled()
  expect(panel.value).toBe('exchange') // the panel in which it is asked comes back
  await act(() => render(<Land model={model} />, root))
  expect(dialog()).not.toBeNull()
  expect(dialog()!.open).toBe(true)
  expect(told).toEqual([])
})

test('who landed is told, and nothing of a landing before there was one', async () => {
  const says = async (landedAt: number, landedBy: string) => {
    const board = { landedAt, landedBy }
    await act(() => render(null, root))
    await act(() => render(<Land model={stand({ now: () => 60_000, board: () => board as Board, people: () => new Map([['ann', { name: 'Ann' } as Person]]) })} />, root))
    return root.textContent
  }
  expect(await says(0, '')).toContain('Not landed yet')
  expect(await says(30_000, 'ann')).toContain('Landed last just now by Ann.')
  const opened = await says(30_000, '') // the board has read the files
  expect(opened).toContain('Last brought into step with the disk just now, by the board itself.')
  expect(opened).not.toContain('Landed last')
})

test('what went wrong is told where the panel is closed', async () => {
  const model = stand()
  const over = land(model)
  panel.value = null
  answer(500)
  await over
  expect(told).toEqual(['The storm did not land: no room on the disk'])
  expect(landingOf(model).value.busy).toBe(false)
})

test('a decision that comes while others write is made again on what they wrote, and then lands over the digest that was seen', async () => {
  let edits = 0
  const model = stand({
    do: () => { edits++; return String(edits) },
    done: () => {
      if (edits > 1) return Promise.resolve()
      file = { ...file, text: 'b\nx\n', version: 2 }
      return Promise.reject(new Refused('stale', 'the text was edited meanwhile'))
    },
  })
  const over = settle(model, new Map([['shop.storm', 'c\n']]), [conflict])
  await settled()
  expect(edits).toBe(2)
  answer({ landed: ['shop.storm'], conflicts: [] })
  await over
  expect(asked).toEqual([{ overwrite: { 'shop.storm': 'd1' } }])
  expect(landingOf(model).value.result?.landed).toEqual(['shop.storm'])
})
