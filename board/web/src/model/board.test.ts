import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Net } from '../../dev/net'
import { BoardModel, Refused } from './board'
import { storageDrafts } from './drafts'
import { memoryStorage } from './keep.testing'
import { storageKeep } from './keep'
import type { Item, Note, TextChanges } from './types'

beforeEach(() => { vi.useFakeTimers({ now: 1_800_000_000_000 }) })
afterEach(() => { vi.useRealTimers() })

/** seat is where one person sits: what their browser keeps outlives the page. */
class Seat {
  readonly storage = memoryStorage()
  model!: BoardModel
  readonly done: string[] = []
  readonly refused = new Set<string>()
  /** operations that were heard again */
  readonly again: number[] = []

  constructor(readonly net: Net, readonly person: string) {}

  async open(): Promise<void> {
    this.model = new BoardModel('board', {
      state: () => this.net.state(),
      dial: (_, since) => this.net.dial(this.person, since),
      history: (_, after, max) => this.net.history(after, max),
      keep: (board, person) => storageKeep(this.storage, board, person),
      drafts: (board, person) => storageDrafts(this.storage, board, person),
      person: () => this.net.down ? Promise.reject(new Error('no answer'))
        : Promise.resolve({ person: { type: 'person' as const, id: this.person, name: this.person, color: '', role: 'participant' as const }, role: 'participant' as const }),
      random: this.net.chance,
    })
    // Each operation is heard once, in order; after a reload of the state from there on.
    let last = 0
    this.model.onOps((ops) => {
      for (const op of ops) {
        if (op.seq <= last) this.again.push(op.seq)
        last = op.seq
      }
    })
    const started = this.model.start()
    started.catch(() => undefined)
    await vi.advanceTimersByTimeAsync(400)
    await started
  }

  /** do remembers what was done, unless it was refused here and then. */
  do(...args: Parameters<BoardModel['do']>): string {
    const id = this.model.do(...args)
    let refused = false
    this.model.done(id).catch((why: unknown) => {
      refused = why instanceof Refused
      if (refused) this.refused.add(id)
    })
    this.done.push(id)
    return id
  }
}

function steady(): Net {
  return new Net(() => 0.5)
}

async function pair(net = steady()): Promise<[Seat, Seat]> {
  const [a, b] = [new Seat(net, 'ann'), new Seat(net, 'bob')]
  await a.open()
  await b.open()
  await vi.advanceTimersByTimeAsync(500)
  return [a, b]
}

const texts = (m: BoardModel) => [...m.notes()].map((n) => n.text).sort()
const event = (id: string, text: string) => ({ notes: [{ id, kind: 'event' as const, text, x: 0, y: 0, w: 112, h: 112 }] })

test('what one does is seen here at once, and by the other soon', async () => {
  const [a, b] = await pair()
  const heard: string[] = []
  b.model.onChange((ids) => heard.push(...ids))
  const id = a.do('AddNotes', event('note1', 'Order placed'))
  expect(texts(a.model)).toEqual(['Order placed'])
  expect(a.model.waiting.value).toBe(1)
  await vi.advanceTimersByTimeAsync(500)
  await a.model.done(id)
  expect(a.model.waiting.value).toBe(0)
  expect(texts(b.model)).toEqual(['Order placed'])
  expect(heard).toContain('note1')
  expect(b.model.note('note1')?.by).toBe('ann')
})

test('a refusal takes back what was expected, and is told', async () => {
  const [a, b] = await pair()
  a.do('AddNotes', event('note1', 'Order placed'))
  await vi.advanceTimersByTimeAsync(500)
  a.net.board.do('server', 'RemoveNotes', { ids: ['note1'] }, 'bob')
  const id = a.model.do('RewriteNote', { id: 'note1', text: 'Order paid' })
  expect(texts(a.model)).toEqual(['Order paid'])
  const refusal = expect(a.model.done(id)).rejects.toThrow('The note is no longer there.')
  await vi.advanceTimersByTimeAsync(500)
  a.net.tell()
  await vi.advanceTimersByTimeAsync(500)
  await refusal
  expect(texts(a.model)).toEqual([])
  expect(a.model.notices.value.map((n) => n.text)).toContain('The note is no longer there.')
  expect(texts(b.model)).toEqual([])
})

test('mine stays on top until it is confirmed, and the last in the server\'s order wins', async () => {
  const [a, b] = await pair()
  a.do('AddNotes', event('note1', 'One'))
  await vi.advanceTimersByTimeAsync(500)
  const seen: string[] = []
  a.model.onChange(() => seen.push(a.model.note('note1')?.text ?? ''))
  b.do('RewriteNote', { id: 'note1', text: 'Bob' })
  await vi.advanceTimersByTimeAsync(20)
  a.do('RewriteNote', { id: 'note1', text: 'Ann' })
  await vi.advanceTimersByTimeAsync(1000)
  expect(a.model.note('note1')?.text).toBe('Ann')
  expect(b.model.note('note1')?.text).toBe('Ann')
  expect(new Set(seen)).toEqual(new Set(['Ann'])) // never Bob's in between
})

test('two people change different properties of one note, and both count', async () => {
  const [a, b] = await pair()
  a.do('AddNotes', event('note1', 'One'))
  await vi.advanceTimersByTimeAsync(500)
  a.do('RewriteNote', { id: 'note1', text: 'Two' })
  b.do('MoveNotes', { places: [{ id: 'note1', x: 500, y: 5, w: 112, h: 112, module: '' }] })
  await vi.advanceTimersByTimeAsync(1000)
  for (const s of [a, b]) expect(s.model.note('note1')).toMatchObject({ text: 'Two', x: 500 })
})

test('what is done offline is kept over a reload of the page and sent once', async () => {
  const [a, b] = await pair()
  a.net.down = true
  await vi.advanceTimersByTimeAsync(100)
  a.do('AddNotes', event('note1', 'Offline'))
  a.do('RewriteNote', { id: 'note1', text: 'Offline, twice' })
  expect(a.model.status.value).toBe('offline')
  expect(a.model.waiting.value).toBe(2)
  a.model.stop()
  a.net.down = false
  await a.open()
  expect(texts(a.model)).toEqual(['Offline, twice'])
  await vi.advanceTimersByTimeAsync(2000)
  expect(a.model.waiting.value).toBe(0)
  expect(a.storage.length).toBe(0)
  expect(texts(b.model)).toEqual(['Offline, twice'])
  expect(a.net.board.ops.filter((op) => op.by === 'ann')).toHaveLength(2)
})

test('an edit of a text made offline is brought up to date after a reload', async () => {
  const [a, b] = await pair()
  a.net.board.record('open', 'BroughtInStep', [{ id: 'file:a.storm', set: { type: 'file', path: 'a.storm', text: 'one two', version: 1 } }], '', 0)
  a.net.tell()
  await vi.advanceTimersByTimeAsync(500)
  for (const l of a.net.of('ann')) l.hang()
  a.model.do('EditText', { path: 'a.storm', version: 1, changes: [7, [0, ' three']], client: 'page1' })
  expect(a.model.file('a.storm')?.text).toBe('one two three')
  a.model.stop()
  b.do('EditText', { path: 'a.storm', version: 1, changes: [[0, 'zero '], 7], client: 'page2' })
  await vi.advanceTimersByTimeAsync(500)
  await a.open()
  await vi.advanceTimersByTimeAsync(1000)
  await vi.dynamicImportSettled()
  await vi.advanceTimersByTimeAsync(1000)
  for (const s of [a, b]) expect(s.model.file('a.storm')?.text).toBe('zero one two three')
  expect(a.storage.length).toBe(0)
  expect(a.model.notices.value).toEqual([])
})

test('what was typed after the edit that is on its way is sent after a reload, once', async () => {
  for (const reached of [true, false]) {
    const [a, b] = await pair()
    a.net.board.record('open', 'BroughtInStep', [{ id: 'file:a.storm', set: { type: 'file', path: 'a.storm', text: 'one two', version: 1 } }], '', 0)
    a.net.tell()
    await vi.advanceTimersByTimeAsync(500)
    for (const l of a.net.of('ann')) l.hang()
    const flight = { path: 'a.storm', version: 1, changes: [7, [0, ' three']] as TextChanges, client: 'page1' }
    const id = a.model.do('EditText', flight)
    a.model.keepDraft('page1', { path: 'a.storm', version: 1, flight: { id, changes: flight.changes }, changes: [13, [0, ' four']] })
    a.model.stop()
    if (reached) a.net.board.do(id, 'EditText', flight, 'ann')
    a.net.board.do('zero', 'EditText', { path: 'a.storm', version: reached ? 2 : 1, changes: [[0, 'zero '], reached ? 13 : 7], client: 'page2' }, 'bob')
    a.net.tell()
    await vi.advanceTimersByTimeAsync(500)
    await a.open()
    for (let i = 0; i < 4; i++) {
      await vi.advanceTimersByTimeAsync(1000)
      await vi.dynamicImportSettled()
    }
    for (const s of [a, b]) expect(s.model.file('a.storm')?.text).toBe('zero one two three four')
    expect(a.storage.length).toBe(0)
    expect(a.model.notices.value).toEqual([])
    for (const s of [a, b]) s.model.stop()
  }
})

test('an edit that an earlier page left and that is late once more is brought up to date once more', async () => {
  const [a, b] = await pair()
  a.net.board.record('open', 'BroughtInStep', [{ id: 'file:a.storm', set: { type: 'file', path: 'a.storm', text: 'one two', version: 1 } }], '', 0)
  a.net.tell()
  await vi.advanceTimersByTimeAsync(500)
  for (const l of a.net.of('ann')) l.hang()
  a.model.do('EditText', { path: 'a.storm', version: 1, changes: [7, [0, ' three']], client: 'page1' })
  a.model.stop()
  const opening = a.open() // the edit comes after the state was made, and before the line stands
  for (let i = 0; i < 5; i++) await Promise.resolve()
  a.net.board.do('late', 'EditText', { path: 'a.storm', version: 1, changes: [[0, 'zero '], 7], client: 'page2' }, 'bob')
  await opening
  for (let i = 0; i < 4; i++) {
    a.net.tell()
    await vi.advanceTimersByTimeAsync(1000)
    await vi.dynamicImportSettled()
  }
  for (const s of [a, b]) expect(s.model.file('a.storm')?.text).toBe('zero one two three')
  expect(a.storage.length).toBe(0)
})

test('what is too much for one message goes in several, and is one step', async () => {
  const [a, b] = await pair()
  const notes = Array.from({ length: 2500 }, (_, i) => ({ ...event(`note${i}`, 'x').notes[0]!, kind: i % 2 ? 'event' as const : 'command' as const }))
  const links = Array.from({ length: 1249 }, (_, i) => ({ id: `link${i}`, from: `note${i * 2}`, to: `note${(i * 2 + 1001) % 2500}` }))
  const id = a.model.do('AddNotes', { notes, links })
  expect(a.model.counts).toEqual({ notes: 2500, links: 1249 })
  await vi.advanceTimersByTimeAsync(1000)
  await a.model.done(id)
  expect(b.model.counts).toEqual({ notes: 2500, links: 1249 })
  const refused = a.model.do('MoveNotes', { places: Array.from({ length: 20_000 }, (_, i) => ({ id: `note${i}`, x: 1_000_000, y: 1_000_000, w: 112, h: 112, module: '' })) })
  await expect(a.model.done(refused)).rejects.toThrow('too much')
})

test('a line that hangs is noticed, and after a sleep within seconds', async () => {
  const [a] = await pair()
  for (const l of a.net.of('ann')) l.hang()
  await vi.advanceTimersByTimeAsync(25_000)
  expect(a.model.status.value).toBe('live')
  a.do('AddNotes', event('note1', 'On the new line'))
  for (const l of a.net.of('ann')) l.hang()
  vi.setSystemTime(Date.now() + 3_600_000) // the machine sleeps for an hour
  await vi.advanceTimersByTimeAsync(4_000)
  expect(a.model.status.value).toBe('live')
  expect(a.model.waiting.value).toBe(0)
  expect(a.net.board.ops.filter((op) => op.by === 'ann')).toHaveLength(1)
})

test('an acknowledgement that comes before the changes does not let them vanish in between', async () => {
  const net = steady()
  const a = new Seat(net, 'ann')
  await a.open()
  const line = net.of('ann')[0]!
  a.do('AddNotes', event('note1', 'One'))
  const [id] = a.done
  let least = 1
  a.model.onChange(() => { least = Math.min(least, a.model.counts.notes) })
  line.onmessage?.(JSON.stringify({ t: 'done', id, seq: 1 }))
  expect(a.model.counts.notes).toBe(1)
  expect(a.model.waiting.value).toBe(1)
  await vi.advanceTimersByTimeAsync(1000)
  expect(a.model.waiting.value).toBe(0)
  expect(least).toBe(1)
})

test('undo is the server\'s to decide', async () => {
  const [a, b] = await pair()
  a.do('AddNotes', event('note1', 'Ann'))
  b.do('AddNotes', event('note2', 'Bob'))
  await vi.advanceTimersByTimeAsync(500)
  a.model.undo()
  await vi.advanceTimersByTimeAsync(500)
  for (const s of [a, b]) expect(texts(s.model)).toEqual(['Bob'])
  a.model.redo()
  await vi.advanceTimersByTimeAsync(500)
  for (const s of [a, b]) expect(texts(s.model)).toEqual(['Ann', 'Bob'])
})

test('a replay shows what was, and changes nothing', async () => {
  const net = steady()
  const a = new Seat(net, 'ann')
  await a.open()
  for (const [i, text] of ['One', 'Two', 'Three'].entries()) a.do('AddNotes', event(`note${i}`, text))
  a.do('RemoveNotes', { ids: ['note0'] })
  await vi.advanceTimersByTimeAsync(1000)
  const model = new BoardModel('board', {
    state: () => net.state(), dial: (_, since) => net.dial('bob', since), keep: (b, p) => storageKeep(memoryStorage(), b, p), drafts: (b, p) => storageDrafts(memoryStorage(), b, p),
    person: () => Promise.resolve({ person: null, role: '' as const }),
    history: (_, after, max) => Promise.resolve({ ops: net.board.ops.slice(after, after + Math.min(max, 2)), seq: Math.min(net.board.seq, after + 2), head: net.board.seq }),
  })
  const started = model.start()
  await vi.advanceTimersByTimeAsync(500)
  await started
  const ops = await model.startReplay()
  expect(ops).toHaveLength(4)
  expect(texts(model)).toEqual(['Three', 'Two'])
  model.showAt(2)
  expect(texts(model)).toEqual(['One', 'Two'])
  model.showAt(0)
  expect(texts(model)).toEqual([])
  model.showAt(3)
  expect(texts(model)).toEqual(['One', 'Three', 'Two'])
  await expect(model.done(model.do('AddNotes', event('note9', 'Late')))).rejects.toThrow('replayed')
  model.stopReplay()
  expect(texts(model)).toEqual(['Three', 'Two'])
  model.stop()
})

test('a note after another is linked, and lies where nothing else does', async () => {
  const [a] = await pair()
  const command = a.model.addNote('command', { x: 0, y: 0 }, { text: 'Place order' })
  const first = a.model.addNote('event', null, { after: command })
  const second = a.model.addNote('event', null, { after: command })
  expect(a.model.linksOf(command).map((l) => l.verb)).toEqual(['leads to', 'leads to'])
  const [f, s] = [a.model.note(first) as Note, a.model.note(second) as Note]
  expect(f.x).toBeGreaterThan(a.model.note(command)!.x + 100)
  expect(s.y).toBeGreaterThanOrEqual(f.y + f.h)
  const frame = a.model.addNote('module', { x: 0, y: 0 })
  expect(a.model.note(a.model.addNote('event', { x: 10, y: 10 }))?.module).toBe(frame)
})

// Several people work over lines that drop, hang, double and are late; in the end
// all of them and the server have the same wall, and nothing that was done is lost
// or was done twice.

type Step =
  | { do: 'add' | 'write' | 'move' | 'kind' | 'remove' | 'link' | 'comment' | 'pivotal' | 'undo' | 'goals'; who: number; pick: number }
  | { do: 'cut' | 'hang' | 'reload' | 'leave' | 'wake'; who: number }
  | { do: 'down' | 'up' }
  | { do: 'wait'; ms: number }

const steps = fc.array(fc.oneof(
  { weight: 10, arbitrary: fc.record({ do: fc.constantFrom('add', 'add', 'write', 'move', 'kind', 'remove', 'link', 'comment', 'pivotal', 'undo', 'goals'), who: fc.nat(2), pick: fc.nat(1000) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('cut', 'hang', 'reload', 'leave', 'wake'), who: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('down', 'up') }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.nat(1500) }) },
), { minLength: 5, maxLength: 60 }) as fc.Arbitrary<Step[]>

function act(s: Seat, what: string, pick: number): void {
  const notes = [...s.model.notes()]
  const one = notes[pick % Math.max(1, notes.length)]
  const other = notes[(pick * 7 + 1) % Math.max(1, notes.length)]
  if (what === 'add') s.do('AddNotes', { notes: [{ id: s.model.newId(), kind: (['event', 'policy', 'command', 'hotspot'] as const)[pick % 4]!, text: `note ${pick}`, x: pick, y: 0, w: 112, h: 112 }] })
  else if (what === 'undo') s.do('UndoStep', {})
  else if (what === 'goals') s.do('SetGoals', { goals: [`goal ${pick}`] })
  else if (!one || !other) return
  else if (what === 'write') s.do('RewriteNote', { id: one.id, text: `${s.person} ${pick}` })
  else if (what === 'move') s.do('MoveNotes', { places: [one, other].filter((n, i, all) => all.indexOf(n) === i).map((n) => ({ id: n.id, x: pick, y: pick, w: 112, h: 112, module: '' })) })
  else if (what === 'kind') s.do('ChangeKind', { ids: [one.id], kind: pick % 2 ? 'event' : 'policy' })
  else if (what === 'remove') s.do('RemoveNotes', { ids: [one.id] })
  else if (what === 'link') s.do('LinkNotes', { links: [{ id: s.model.newId(), from: one.id, to: other.id }] })
  else if (what === 'comment') s.do('WriteComment', { id: s.model.newId(), note: one.id, text: `comment ${pick}` })
  else s.do('MarkPivotal', { ids: [one.id], pivotal: pick % 2 === 0 })
}

async function play(net: Net, seats: Seat[], step: Step): Promise<void> {
  if (step.do === 'wait') return void await vi.advanceTimersByTimeAsync(step.ms)
  if (!('who' in step)) {
    net.down = step.do === 'down'
    return
  }
  const s = seats[step.who]!
  if ('pick' in step) return act(s, step.do, step.pick)
  const lines = net.of(s.person)
  if (step.do === 'wake') s.model.wake()
  else if (step.do === 'leave') {
    const down = net.down
    net.down = false // a page is loaded while there is a server
    s.model.stop()
    for (const l of lines) l.close()
    await s.open()
    net.down = down
  } else for (const l of lines) l[step.do]()
}

/** dice gives the same numbers for the same seed. */
function dice(seed: number): () => number {
  let a = seed | 0
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** wallOf is all items by their ids, without what only says when. */
function wallOf(items: Iterable<Item>): Map<string, unknown> {
  return new Map([...items].map((i) => [i.id, { ...i }]))
}

test('all come to the same wall, whatever the lines do', async () => {
  let doubled = 0
  await fc.assert(fc.asyncProperty(steps, fc.integer(), async (list, seed) => {
    vi.setSystemTime(1_800_000_000_000)
    const net = new Net(dice(seed))
    const seats = ['ann', 'bob', 'cat'].map((p) => new Seat(net, p))
    for (const s of seats) await s.open()
    for (const step of list) await play(net, seats, step)
    net.down = false
    for (let i = 0; i < 60 && (i < 3 || seats.some((s) => s.model.status.value !== 'live' || s.model.waiting.value > 0 || s.model.seq.value < net.board.seq)); i++) {
      await vi.advanceTimersByTimeAsync(2000)
      net.tell()
    }
    await vi.advanceTimersByTimeAsync(500)
    doubled += net.doubled
    const server = wallOf(net.board.items.all.values())
    for (const s of seats) {
      expect(s.model.status.value).toBe('live')
      expect(s.model.waiting.value).toBe(0)
      expect(s.storage.length).toBe(0)
      expect(s.again).toEqual([])
      const shown = new Map([...server.keys()].flatMap((id) => s.model.item(id) ? [[id, { ...s.model.item(id) }] as const] : []))
      expect(shown).toEqual(server)
      expect(s.model.counts.notes).toBe(net.board.items.notes.size)
      expect([...s.model.links()].length).toBe(net.board.items.links.size)
    }
    const ids = net.board.ops.map((op) => op.id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const s of seats) for (const id of s.done) expect(net.board.answered(id) || s.refused.has(id)).toBe(true)
    for (const s of seats) s.model.stop()
    vi.clearAllTimers()
  }), { numRuns: 150 })
  expect(doubled).toBeGreaterThan(0)
}, 60_000)
