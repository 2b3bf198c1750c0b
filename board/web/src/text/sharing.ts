import { ChangeSet, Text } from '@codemirror/state'
import { Refused } from '../model/answers'
import type { TextChanges, FileEdit } from '../model/types'

/** What a shared text needs of its surroundings. */
export interface Road {
  /** Sends an edit that was made at a version; resolves when it was accepted and rejects when it was refused. */
  send(version: number, changes: TextChanges, client: string): Promise<void>
  /** Shows changes of others in the editor. */
  show(changes: ChangeSet): void
  /** The server's text as the page has it now. */
  look(): { text: string; version: number } | undefined
  /** Tells that an edit of this editor was refused for another reason than its version, and was taken back. */
  refused(error: unknown): void
  /** Keeps what is not sent yet, over the edit that is on its way; null when there is nothing. */
  keep(draft: { version: number; flight: TextChanges | null; changes: TextChanges } | null): void
}

/**
 * Sharing keeps a text that several people edit in step with the server, which
 * orders the edits. At most one edit is on its way; what is typed meanwhile is
 * put together into one, so that a text costs few operations however fast
 * somebody types (that is why this is not @codemirror/collab, which sends every
 * keystroke as an update of its own). Edits of others are mapped over what the
 * server has not confirmed. An edit that came too late is rebased on what came
 * and sent again.
 */
export class Sharing {
  /** The confirmed text and its version. */
  private base: Text
  private flight: ChangeSet | null = null
  private waiting: ChangeSet | null = null
  /** Counts flights, so that the answer to one that was given up is not taken for another's. */
  private turn = 0
  /** The version that the flight was made at, and that of a flight that came too late: nothing is sent before a newer one came. */
  private sentAt = -1
  private stale = -1
  private later: { text: Text; version: number } | null = null

  constructor(
    text: string,
    private version: number,
    readonly client: string,
    private readonly road: Road,
  ) {
    this.base = Text.of(text.split('\n'))
  }

  /** The version of the server's text that this one stands on. */
  get confirmed(): number {
    return this.version
  }

  /** Whether an edit is on its way. */
  get flying(): boolean {
    return this.flight !== null
  }

  /** Whether everything typed is confirmed. */
  get idle(): boolean {
    return !this.flight && !this.waiting
  }

  /** The changes that the server has not confirmed yet, or null. */
  get unconfirmed(): ChangeSet | null {
    return join(this.flight, this.waiting)
  }

  /** Takes up what was typed here. push sends it. */
  typed(changes: ChangeSet): void {
    this.waiting = join(this.waiting, changes)
    this.keep()
  }

  /** Keeps what is waiting, as it stands now. */
  private keep(): void {
    this.road.keep(this.waiting && {
      version: this.version,
      flight: this.flight && (this.flight.toJSON() as TextChanges),
      changes: this.waiting.toJSON() as TextChanges,
    })
  }

  /** Sends what is waiting, unless an edit is on its way already. */
  push(): void {
    if (this.flight || !this.waiting || this.stale >= this.version) return
    const turn = ++this.turn
    this.flight = this.waiting
    this.waiting = null
    this.sentAt = this.version
    this.road.send(this.version, this.flight.toJSON() as TextChanges, this.client).then(
      () => this.accepted(turn),
      (error: unknown) => this.rejected(turn, error),
    )
    this.keep() // only now: the flight is kept by whoever sends it
  }

  /** Takes in an edit that the server has ordered, one's own included. */
  receive(edit: FileEdit): void {
    if (edit.version <= this.version) return
    const changes = ChangeSet.fromJSON(edit.changes)
    this.version = edit.version
    this.base = changes.apply(this.base)
    if (edit.client === this.client) {
      this.flight = null
      this.turn++
    } else {
      this.others(changes)
    }
    this.keep()
    this.push()
  }

  /** Takes in the server's text as it stands after edits that were not seen: after a reload. */
  restart(text: string, version: number): void {
    if (version <= this.version) return
    const now = Text.of(text.split('\n'))
    if (this.flight) this.later = { text: now, version }
    else this.jump(now, version)
  }

  private jump(text: Text, version: number): void {
    const changes = difference(this.base, text)
    this.base = text
    this.version = version
    if (!changes.empty) this.others(changes)
    this.keep()
    this.push()
  }

  /** Moves what is unconfirmed over changes of others, and shows those. */
  private others(changes: ChangeSet): void {
    let shown = changes
    if (this.flight) {
      const flight = this.flight.map(shown)
      shown = shown.map(this.flight, true)
      this.flight = flight
    }
    if (this.waiting) {
      const waiting = this.waiting.map(shown)
      shown = shown.map(this.waiting, true)
      this.waiting = waiting
    }
    this.road.show(shown)
  }

  /**
   * The server has the flight. Its edit comes by receive before this, except when
   * a reload jumped over it: then the server's text holds it.
   */
  private accepted(turn: number): void {
    if (turn !== this.turn || !this.flight) return
    this.base = this.flight.apply(this.base)
    this.flight = null
    this.catchUp(this.road.look())
  }

  private catchUp(now: { text: string; version: number } | undefined): void {
    const later = this.later
    this.later = null
    if (now && now.version >= (later?.version ?? 0)) this.jump(Text.of(now.text.split('\n')), now.version)
    else if (later) this.jump(later.text, later.version)
    else this.push()
  }

  private rejected(turn: number, error: unknown): void {
    if (turn !== this.turn || !this.flight) return
    if (isStale(error)) {
      this.waiting = join(this.flight, this.waiting)
      this.flight = null
      this.stale = this.sentAt
    } else {
      this.takeBack(error)
    }
    this.keep()
    if (this.later) this.catchUp(undefined)
    else this.push()
  }

  private takeBack(error: unknown): void {
    const flight = this.flight!
    const back = flight.invert(this.base)
    this.flight = null
    if (this.waiting) {
      const shown = back.map(this.waiting)
      this.waiting = this.waiting.map(back, true)
      this.road.show(shown)
    } else {
      this.road.show(back)
    }
    this.road.refused(error)
  }
}

function join(a: ChangeSet | null, b: ChangeSet | null): ChangeSet | null {
  return a && b ? a.compose(b) : (a ?? b)
}

/** Whether an edit was refused only since others edited the text first. */
export function isStale(error: unknown): boolean {
  return error instanceof Refused && error.code === 'stale'
}

/** One change from a text to another: what is alike at both ends stays. */
export function difference(from: Text, to: Text): ChangeSet {
  const a = from.toString()
  const b = to.toString()
  let head = 0
  const most = Math.min(a.length, b.length)
  while (head < most && a.charCodeAt(head) === b.charCodeAt(head)) head++
  let tail = 0
  while (tail < most - head && a.charCodeAt(a.length - 1 - tail) === b.charCodeAt(b.length - 1 - tail)) tail++
  return ChangeSet.of({ from: head, to: a.length - tail, insert: Text.of(b.slice(head, b.length - tail).split('\n')) }, a.length)
}
