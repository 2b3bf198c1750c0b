import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Notices } from './notices'

beforeEach(() => { vi.useFakeTimers() })
afterEach(() => { vi.useRealTimers() })

const texts = (n: Notices) => n.list.value.map((x) => x.text)

test('what is told goes after some seconds; errors stay until they are put away', () => {
  const told = new Notices()
  told.tell('Merged 2 notes.', 'info')
  told.tell('The note is no longer there.', 'error')
  vi.advanceTimersByTime(5_900)
  expect(texts(told)).toEqual(['Merged 2 notes.', 'The note is no longer there.'])
  vi.advanceTimersByTime(200)
  expect(texts(told)).toEqual(['The note is no longer there.'])
  vi.advanceTimersByTime(600_000)
  expect(texts(told)).toHaveLength(1)
  told.hush(told.list.value[0]!.id)
  expect(texts(told)).toEqual([])
})

test('what is pointed at stays, and has its time anew when it is left', () => {
  const told = new Notices()
  told.tell('Merged 2 notes.', 'info')
  vi.advanceTimersByTime(5_000)
  told.hold(1)
  vi.advanceTimersByTime(60_000)
  expect(texts(told)).toHaveLength(1)
  told.tell('Merged 2 notes.', 'info') // said again while it is held: still held
  vi.advanceTimersByTime(60_000)
  expect(texts(told)).toHaveLength(1)
  told.release(1)
  vi.advanceTimersByTime(5_900)
  expect(texts(told)).toHaveLength(1)
  vi.advanceTimersByTime(200)
  expect(texts(told)).toEqual([])
})

test('the newest four are shown', () => {
  const told = new Notices()
  for (let i = 1; i <= 6; i++) told.tell(`${i}`, 'info')
  expect(texts(told)).toEqual(['3', '4', '5', '6'])
  vi.advanceTimersByTime(6_000)
  expect(texts(told)).toEqual([])
})
