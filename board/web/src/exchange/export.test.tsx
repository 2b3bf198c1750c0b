// @vitest-environment happy-dom
import { signal } from '@preact/signals'
import { render } from 'preact'
import { act } from 'preact/test-utils'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { BoardModel } from '../model/board'
import { Export } from './Export'

let root: HTMLElement
let saved: string[]

beforeEach(() => {
  root = document.createElement('div')
  document.body.replaceChildren(root)
  saved = []
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) { saved.push(this.download) })
})
afterEach(async () => {
  await act(() => render(null, root))
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

async function download(answer: () => Response): Promise<void> {
  vi.stubGlobal('fetch', () => Promise.resolve(answer()))
  const model = { id: 'b', selection: signal(new Set<string>()), note: () => undefined } as unknown as BoardModel
  await act(() => render(<Export model={model} />, root))
  await act(() => { root.querySelector('button')!.click() })
  for (let i = 0; i < 5; i++) await act(() => new Promise((r) => setTimeout(r)))
}

test('an export is saved under the name that the server gives it', async () => {
  for (const [disposition, name] of [['attachment; filename=shop.svg', 'shop.svg'], ['attachment; filename="my \\"shop\\".svg"', 'my "shop".svg'], ["attachment; filename*=utf-8''caf%C3%A9.svg", 'café.svg'], ['', 'board.svg']] as const) {
    await download(() => new Response('<svg/>', { headers: { 'Content-Disposition': disposition } }))
    expect(saved.at(-1)).toBe(name)
  }
})

test('what stands in the way of an export is said', async () => {
  await download(() => new Response('{"code":"rejected","message":"the storm has errors"}', { status: 409 }))
  expect(root.querySelector('[role=alert]')!.textContent).toContain('the storm has errors')
  expect(saved).toEqual([])
})
