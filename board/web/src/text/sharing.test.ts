import { ChangeSet, Text } from '@codemirror/state'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Refused } from '../model/answers'
import type { TextChanges, FileEdit } from '../model/types'
import { Sharing, difference, type Road } from './sharing'

/** An authority that orders edits as the server does, behind a line on which everything takes its time. */
class Authority {
  text: Text
  version = 0
  readonly edits: FileEdit[] = []
  constructor(text: string) {
    this.text = Text.of(text.split('\n'))
  }

  take(version: number, changes: TextChanges, client: string): void {
    if (version !== this.version) throw new Refused('stale', 'the text has changed in the meantime')
    this.text = ChangeSet.fromJSON(changes).apply(this.text)
    this.version++
    this.edits.push({ version: this.version, changes, client })
  }
}

/** An editor with its own document; what it sends and hears waits in queues until the test lets it through. */
class Client {
  doc: Text
  seen = 0
  readonly sharing: Sharing
  readonly out: (() => void)[] = []
  refusals = 0
  kept: Parameters<Road['keep']>[0] = null

  constructor(readonly authority: Authority, name: string, forbid = () => false) {
    this.doc = authority.text
    this.seen = authority.version
    this.sharing = new Sharing(this.doc.toString(), authority.version, name, {
      send: (version, changes, client) =>
        new Promise((resolve, reject) => {
          this.out.push(() => {
            try {
              if (forbid()) throw new Error('viewers only look')
              authority.take(version, changes, client)
              resolve()
            } catch (error) {
              reject(error as Error)
            }
          })
        }),
      show: (changes) => {
        this.doc = changes.apply(this.doc)
      },
      look: () => ({ text: authority.text.toString(), version: authority.version }),
      refused: () => {
        this.refusals++
      },
      keep: (draft) => {
        this.kept = draft
      },
    })
  }

  type(at: number, remove: number, insert: string): void {
    const from = Math.min(at, this.doc.length)
    const to = Math.min(from + remove, this.doc.length)
    const changes = ChangeSet.of({ from, to, insert: Text.of(insert.split('\n')) }, this.doc.length)
    this.doc = changes.apply(this.doc)
    this.sharing.typed(changes)
  }

  hear(): void {
    const edit = this.authority.edits[this.seen]
    if (!edit) return
    this.seen++
    this.sharing.receive(edit)
  }

  async deliver(): Promise<void> {
    this.out.shift()?.()
    await Promise.resolve()
    await Promise.resolve()
  }
}

async function settle(clients: Client[]): Promise<void> {
  for (let round = 0; round < 500; round++) {
    for (const c of clients) {
      c.sharing.push()
      await c.deliver()
      while (c.seen < c.authority.edits.length) c.hear()
    }
    if (clients.every((c) => c.sharing.idle && c.seen === c.authority.edits.length)) return
  }
  throw new Error('they never agree')
}

describe('Sharing', () => {
  it('sends what was typed while an edit was on its way as one edit', async () => {
    const authority = new Authority('storm')
    const ann = new Client(authority, 'ann')
    ann.type(5, 0, ' ')
    ann.sharing.push()
    for (const c of 'wide') {
      ann.type(ann.doc.length, 0, c)
      ann.sharing.push()
    }
    expect(ann.kept).toEqual({ version: 0, flight: [5, [0, ' ']], changes: [6, [0, 'wide']] })
    await settle([ann])
    expect(ann.kept).toBeNull()
    expect(authority.text.toString()).toBe('storm wide')
    expect(authority.version).toBe(2)
  })

  it('rebases an edit that came too late and sends it again', async () => {
    const authority = new Authority('actor\nevent')
    const ann = new Client(authority, 'ann')
    const bob = new Client(authority, 'bob')
    ann.type(5, 0, ' Clerk')
    bob.type(11, 0, ' Paid')
    ann.sharing.push()
    bob.sharing.push()
    await ann.deliver()
    await bob.deliver() // refused: Ann's came first, and Bob has not heard of it yet
    expect(authority.text.toString()).toBe('actor Clerk\nevent')
    await settle([ann, bob])
    expect(authority.text.toString()).toBe('actor Clerk\nevent Paid')
    expect(bob.doc.toString()).toBe(authority.text.toString())
    expect(bob.refusals).toBe(0)
  })

  it('takes back what may not be, and keeps what others wrote meanwhile', async () => {
    const authority = new Authority('event Paid')
    const viewer = new Client(authority, 'viewer', () => true)
    const bob = new Client(authority, 'bob')
    viewer.type(0, 0, 'x')
    viewer.sharing.push()
    bob.type(10, 0, ' was Payed')
    bob.sharing.push()
    await bob.deliver()
    viewer.hear()
    await viewer.deliver()
    expect(viewer.refusals).toBe(1)
    expect(viewer.doc.toString()).toBe('event Paid was Payed')
    await settle([viewer, bob])
  })

  it('goes on after a reload that jumped over its own edit', async () => {
    const authority = new Authority('a\n')
    const ann = new Client(authority, 'ann')
    const bob = new Client(authority, 'bob')
    bob.type(2, 0, 'b\n')
    await settle([bob])
    ann.type(0, 0, 'x')
    while (ann.seen < authority.edits.length) ann.hear()
    ann.sharing.push()
    ann.type(1, 0, 'y')
    const sent = ann.out.shift()!
    sent() // the server has it, but its answer is still under way
    ann.sharing.restart(authority.text.toString(), authority.version)
    ann.seen = authority.version
    await Promise.resolve()
    await Promise.resolve()
    await settle([ann, bob])
    expect(authority.text.toString()).toBe('xya\nb\n')
    expect(ann.doc.toString()).toBe('xya\nb\n')
  })

  it('brings racing clients to one text, whatever the order', async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('type' as const), who: fc.nat(2), at: fc.nat(30), remove: fc.nat(4), insert: fc.constantFrom('a', 'bc', '\n', '', '-> d') }),
      fc.record({ do: fc.constantFrom('push' as const, 'deliver' as const, 'hear' as const), who: fc.nat(2) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
        const authority = new Authority('storm "S"\n\nevent A\n')
        const clients = ['ann', 'bob', 'cleo'].map((name) => new Client(authority, name))
        for (const s of steps) {
          const c = clients[s.who]!
          if (s.do === 'type') c.type(s.at, s.remove, s.insert)
          else if (s.do === 'push') c.sharing.push()
          else if (s.do === 'deliver') await c.deliver()
          else c.hear()
        }
        await settle(clients)
        for (const c of clients) expect(c.doc.toString()).toBe(authority.text.toString())
      }),
      { numRuns: 300 },
    )
  })
})

describe('difference', () => {
  it('makes one text the other', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(difference(Text.of(a.split('\n')), Text.of(b.split('\n'))).apply(Text.of(a.split('\n'))).toString()).toBe(b)
      }),
    )
  })
})
