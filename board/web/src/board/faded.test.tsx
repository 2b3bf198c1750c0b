// @vitest-environment happy-dom
import { signal } from '@preact/signals'
import { render } from 'preact'
import { act } from 'preact/test-utils'
import { expect, test } from 'vitest'
import { everything, filter, setFilter } from '../find/filter'
import type { BoardModel } from '../model/board'
import { Faded } from './BoardPage'

test('a wall of which a part is shown says so, until everything is', async () => {
  const model = { focus: signal(null), version: signal(0), notes: () => [], links: () => [] } as unknown as BoardModel
  const root = document.createElement('div')
  await act(() => render(<Faded model={model} />, root))
  expect(root.textContent).toBe('')
  await act(() => setFilter(model, { ...everything, openHotspots: true }))
  expect(root.textContent).toContain('the rest is faded')
  await act(() => root.querySelector('button')!.click())
  expect(root.textContent).toBe('')
  expect(filter.value).toBe(everything)
  await act(() => render(null, root))
})
