import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Connection, type Socket } from './connection'
import { storageKeep } from './keep'
import { memoryStorage } from './keep.testing'
import { Presence } from './presence'
import type { HereNow } from './types'

beforeEach(() => { vi.useFakeTimers({ now: 1_800_000_000_000 }) })
afterEach(() => { vi.useRealTimers() })

class FakeSocket implements Socket {
  onopen: (() => void) | null = null
  onmessage: ((text: string) => void) | null = null
  onclose: (() => void) | null = null
  readonly sent: string[] = []
  closed = false
  send(text: string): void { this.sent.push(text) }
  close(): void { this.closed = true }
  welcome(): void { this.onmessage?.('{"t":"welcome","you":"ann","role":"participant","seq":1,"people":[],"now":0}') }
}

function connection(o: { failing?: () => Promise<boolean> } = {}) {
  const sockets: FakeSocket[] = []
  const at: number[] = []
  const c = new Connection({
    dial: () => {
      const s = new FakeSocket()
      sockets.push(s)
      at.push(Date.now())
      return s
    },
    since: () => 7, receive: () => undefined, down: () => undefined, random: () => 1, ...o,
  })
  c.start()
  return { c, sockets, at }
}

test('it dials again later and later, up to ten seconds', async () => {
  const { c, sockets, at } = connection()
  for (let i = 0; i < 9; i++) {
    sockets.at(-1)!.onclose?.()
    await vi.advanceTimersByTimeAsync(10_000)
  }
  const waits = at.slice(1).map((t, i) => t - at[i]!)
  expect(waits[0]).toBeGreaterThanOrEqual(250)
  expect(at).toHaveLength(10)
  c.stop()
  const dialed = sockets.length
  await vi.advanceTimersByTimeAsync(60_000)
  expect(sockets).toHaveLength(dialed)
})

test('the waits double and have a random part', async () => {
  const waits: number[] = []
  let last = 0
  const c = new Connection({
    dial: () => {
      if (last) waits.push(Date.now() - last)
      last = Date.now()
      throw new Error('no line')
    },
    since: () => 0, receive: () => undefined, down: () => undefined, random: () => 0,
  })
  c.start()
  await vi.advanceTimersByTimeAsync(30_000)
  c.stop()
  expect(waits.slice(0, 7)).toEqual([125, 250, 500, 1000, 2000, 4000, 5000])
})

test('it gives up when there is no point in going on', async () => {
  const { c, sockets } = connection({ failing: () => Promise.resolve(false) })
  for (let i = 0; i < 3; i++) {
    sockets.at(-1)!.onclose?.()
    await vi.advanceTimersByTimeAsync(10_000)
  }
  expect(sockets).toHaveLength(3)
  c.stop()
})

test('a line on which nothing is heard is asked, and then dialed anew', async () => {
  const { c, sockets } = connection()
  sockets[0]!.welcome()
  await vi.advanceTimersByTimeAsync(17_000)
  expect(sockets[0]!.sent).toEqual(['{"t":"ping"}'])
  sockets[0]!.onmessage?.('{"t":"pong"}')
  await vi.advanceTimersByTimeAsync(10_000)
  expect(sockets).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(16_000)
  expect(sockets).toHaveLength(2)
  expect(sockets[0]!.closed).toBe(true)
  c.stop()
})

test('what an old line still says is not heard', () => {
  const heard: string[] = []
  const sockets: FakeSocket[] = []
  const c = new Connection({
    dial: () => {
      sockets.push(new FakeSocket())
      return sockets.at(-1)!
    },
    since: () => 0, receive: (m) => void heard.push(m.t), down: () => undefined,
  })
  c.start()
  const late = sockets[0]!.onmessage!
  c.again()
  late('{"t":"reload"}')
  expect(heard).toEqual([])
  c.stop()
})

test('what is not the protocol ends the line', () => {
  const { c, sockets } = connection()
  sockets[0]!.onmessage?.('<html>')
  expect(sockets[0]!.closed).toBe(true)
  c.stop()
})

test('what is kept comes back in its order, for the same board and person alone', () => {
  const storage = memoryStorage()
  storage.setItem('landfall:theme', 'dark')
  storage.setItem('landfall:waiting:b:ann:0000:broken', 'no JSON')
  const keep = storageKeep(storage, 'b', 'ann')
  for (let i = 0; i < 20; i++) keep.add({ id: `op${i}`, what: 'RewriteNote', data: { id: 'n', text: String(i) }, seq: 1 })
  storageKeep(storage, 'b', 'bob').add({ id: 'bobs', what: 'UndoStep', data: {}, seq: 1 })
  storageKeep(storage, 'other', 'ann').add({ id: 'others', what: 'UndoStep', data: {}, seq: 1 })
  keep.remove('op3')
  const again = storageKeep(storage, 'b', 'ann')
  expect(again.list().map((k) => k.id)).toEqual(Array.from({ length: 20 }, (_, i) => `op${i}`).filter((id) => id !== 'op3'))
  for (const k of again.list()) again.remove(k.id)
  expect(again.list()).toEqual([])
  expect(storage.length).toBe(3)
})

test('a storage without room says so', () => {
  const keep = storageKeep(memoryStorage(200), 'b', 'ann')
  expect(keep.add({ id: 'a', what: 'RewriteNote', data: { id: 'n', text: 'x'.repeat(1000) }, seq: 1 })).toBe(false)
  expect(keep.list()).toEqual([])
})

test('presence goes out at most twenty times a second, with what has changed alone', async () => {
  const sent: HereNow[] = []
  const p = new Presence((h) => {
    sent.push(h)
    return true
  })
  for (let i = 0; i < 100; i++) {
    p.say({ x: i + 0.4, y: 5 })
    await vi.advanceTimersByTimeAsync(10)
  }
  await vi.advanceTimersByTimeAsync(100)
  expect(sent.length).toBeLessThanOrEqual(21)
  expect(sent.at(-1)).toEqual({ x: 99 })
  p.say({ editing: 'note', draft: 'Or' })
  await vi.advanceTimersByTimeAsync(100)
  p.say({ editing: undefined, draft: undefined })
  await vi.advanceTimersByTimeAsync(100)
  expect(sent.slice(-2)).toEqual([{ editing: 'note', draft: 'Or' }, { editing: '', draft: '' }])
})

test('presence of others is put together, and ends when they leave', () => {
  const p = new Presence(() => true)
  const moved: string[][] = []
  p.listeners.add((people) => moved.push([...people]))
  p.welcome('me', [{ p: 'me' }, { p: 'ann', x: 1, y: 2 }])
  p.hear('me', [{ p: 'ann', x: 3 }, { p: 'bob' }], [])
  expect(p.here.get('ann')).toEqual({ p: 'ann', x: 3, y: 2 })
  expect([...p.online.value]).toEqual(['me', 'ann', 'bob'])
  p.hear('me', [], ['ann'])
  expect([...p.online.value]).toEqual(['me', 'bob'])
  expect(moved).toEqual([['ann'], ['ann', 'bob'], ['ann']])
  p.stop()
})
