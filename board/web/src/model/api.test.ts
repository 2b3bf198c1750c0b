import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { api, ApiError } from './api'

let asked: number
let answers: (() => Response)[]

beforeEach(() => {
  vi.useFakeTimers()
  asked = 0
  vi.stubGlobal('fetch', () => Promise.resolve(answers[Math.min(asked++, answers.length - 1)]!()))
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const busy = (after: string) => () => new Response('{"code":"toofast","message":"it goes on in a moment"}', { status: 429, headers: { 'Retry-After': after } })
const list = () => new Response('[]')

test('what the server has no time for is asked again, once, after as long as it says', async () => {
  answers = [busy('3'), list]
  const boards = api.boards()
  await vi.advanceTimersByTimeAsync(2900)
  expect(asked).toBe(1)
  await vi.advanceTimersByTimeAsync(100)
  expect(await boards).toEqual([])
  expect(asked).toBe(2)
})

test('what it has no time for twice, or not soon, is said', async () => {
  for (const [after, times] of [['1', 2], ['60', 1], ['', 1], ['soon', 1]] as const) {
    asked = 0
    answers = [busy(after)]
    const refused = api.boards().catch((why: unknown) => why)
    await vi.advanceTimersByTimeAsync(60_000)
    const why = await refused
    expect(why).toBeInstanceOf(ApiError)
    expect(why).toMatchObject({ status: 429, code: 'toofast', message: 'it goes on in a moment' })
    expect(asked).toBe(times)
  }
})
