import { batch, signal, type ReadonlySignal, type Signal } from '@preact/signals'
import type { Draft } from './drafts'
import { helps, verbOf } from './grammar'
import type { Items } from './items'
import { Notices, type Notice } from './notices'
import { browser, historyAfter, type Outside } from './outside'
import { inParts } from './parts'
import { frameAt, placeFor, type Point } from './placing'
import type { Said } from './presence'
import { Replay } from './replay'
import { Sync, type Closed, type Status } from './sync'
import type {
  Board, Comment, CommandName, Commands, File, Here, Item, Link, NewLink, NewNote, Note, NoteKind, Op, Person, Problem, Role,
} from './types'

export { Refused } from './answers'
export type { Notice } from './notices'
export type { Point } from './placing'
export type { Closed, Status } from './sync'

/** Camera says what of the board is seen: the point at the upper left corner, and pixels per board pixel. */
export interface Camera { x: number; y: number; zoom: number }

/**
 * BoardModel is a board as this page sees it: the server's items with what is
 * expected of this person's commands over them. It keeps the connection, sends
 * again what a lost line took with it, and keeps what was done offline.
 *
 * start must have been awaited before anything is done; stop ends it.
 */
export class BoardModel {
  readonly version = signal(0)
  readonly me: ReadonlySignal<Person | null>
  readonly role: Signal<Role>
  readonly status: ReadonlySignal<Status>
  /** why the board let go of this person for good; null while it has not */
  readonly closed: ReadonlySignal<Closed | null>
  /** how many commands are not acknowledged */
  readonly waiting: ReadonlySignal<number>
  readonly selection: Signal<ReadonlySet<string>> = signal<ReadonlySet<string>>(new Set())
  /** the only notes that are not faded; null is all */
  readonly focus: Signal<ReadonlySet<string> | null> = signal<ReadonlySet<string> | null>(null)
  readonly camera: Signal<Camera> = signal({ x: -200, y: -200, zoom: 1 })
  /** the size of the wall on the screen, set by the wall */
  readonly viewport: Signal<{ w: number; h: number }> = signal({ w: 1200, h: 800 })
  /** how many pixels of its lower part something else covers */
  readonly covered: Signal<number> = signal(0)
  /** where the mouse is on the board, null when it is elsewhere; set by the wall */
  readonly pointer: Signal<Point | null> = signal<Point | null>(null)
  /** the note whose text is being edited */
  readonly editing: Signal<string | null> = signal<string | null>(null)
  /** the seq shown while replaying; null when not */
  readonly replaying: Signal<number | null> = signal<number | null>(null)
  readonly problems: ReadonlySignal<Problem[]>
  readonly notices: Signal<Notice[]>
  /** the ids of those who are here, this person too */
  readonly online: ReadonlySignal<ReadonlySet<string>>
  /** the last seq of the server that is in the items */
  readonly seq: ReadonlySignal<number>

  private readonly sync: Sync
  private readonly outside: Outside
  private readonly told = new Notices()
  private readonly listeners = new Set<(ids: ReadonlySet<string>) => void>()
  private readonly opListeners = new Set<(ops: readonly Op[]) => void>()
  private replay: Replay | null = null

  constructor(readonly id: string, outside: Partial<Outside> = {}) {
    this.outside = { ...browser, ...outside }
    this.notices = this.told.list
    this.sync = new Sync(id, this.outside, {
      changed: (ids) => { if (!this.replay) this.changed(ids) },
      ops: (ops) => { for (const l of this.opListeners) l(ops) },
      tell: (text, kind) => this.tell(text, kind),
    })
    const { me, role, status, closed, waiting, seq, problems, presence } = this.sync
    this.me = me
    this.role = role
    this.status = status
    this.closed = closed
    this.waiting = waiting
    this.seq = seq
    this.problems = problems
    this.online = presence.online
  }

  // Reading.

  /** here is what the others are doing. */
  get here(): ReadonlyMap<string, Here> { return this.sync.presence.here }
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
  now(): number { return this.sync.now() }

  /** mayEdit reports whether this person may change the board just now. */
  mayEdit(): boolean { return this.role.value !== 'viewer' && this.replaying.value === null && this.status.value !== 'closed' }

  /** onChange calls the listener with the ids of items that changed, at most once for each message of the server. */
  onChange(listener: (ids: ReadonlySet<string>) => void): () => void { return listen(this.listeners, listener) }

  /** onHere calls the listener with the ids of people who moved, came or left. */
  onHere(listener: (people: ReadonlySet<string>) => void): () => void { return listen(this.sync.presence.listeners, listener) }

  /** onOps calls the listener with each operation that the server confirms, this person's own too, in order. */
  onOps(listener: (ops: readonly Op[]) => void): () => void { return listen(this.opListeners, listener) }

  // Doing.

  /**
   * do does a command: what is expected of it is seen at once, and it is sent as
   * soon as there is a line. It returns the operation's id; that of the last, when so
   * many notes are put up that it takes several. A refusal is told to
   * the user, and takes back what was expected.
   */
  do<W extends CommandName>(what: W, data: Commands[W]): string {
    const all = what === 'AddNotes' ? inParts(data as Commands['AddNotes'], this.newId()) : [data]
    let id = ''
    for (const part of all) this.sync.do((id = crypto.randomUUID()), what, part, this.mayNot())
    return id
  }

  /** done resolves when the server has done an operation, and rejects with a Refused when it has not. */
  done(opId: string): Promise<void> { return this.sync.done(opId) }

  /** keepDraft keeps what is typed and not sent yet over a reload of the page; null forgets it. */
  keepDraft(client: string, draft: Omit<Draft, 'client' | 'seq'> | null): void {
    if (draft) this.sync.drafts?.put({ ...draft, client, seq: this.seq.peek() })
    else this.sync.drafts?.remove(client)
  }

  undo(): void { this.do('UndoStep', {}) }
  redo(): void { this.do('RedoStep', {}) }

  /** sayHere tells the others what this person is doing; undefined takes a property back. */
  sayHere(change: Said): void { this.sync.presence.say(change) }

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

  /** free is the size of what can be seen of the wall. */
  free(): { w: number; h: number } {
    const { w, h } = this.viewport.peek()
    return { w, h: h - this.covered.peek() }
  }

  /** middle returns the point in the middle of what is seen. */
  middle(): Point {
    const { x, y, zoom } = this.camera.peek()
    const { w, h } = this.free()
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
    const { w, h } = this.free()
    this.camera.value = { x: n.x + n.w / 2 - w / 2 / z, y: n.y + n.h / 2 - h / 2 / z, zoom: z }
  }

  /** tell tells the user something. Errors stay until they are put away. */
  tell(text: string, kind: Notice['kind'] = 'info'): void { this.told.tell(text, kind) }

  /** hush puts a notice away. */
  hush(id: number): void { this.told.hush(id) }

  /** holdNotice keeps a notice while it is pointed at or has the focus, and lets its time begin again after it. */
  holdNotice(id: number, held: boolean): void {
    if (held) this.told.hold(id)
    else this.told.release(id)
  }

  // Replay.

  /** startReplay fetches the history and shows its last step. It resolves with all operations. */
  async startReplay(): Promise<readonly Op[]> {
    const ops = await historyAfter(this.outside, this.id, 0)
    this.replay = new Replay(ops)
    this.showAt(ops.at(-1)?.seq ?? 0)
    return ops
  }

  /** showAt shows the board as it was after an operation; startReplay comes first. */
  showAt(seq: number): void {
    if (!this.replay) return
    const first = this.replaying.peek() === null
    const ids = this.replay.seek(seq)
    if (first) for (const id of this.sync.layers.shown.all.keys()) ids.add(id)
    batch(() => {
      this.replaying.value = seq
      this.editing.value = null
      this.changed(ids)
    })
  }

  /** stopReplay shows the board as it is. */
  stopReplay(): void {
    if (!this.replay) return
    const ids = new Set([...this.replay.items.all.keys(), ...this.sync.layers.shown.all.keys()])
    this.replay = null
    batch(() => {
      this.replaying.value = null
      this.changed(ids)
    })
  }

  // Life.

  /** start fetches the board and connects. It rejects when the board cannot be had at all. */
  start(): Promise<void> { return this.sync.start() }

  stop(): void { this.sync.stop() }

  /** wake looks at once whether the line still stands. */
  wake(): void { this.sync.connection.wake() }

  private get items(): Items { return this.replay?.items ?? this.sync.layers.shown }

  /** mayNot says why this person may change nothing just now. */
  private mayNot(): string | undefined {
    if (this.replaying.peek() !== null) return 'The board is being replayed. Leave the replay to change it.'
    if (this.status.peek() === 'closed') return 'The board is closed.'
    if (this.role.peek() === 'viewer') return 'You are here to look: ask the facilitator for an invitation as a participant.'
    return undefined
  }

  private changed(ids: ReadonlySet<string>): void {
    this.version.value++
    this.sync.meAgain()
    const selection = this.selection.peek()
    if ([...selection].some((id) => ids.has(id) && !this.item(id))) this.select(selection)
    const editing = this.editing.peek()
    if (editing !== null && ids.has(editing) && !this.item(editing)) this.editing.value = null
    for (const l of this.listeners) l(ids)
  }
}

function listen<T>(set: Set<T>, listener: T): () => void {
  set.add(listener)
  return () => void set.delete(listener)
}
