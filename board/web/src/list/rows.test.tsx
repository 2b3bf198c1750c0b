// @vitest-environment happy-dom
import { signal } from '@preact/signals'
import { render } from 'preact'
import { act } from 'preact/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { BoardModel } from '../model/board'
import { complete, noBoard } from '../model/items'
import type { Note } from '../model/types'
import { ListView } from './ListView'
import { current, open } from './state'

describe('a long list', () => {
  const root = document.createElement('div')
  const gaps = new Map<Element, () => void>()
  const notes = Array.from({ length: 1000 }, (_, i) => complete({ type: 'note', id: `note${i}`, kind: 'event', text: `Event ${i}`, x: i }) as Note)
  const model = {
    version: signal(0), replaying: signal(null), problems: signal([]), notes: () => notes, note: (id: string) => notes.find((n) => n.id === id),
    linksOf: () => [], comments: () => [], board: () => noBoard, mayEdit: () => false, me: signal(null), people: () => new Map(), now: () => 0,
  } as unknown as BoardModel
  const rows = () => [...root.querySelectorAll<HTMLElement>('[data-row]')]
  const key = (k: string) => act(() => { document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: k, bubbles: true, cancelable: true })) })

  beforeEach(async () => {
    vi.stubGlobal('IntersectionObserver', class {
      constructor(private readonly seen: (e: { isIntersecting: boolean }[]) => void) {}
      observe(e: Element) { gaps.set(e, () => this.seen([{ isIntersecting: true }])) }
      disconnect() {}
    })
    document.body.replaceChildren(root)
    current.value = open.value = ''
    await act(() => render(<ListView model={model} />, root))
  })
  afterEach(async () => {
    await act(() => render(null, root))
    vi.unstubAllGlobals()
    gaps.clear()
  })

  it('draws what is near, and says of each row which of how many it is', async () => {
    expect(rows().length).toBeLessThan(100)
    const first = root.querySelector('.list-row')!
    expect([first.getAttribute('aria-posinset'), first.getAttribute('aria-setsize')]).toEqual(['1', '1000'])
    const gap = root.querySelectorAll('.list-gap')[5]!
    const next = gap.nextElementSibling!
    await act(() => gaps.get(gap)!())
    expect(gap.isConnected).toBe(false)
    expect(next.previousElementSibling?.getAttribute('aria-posinset')).toBe('280')
  })

  it('goes with the keys to rows that were not drawn', async () => {
    rows()[0]!.focus()
    await key('End')
    expect(document.activeElement?.getAttribute('data-row')).toBe('note999')
    await key('PageUp')
    expect(document.activeElement?.getAttribute('data-row')).toBe('note989')
    expect(rows().length).toBeLessThan(150)
    await key('Home')
    expect(document.activeElement?.getAttribute('data-row')).toBe('note0')
  })
})
