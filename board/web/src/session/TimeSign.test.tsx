// @vitest-environment happy-dom
import { signal } from '@preact/signals'
import { render } from 'preact'
import { act } from 'preact/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { BoardModel } from '../model/board'
import { noBoard } from '../model/items'
import { TimeSign } from './TimeSign'

let board = noBoard
const version = signal(0)
const model = { version, board: () => board, now: () => Date.now() } as unknown as BoardModel

function change(more: object): void {
  board = { ...board, ...more }
  version.value++
}

describe('TimeSign', () => {
  const root = document.createElement('div')
  const says = () => root.querySelector('[role=status]')?.textContent
  const sign = () => root.querySelector('.time-up') !== null
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_000_000 })
    board = noBoard
    void act(() => render(<TimeSign model={model} />, root))
  })
  afterEach(() => {
    void act(() => render(null, root))
    vi.useRealTimers()
  })

  it('says when the timer is set, extended and over, and shows a sign for a while', async () => {
    await act(() => change({ timerEnds: Date.now() + 120_000 }))
    expect(says()).toBe('The timer was started: 2 minutes.')
    await act(() => change({ timerEnds: Date.now() + 300_000 }))
    expect(says()).toBe('The timer was extended: 5 minutes left.')
    await act(async () => { await vi.advanceTimersByTimeAsync(241_000) })
    expect(says()).toBe('One minute left.')
    expect(sign()).toBe(false)
    await act(async () => { await vi.advanceTimersByTimeAsync(60_000) })
    expect(says()).toBe('Time is up.')
    expect(sign()).toBe(true)
    await act(async () => { await vi.advanceTimersByTimeAsync(9_000) })
    expect(sign()).toBe(false)
  })

  it('says into which phase the session has gone', async () => {
    await act(() => change({ phase: 'timeline' }))
    expect(says()).toBe('The session is now in the phase Enforce the timeline.')
  })
})
