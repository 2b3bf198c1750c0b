import { batch, signal, type Signal } from '@preact/signals'
import { Answers, Refused } from './answers'
import { ApiError } from './api'
import { Connection } from './connection'
import { redraft, type Draft, type Drafts } from './drafts'
import { expect } from './expect'
import { complete } from './items'
import type { Keep, Kept } from './keep'
import { Refusal } from './limits'
import { historyAfter, type Outside } from './outside'
import { tooLarge } from './parts'
import { Layers, type Pending } from './pending'
import { Presence } from './presence'
import { rescue } from './rescue'
import type { Bye, CommandName, Commands, Me, No, Op, Person, Problem, Role, ServerMessage } from './types'
import { undone } from './undone'
import { whenWaking } from './waking'

export type Status = 'connecting' | 'live' | 'offline' | 'closed'

/**
 * Closed is why a board let go of this person for good: their invitation was
 * revoked, somebody deleted the board, one of the two happened while there was no
 * line, or nobody knows them any more.
 */
export type Closed = 'revoked' | 'deleted' | 'gone' | 'signedout'

/** Heard is who is told what comes of what goes over the line. */
export interface Heard {
  /** changed names the items that are others now */
  changed(ids: ReadonlySet<string>): void
  /** ops are what the server has confirmed, each once and in order */
  ops(ops: readonly Op[]): void
  tell(text: string, kind: 'info' | 'error'): void
}

/** inFlight is how many commands go out before the first of them is acknowledged. */
const inFlight = 32
const breath = 1_000 // ms to wait when the server says that it is too fast

/**
 * Sync keeps the items of a board in step with the server's: it confirms what the
 * server says over what was expected, sends again what a lost line took with it,
 * and keeps what was done offline.
 */
export class Sync {
  readonly layers = new Layers()
  readonly presence: Presence
  readonly status: Signal<Status> = signal<Status>('connecting')
  /** why the status is closed, once it is */
  readonly closed: Signal<Closed | null> = signal<Closed | null>(null)
  readonly role: Signal<Role> = signal<Role>('viewer')
  readonly me: Signal<Person | null> = signal(null)
  /** how many commands are not acknowledged */
  readonly waiting = signal(0)
  /** the last seq of the server that is in the items */
  readonly seq = signal(0)
  readonly problems: Signal<Problem[]> = signal<Problem[]>([])
  readonly connection: Connection
  private readonly answers = new Answers()
  private keep: Keep | null = null
  drafts: Drafts | null = null
  private you = ''
  private offset = 0
  private breathing = false
  private loading = false
  private loaded = false
  private readonly undoers: (() => void)[] = []

  constructor(private readonly board: string, private readonly outside: Outside, private readonly heard: Heard) {
    this.presence = new Presence((here) => this.connection.send({ t: 'here', ...here }))
    this.connection = new Connection({
      dial: (since) => outside.dial(board, since),
      since: () => this.seq.peek(),
      receive: (message) => this.receive(message),
      down: () => this.down(),
      failing: () => this.failing(),
      random: outside.random,
    })
  }

  /** start fetches the board and connects. It rejects when the board cannot be had at all. */
  async start(): Promise<void> {
    const { person, role } = await this.outside.person()
    if (person) this.become(person.id, role || 'participant', person)
    await this.load()
    this.connection.start()
    if (typeof window !== 'undefined') this.undoers.push(whenWaking(() => this.connection.wake()))
  }

  stop(): void {
    this.connection.stop()
    this.presence.stop()
    for (const undo of this.undoers.splice(0)) undo()
    this.status.value = 'closed'
  }

  /** now is the server's clock, in ms since 1970. */
  now(): number { return Date.now() + this.offset }

  /** do shows what is expected of a command and sends it when there is a line, or refuses it for the reason given. */
  do(id: string, what: CommandName, data: Commands[CommandName], refusal?: string): void {
    const pending: Pending = { id, what, data, seq: this.seq.peek(), changes: [], sent: false }
    const why = refusal ?? tooLarge(what, data) ?? this.expected(pending)
    if (why !== undefined) return this.refuse(id, typeof why === 'string' ? new Refused('rejected', why) : why)
    if (this.keep && !this.keep.add({ id, what, data, seq: pending.seq })) {
      this.heard.tell('This browser has no room left: what is not sent yet would be lost with the page.', 'error')
    }
    this.put(pending)
    this.flush()
  }

  /** done resolves when the server has done a command, and rejects when it is refused. */
  done(id: string): Promise<void> {
    return this.answers.of(id, this.layers.find(id) !== undefined)
  }

  /** meAgain looks whether this person is called otherwise now. */
  meAgain(): void {
    const p = this.layers.shown.people.get(this.you)
    if (p && p !== this.me.peek()) this.me.value = p
  }

  /** expected fills in what is expected of a command, or returns why it cannot be done. */
  private expected(p: Pending): Refused | undefined {
    try {
      p.changes = expect(p.what, p.data, { items: this.layers.shown, me: this.you, now: this.now() })
    } catch (why) {
      if (why instanceof Refusal) return new Refused(why.code, why.message)
      throw why
    }
    return undefined
  }

  private put(p: Pending): void {
    this.layers.add(p)
    this.show(new Set(p.changes.map((c) => c.id)))
  }

  /** show makes items again as they are to be seen, and tells so. */
  private show(ids: ReadonlySet<string>, seq = this.seq.peek()): void {
    this.layers.show(ids)
    batch(() => {
      this.seq.value = seq
      this.waiting.value = this.layers.size
      if (ids.size > 0) this.heard.changed(ids)
    })
  }

  /** flush sends what has not gone out on this connection. */
  private flush(): void {
    if (!this.connection.live || this.breathing || this.loading) return
    let out = 0
    for (const p of this.layers.waiting()) {
      if (p.sent) {
        if (p.doneAt === undefined) out++
        continue
      }
      if (out >= inFlight || !this.connection.send({ t: 'do', id: p.id, what: p.what, data: p.data })) return
      p.sent = true
      out++
    }
  }

  private receive(m: ServerMessage): void {
    if (this.loading && m.t !== 'welcome') return // the state that is on its way has it, or the next line tells it
    switch (m.t) {
      case 'welcome': return this.welcome(m)
      case 'tick': return this.tick(m)
      case 'no': return this.no(m)
      case 'done': return this.acknowledged(m)
      case 'problems': this.problems.value = m.list; return
      case 'reload': void this.reload(); return
      case 'bye': return this.bye(m)
      case 'pong': return
    }
  }

  private welcome(m: Extract<ServerMessage, { t: 'welcome' }>): void {
    this.offset = m.now - Date.now()
    for (const p of this.layers.waiting()) p.sent = false
    batch(() => {
      this.become(m.you, m.role)
      this.status.value = 'live'
    })
    this.flush()
    this.presence.welcome(m.you, m.people)
  }

  private become(id: string, role: Role, person?: Me['person']): void {
    const another = id !== this.you
    this.you = id
    this.role.value = role
    if (person) this.me.value = complete({ ...person, type: 'person', role }) as Person
    this.meAgain()
    if (!another) return
    this.keep = this.outside.keep(this.board, id)
    this.drafts = this.outside.drafts(this.board, id)
    if (this.loaded) this.restore()
  }

  /** restore takes up what an earlier visit left unsent. */
  private restore(): void {
    for (const kept of this.keep?.list() ?? []) {
      if (this.layers.find(kept.id)) continue
      const p: Pending = { ...kept, changes: [], sent: false, restored: true }
      // What cannot be expected here may still be possible for the server; it is
      // asked, and says why not.
      const refusal = this.expected(p)
      if (refusal !== undefined && kept.what === 'EditText') void this.rescue(kept)
      else this.put(p)
    }
    this.flush()
    void this.restoreDrafts()
  }

  /** restoreDrafts sends what earlier pages had no time to send. */
  private async restoreDrafts(): Promise<void> {
    for (const draft of await this.drafts?.list() ?? []) await this.restoreDraft(draft)
  }

  private async restoreDraft(draft: Draft): Promise<void> {
    // Its flight goes first, where that is possible.
    if (draft.flight) await this.done(draft.flight.id).catch(() => undefined)
    try {
      const fresh = await redraft(draft, await historyAfter(this.outside, this.board, draft.seq))
      if (draft.flight) this.keep?.remove(draft.flight.id)
      this.drafts?.remove(draft.client)
      if (fresh) await this.done(this.send(fresh)).catch(() => undefined)
    } catch {
      this.keptStill(draft.path)
    }
  }

  /** send sends an edit that no editor looks after, and returns the operation's id. */
  private send(data: Commands['EditText']): string {
    const p: Pending = { id: crypto.randomUUID(), what: 'EditText', data, seq: this.seq.peek(), changes: [], sent: false, restored: true }
    this.keep?.add({ id: p.id, what: p.what, data, seq: p.seq })
    this.expected(p) // or not yet: what the edit stands on may still be under way
    this.put(p)
    this.flush()
    return p.id
  }

  private keptStill(path: string): void {
    this.heard.tell(`What you wrote in ${path} without a connection is still kept here, and is sent when you open the board again.`, 'error')
  }

  /** rescue sends an edit of a text that others have edited since. */
  private async rescue(kept: Kept): Promise<void> {
    const edit = kept.data as Commands['EditText']
    if ((await this.drafts?.list() ?? []).some((d) => d.flight?.id === kept.id)) return // it goes with its draft
    try {
      const fresh = await rescue(kept.id, edit, await historyAfter(this.outside, this.board, kept.seq))
      this.keep?.remove(kept.id)
      if (fresh) this.send(fresh)
    } catch {
      this.keptStill(edit.path) // until the next visit
    }
  }

  private tick(m: Extract<ServerMessage, { t: 'tick' }>): void {
    const ids = new Set<string>()
    const fresh = ((m.ops ?? []) as Op[]).filter((op) => op.seq > this.seq.peek())
    for (const op of fresh) {
      this.layers.confirm(op.changes, ids)
      const mine = this.layers.find(op.id)
      if (!mine) continue
      this.settle(mine, ids)
      const stayed = undone(op, (id) => this.layers.confirmedItem(id)?.type === 'note')
      if (stayed !== undefined) this.heard.tell(stayed, 'info')
    }
    const seq = Math.max(this.seq.peek(), m.seq, fresh.at(-1)?.seq ?? 0)
    this.settleUpTo(seq, ids)
    this.show(ids, seq)
    if (fresh.length > 0) this.heard.ops(fresh)
    this.presence.hear(this.you, m.here ?? [], m.gone ?? [])
    this.flush()
  }

  private acknowledged({ id, seq }: { id: string; seq: number }): void {
    const p = this.layers.find(id)
    if (!p) return
    p.doneAt = seq
    const ids = new Set<string>()
    this.settleUpTo(this.seq.peek(), ids) // else its changes are still under way
    this.show(ids)
    this.flush()
  }

  private settleUpTo(seq: number, ids: Set<string>): void {
    for (const p of Array.from(this.layers.waiting())) {
      if (p.doneAt !== undefined && p.doneAt <= seq) this.settle(p, ids)
    }
  }

  /** settle is done with a command. */
  private settle(p: Pending, ids: Set<string>): void {
    this.layers.remove(p, ids)
    this.keep?.remove(p.id)
    this.answers.done(p.id)
  }

  private no(m: No): void {
    const p = this.layers.find(m.id)
    if (m.code === 'toofast' && p) return this.breathe()
    const ids = new Set<string>()
    const again = m.code === 'stale' && p?.restored === true
    if (p) {
      this.layers.remove(p, ids)
      if (!again) this.keep?.remove(p.id)
    }
    this.refuse(m.id, new Refused(m.code, m.message))
    if (again) void this.rescue(p)
    this.show(ids)
    this.flush()
  }

  /** breathe waits, and then sends again all that is not acknowledged, in order. */
  private breathe(): void {
    if (this.breathing) return
    this.breathing = true
    setTimeout(() => {
      this.breathing = false
      for (const p of this.layers.waiting()) p.sent = false
      this.flush()
    }, breath)
  }

  private refuse(id: string, why: Refused): void {
    // That the text has changed meanwhile is nothing to the user: the pane of text
    // brings its edit up to date and sends it again.
    if (why.code !== 'stale') this.heard.tell(why.message, 'error')
    this.answers.refuse(id, why)
  }

  private async load(): Promise<void> {
    const { seq, items } = await this.outside.state(this.board)
    const ids = this.layers.load(items.map((i) => complete(i)))
    this.settleUpTo(seq, ids)
    this.show(ids, seq)
    if (this.loaded) return
    this.loaded = true
    this.restore()
  }

  /** reload is done when the server has thrown away what this page would have to catch up with. */
  private async reload(): Promise<void> {
    if (this.loading) return
    this.loading = true
    try {
      await this.load()
    } catch {
      // The line is worse than it seemed; the next one begins from here again.
    }
    this.loading = false
    this.connection.again()
  }

  private down(): void {
    if (this.status.peek() === 'live') this.status.value = 'offline'
    this.presence.alone(this.you)
  }

  private bye({ reason, message }: Bye): void {
    if (reason === 'revoked' || reason === 'deleted') this.close(reason)
    else if (reason === 'flood') this.heard.tell(message, 'error')
  }

  /** failing finds out whether the server is away, or no longer lets this person in. */
  private async failing(): Promise<boolean> {
    this.status.value = 'offline'
    try {
      const { person } = await this.outside.person()
      if (person) await this.outside.history(this.board, this.seq.peek(), 1) // is the board still there for them?
      else return this.close('signedout')
      return true
    } catch (why) {
      if (why instanceof ApiError && [401, 403, 404].includes(why.status)) return this.close(why.status === 401 ? 'signedout' : 'gone')
      return true
    }
  }

  private close(why: Closed): false {
    this.connection.stop()
    batch(() => {
      this.status.value = 'closed'
      this.closed.value = why
    })
    return false
  }
}
