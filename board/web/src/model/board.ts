import { batch, signal, type Signal } from '@preact/signals'
import { Answers, Refused } from './answers'
import { ApiError } from './api'
import { Connection } from './connection'
import { expect } from './expect'
import { helps, verbOf } from './grammar'
import { complete, type Items } from './items'
import type { Keep } from './keep'
import { Refusal } from './limits'
import { Notices, type Notice } from './notices'
import { browser, wholeHistory, type Outside } from './outside'
import { Layers, type Pending } from './pending'
import { frameAt, placeFor, type Point } from './placing'
import { Presence, type Said } from './presence'
import { Replay } from './replay'
import type {
  Board, Bye, Comment, CommandName, Commands, File, Here, Item, Link, NewLink, NewNote, No, Note, NoteKind, Op, Person, Problem, Role,
  ServerMessage,
} from './types'
import { whenWaking } from './waking'

export { Refused } from './answers'
export type { Notice } from './notices'
export type { Point } from './placing'

export type Status = 'connecting' | 'live' | 'offline' | 'closed'

/** Camera says what of the board is seen: the point at the upper left corner, and pixels per board pixel. */
export interface Camera { x: number; y: number; zoom: number }

/** inFlight is how many commands go out before the first of them is acknowledged. */
const inFlight = 32
const breath = 1_000 // ms to wait when the server says that it is too fast

/**
 * BoardModel is a board as this page sees it: the server's items with what is
 * expected of this person's commands over them. It keeps the connection, sends
 * again what a lost line took with it, and keeps what was done offline.
 *
 * start must have been awaited before anything is done; stop ends it.
 */
export class BoardModel {
  readonly version = signal(0)
  readonly me: Signal<Person | null> = signal(null)
  readonly role: Signal<Role> = signal<Role>('viewer')
  readonly status: Signal<Status> = signal<Status>('connecting')
  /** how many commands are not acknowledged */
  readonly waiting = signal(0)
  readonly selection: Signal<ReadonlySet<string>> = signal<ReadonlySet<string>>(new Set())
  /** the only notes that are not faded; null is all */
  readonly focus: Signal<ReadonlySet<string> | null> = signal<ReadonlySet<string> | null>(null)
  readonly camera: Signal<Camera> = signal({ x: -200, y: -200, zoom: 1 })
  /** the size of the wall on the screen, set by the wall */
  readonly viewport: Signal<{ w: number; h: number }> = signal({ w: 1200, h: 800 })
  /** where the mouse is on the board, null when it is elsewhere; set by the wall */
  readonly pointer: Signal<Point | null> = signal<Point | null>(null)
  /** the note whose text is being edited */
  readonly editing: Signal<string | null> = signal<string | null>(null)
  /** the seq shown while replaying; null when not */
  readonly replaying: Signal<number | null> = signal<number | null>(null)
  readonly problems: Signal<Problem[]> = signal<Problem[]>([])
  readonly notices: Signal<Notice[]>
  /** the ids of those who are here, this person too */
  readonly online: Signal<ReadonlySet<string>> = signal<ReadonlySet<string>>(new Set())
  /** the last seq of the server that is in the items */
  readonly seq = signal(0)

  private readonly layers = new Layers()
  private readonly outside: Outside
  private readonly connection: Connection
  private readonly presence: Presence
  private readonly listeners = new Set<(ids: ReadonlySet<string>) => void>()
  private readonly hereListeners = new Set<(people: ReadonlySet<string>) => void>()
  private readonly opListeners = new Set<(ops: readonly Op[]) => void>()
  private readonly answers = new Answers()
  private keep: Keep | null = null
  private replay: Replay | null = null
  private you = ''
  private offset = 0
  private readonly told = new Notices()
  private breathing = false
  private loading = false
  private readonly undoers: (() => void)[] = []

  constructor(readonly id: string, outside: Partial<Outside> = {}) {
    this.outside = { ...browser, ...outside }
    this.notices = this.told.list
    this.presence = new Presence((here) => this.connection.send({ t: 'here', ...here }))
    this.connection = new Connection({
      dial: (since) => this.outside.dial(this.id, since),
      since: () => this.seq.peek(),
      receive: (message) => this.receive(message),
      down: () => this.down(),
      failing: () => this.failing(),
      random: this.outside.random,
    })
  }

  // Reading.

  /** here is what the others are doing. */
  get here(): ReadonlyMap<string, Here> { return this.presence.here }
  item(id: string): Item | undefined { return this.items.all.get(id) }
  note(id: string): Note | undefined { return this.items.notes.get(id) }
  notes(): Iterable<Note> { return this.items.notes.values() }
  links(): Iterable<Link> { return this.items.links.values() }
  linksOf(id: string): Link[] { return this.items.linksOf(id) }
  comments(note: string): Comment[] { return this.items.comments(note) }
  people(): ReadonlyMap<string, Person> { return this.items.people }
  board(): Board { return this.items.board }
  files(): File[] { return Array.from(this.items.files.values()) }
  file(path: string): File | undefined { return this.items.files.get('file:' + path) }
  get counts(): { notes: number; links: number } { return { notes: this.items.notes.size, links: this.items.links.size } }

  /** now is the server's clock, in ms since 1970. */
  now(): number { return Date.now() + this.offset }

  /** mayEdit reports whether this person may change the board just now. */
  mayEdit(): boolean { return this.role.value !== 'viewer' && this.replaying.value === null && this.status.value !== 'closed' }

  /** onChange calls the listener with the ids of items that changed, at most once for each message of the server. */
  onChange(listener: (ids: ReadonlySet<string>) => void): () => void { return listen(this.listeners, listener) }

  /** onHere calls the listener with the ids of people who moved, came or left. */
  onHere(listener: (people: ReadonlySet<string>) => void): () => void { return listen(this.hereListeners, listener) }

  /** onOps calls the listener with each operation that the server confirms, this person's own too, in order. */
  onOps(listener: (ops: readonly Op[]) => void): () => void { return listen(this.opListeners, listener) }

  // Doing.

  /**
   * do does a command: what is expected of it is seen at once, and it is sent as
   * soon as there is a line. It returns the operation's id. A refusal is told to
   * the user, and takes back what was expected.
   */
  do<W extends CommandName>(what: W, data: Commands[W]): string {
    const id = crypto.randomUUID()
    const pending: Pending = { id, what, data, changes: [], sent: false }
    const refusal = this.mayDo() ?? this.expected(pending)
    if (refusal) {
      this.refuse(id, new Refused('rejected', refusal))
      return id
    }
    if (this.keep && !this.keep.add({ id, what, data })) this.tell('This browser has no room left: what is not sent yet would be lost with the page.', 'error')
    this.put([pending])
    this.flush()
    return id
  }

  /** done resolves when the server has done an operation, and rejects with a Refused when it has not. */
  done(opId: string): Promise<void> {
    return this.answers.of(opId, this.layers.find(opId) !== undefined)
  }

  undo(): void { this.do('UndoStep', {}) }
  redo(): void { this.do('RedoStep', {}) }

  /** sayHere tells the others what this person is doing; undefined takes a property back. */
  sayHere(change: Said): void { this.presence.say(change) }

  /** newId makes an id for an item. */
  newId(): string {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-'
    return Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => letters[b & 63]!).join('')
  }

  /**
   * addNote makes a note in its usual size with its middle at a point, or, when
   * after is given, in the next free place to the right of that note and, unless
   * link is false, linked with it where the grammar has a link. It returns the id.
   */
  addNote(kind: NoteKind, at: Point | null, o: { text?: string; after?: string; link?: boolean } = {}): string {
    const id = this.newId()
    const after = o.after === undefined ? undefined : this.note(o.after)
    const note: NewNote = { id, kind, text: o.text ?? '', ...placeFor(this.notes(), kind, at ?? this.middle(), after) }
    if (this.board().writing && !helps(kind)) note.private = true
    const links: NewLink[] = []
    if (after && o.link !== false && verbOf(after.kind, kind)) links.push({ id: this.newId(), from: after.id, to: id })
    this.do('AddNotes', { notes: [note], links })
    return id
  }

  /** frameAt returns the smallest module frame that a point lies in. */
  frameAt(p: Point): Note | undefined { return frameAt(this.notes(), p) }

  /** middle returns the point in the middle of what is seen. */
  middle(): Point {
    const { x, y, zoom } = this.camera.peek()
    const { w, h } = this.viewport.peek()
    return { x: x + w / 2 / zoom, y: y + h / 2 / zoom }
  }

  /** select selects the notes and links with the ids that are there. */
  select(ids: Iterable<string>): void {
    this.selection.value = new Set(Array.from(ids).filter((id) => this.item(id)))
  }

  /** show selects a note and moves the camera so that it is in the middle. */
  show(id: string): void {
    const n = this.note(id)
    if (!n) return
    this.select([id])
    const { zoom } = this.camera.peek()
    const z = Math.max(zoom, 0.5)
    const { w, h } = this.viewport.peek()
    this.camera.value = { x: n.x + n.w / 2 - w / 2 / z, y: n.y + n.h / 2 - h / 2 / z, zoom: z }
  }

  /** tell tells the user something. Errors stay until they are put away. */
  tell(text: string, kind: Notice['kind'] = 'info'): void { this.told.tell(text, kind) }

  /** hush puts a notice away. */
  hush(id: number): void { this.told.hush(id) }

  // Replay.

  /** startReplay fetches the history and shows its last step. It resolves with all operations. */
  async startReplay(): Promise<readonly Op[]> {
    const ops = await wholeHistory(this.outside, this.id)
    this.replay = new Replay(ops)
    this.showAt(ops.at(-1)?.seq ?? 0)
    return ops
  }

  /** showAt shows the board as it was after an operation; startReplay comes first. */
  showAt(seq: number): void {
    if (!this.replay) return
    const first = this.replaying.peek() === null
    const ids = this.replay.seek(seq)
    if (first) for (const id of this.layers.shown.all.keys()) ids.add(id)
    batch(() => {
      this.replaying.value = seq
      this.editing.value = null
      this.changed(ids)
    })
  }

  /** stopReplay shows the board as it is. */
  stopReplay(): void {
    if (!this.replay) return
    const ids = new Set([...this.replay.items.all.keys(), ...this.layers.shown.all.keys()])
    this.replay = null
    batch(() => {
      this.replaying.value = null
      this.changed(ids)
    })
  }

  // Life.

  /** start fetches the board and connects. It rejects when the board cannot be had at all. */
  async start(): Promise<void> {
    const { person, role } = await this.outside.person()
    if (person) this.become(person.id, role || 'participant', person)
    await this.load()
    this.connection.start()
    this.attend()
  }

  stop(): void {
    this.connection.stop()
    this.presence.stop()
    for (const undo of this.undoers.splice(0)) undo()
    this.status.value = 'closed'
  }

  /** wake looks at once whether the line still stands. */
  wake(): void { this.connection.wake() }

  // Within.

  private get items(): Items { return this.replay?.items ?? this.layers.shown }

  private mayDo(): string | undefined {
    if (this.replaying.peek() !== null) return 'The board is being replayed. Leave the replay to change it.'
    if (this.status.peek() === 'closed') return 'The board is closed.'
    if (this.role.peek() === 'viewer') return 'You are here to look: ask the facilitator for an invitation as a participant.'
    return undefined
  }

  /** expected fills in what is expected of a command, or returns why it cannot be done. */
  private expected(p: Pending): string | undefined {
    try {
      p.changes = expect(p.what, p.data, { items: this.layers.shown, me: this.you, now: this.now() })
    } catch (why) {
      if (why instanceof Refusal) return why.message
      throw why
    }
    return undefined
  }

  private put(list: readonly Pending[]): void {
    const ids = new Set<string>()
    for (const p of list) {
      this.layers.add(p)
      for (const c of p.changes) ids.add(c.id)
    }
    this.layers.show(ids)
    batch(() => {
      this.waiting.value = this.layers.size
      this.changed(ids)
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
      this.online.value = new Set([m.you])
    })
    this.moved(m.people, [])
    this.flush()
    this.presence.again()
  }

  private become(id: string, role: Role, person?: Person): void {
    const first = id !== this.you
    this.you = id
    this.role.value = role
    if (person) this.me.value = complete({ ...person, type: 'person' }) as Person
    this.refreshMe()
    if (!first || id === '') return
    this.keep = this.outside.keep(this.id, id)
    if (this.seq.peek() > 0) this.restore()
  }

  /** restore takes up what an earlier visit left unsent. */
  private restore(): void {
    for (const kept of this.keep?.list() ?? []) {
      if (this.layers.find(kept.id)) continue
      const p: Pending = { ...kept, changes: [], sent: false }
      // What cannot be expected here may still be possible for the server; it is
      // asked, and says why not.
      this.expected(p)
      this.put([p])
    }
    this.flush()
  }

  private tick(m: Extract<ServerMessage, { t: 'tick' }>): void {
    const ids = new Set<string>()
    const fresh = (m.ops ?? []).filter((op) => op.seq > this.seq.peek())
    for (const op of fresh) {
      this.layers.confirm(op.changes, ids)
      const mine = this.layers.find(op.id)
      if (mine) this.settle(mine, ids)
    }
    const seq = Math.max(this.seq.peek(), m.seq, fresh.at(-1)?.seq ?? 0)
    for (const p of Array.from(this.layers.waiting())) {
      if (p.doneAt !== undefined && p.doneAt <= seq) this.settle(p, ids)
    }
    batch(() => {
      this.seq.value = seq
      this.layers.show(ids)
      if (!this.replay) this.changed(ids)
      this.waiting.value = this.layers.size
    })
    if (fresh.length > 0) for (const l of this.opListeners) l(fresh)
    this.moved(m.here ?? [], m.gone ?? [])
    this.flush()
  }

  private moved(here: readonly Here[], gone: readonly string[]): void {
    if (here.length === 0 && gone.length === 0) return
    const people = new Set<string>(gone)
    const online = new Set(this.online.peek())
    let came = false
    for (const h of here) {
      if (h.p === this.you) continue
      came ||= !online.has(h.p)
      this.presence.hear(h)
      online.add(h.p)
      people.add(h.p)
    }
    for (const p of gone) {
      this.presence.here.delete(p)
      online.delete(p)
    }
    if (online.size !== this.online.peek().size || came) this.online.value = online
    if (came) this.presence.again()
    for (const l of this.hereListeners) l(people)
  }

  private acknowledged({ id, seq }: { id: string; seq: number }): void {
    const p = this.layers.find(id)
    if (!p) return
    if (seq > this.seq.peek()) {
      p.doneAt = seq // its changes are still under way
      return this.flush()
    }
    const ids = new Set<string>()
    this.settle(p, ids)
    this.after(ids)
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
    if (m.code === 'closed') this.status.value = 'closed'
    const ids = new Set<string>()
    if (p) {
      this.layers.remove(p, ids)
      this.keep?.remove(p.id)
    }
    this.refuse(m.id, new Refused(m.code, m.message))
    this.after(ids)
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
    this.tell(why.message, 'error')
    this.answers.refuse(id, why)
  }

  private after(ids: Set<string>): void {
    this.layers.show(ids)
    batch(() => {
      this.waiting.value = this.layers.size
      if (!this.replay) this.changed(ids)
    })
    this.flush()
  }

  private changed(ids: ReadonlySet<string>): void {
    if (ids.size === 0) return
    this.version.value++
    this.refreshMe()
    const selection = this.selection.peek()
    if ([...selection].some((id) => ids.has(id) && !this.item(id))) this.select(selection)
    const editing = this.editing.peek()
    if (editing !== null && ids.has(editing) && !this.item(editing)) this.editing.value = null
    for (const l of this.listeners) l(ids)
  }

  private refreshMe(): void {
    const p = this.layers.shown.people.get(this.you)
    if (p && p !== this.me.peek()) this.me.value = p
  }

  private async load(): Promise<void> {
    const { seq, items } = await this.outside.state(this.id)
    const ids = this.layers.load(items.map((i) => complete(i)))
    const first = this.seq.peek() === 0
    for (const p of Array.from(this.layers.waiting())) {
      if (p.doneAt !== undefined && p.doneAt <= seq) this.settle(p, ids)
    }
    this.layers.show(ids)
    batch(() => {
      this.seq.value = seq
      this.waiting.value = this.layers.size
      if (!this.replay) this.changed(ids)
    })
    if (first) this.restore()
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
    const left = new Set(this.presence.here.keys())
    this.presence.here.clear()
    this.online.value = new Set([this.you])
    for (const l of this.hereListeners) l(left)
  }

  private bye({ reason, message }: Bye): void {
    if (reason === 'revoked' || reason === 'deleted') this.close(message)
    else if (reason === 'flood') this.tell(message, 'error')
  }

  /** failing finds out whether the server is away, or no longer lets this person in. */
  private async failing(): Promise<boolean> {
    this.status.value = 'offline'
    try {
      const { person } = await this.outside.person()
      if (!person) return this.close('You have been signed out. Enter again to go on; what you wrote is kept.')
      return true
    } catch (why) {
      if (why instanceof ApiError && (why.status === 401 || why.status === 403 || why.status === 404)) return this.close(why.message)
      return true
    }
  }

  private close(reason: string): false {
    this.connection.stop()
    this.status.value = 'closed'
    this.tell(reason, 'error')
    return false
  }

  /** attend listens for what says that the line may have changed. */
  private attend(): void {
    if (typeof window === 'undefined') return
    this.undoers.push(whenWaking(() => this.wake()))
  }
}

function listen<T>(set: Set<T>, listener: T): () => void {
  set.add(listener)
  return () => void set.delete(listener)
}
