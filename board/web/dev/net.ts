import type { Socket } from '../src/model/connection.ts'
import type { ClientMessage, ServerMessage } from '../src/wire/protocol.ts'
import type { CommandName, Commands, Op, State } from '../src/model/types.ts'
import { list, StandInBoard } from './board.ts'

// A server and the lines to it, which drop, hang and deliver late. Messages of one
// line keep their order, as those of a WebSocket do; those that were on their way
// to the server when a line broke may still arrive, after those of the next line.

/** Chance gives numbers from 0 up to 1. */
export type Chance = () => number

export class Net {
  readonly board = new StandInBoard('board', 'A board')
  private readonly lines = new Set<Line>()
  /** how many messages reached the server more than once */
  doubled = 0
  private isDown = false

  constructor(readonly chance: Chance) {}

  /** down says whether the server is away; every line breaks when it goes. */
  get down(): boolean { return this.isDown }

  set down(down: boolean) {
    this.isDown = down
    if (down) for (const l of this.lines) l.cut()
  }

  state(): Promise<State> {
    const state = { seq: this.board.seq, items: structuredClone(list(this.board)) }
    return this.later(() => {
      if (this.down) throw new Error('no answer')
      return state
    })
  }

  history(after: number, max: number): Promise<{ ops: Op[]; seq: number; head: number }> {
    return this.later(() => {
      if (this.down) throw new Error('no answer')
      const ops = this.board.ops.slice(after, after + max)
      return { ops, seq: after + ops.length, head: this.board.seq }
    })
  }

  private later<T>(value: () => T): Promise<T> {
    return new Promise((yes, no) => {
      setTimeout(() => {
        try {
          yes(value())
        } catch (why) {
          no(why instanceof Error ? why : new Error(String(why)))
        }
      }, 5 + this.chance() * 200)
    })
  }

  dial(person: string, since: number): Socket {
    const line = new Line(this, person, since)
    this.lines.add(line)
    return line
  }

  of(person: string): Line[] {
    return [...this.lines].filter((l) => l.person === person)
  }

  hangup(line: Line): void {
    this.lines.delete(line)
  }

  /** tell sends what has happened to every line, as ticks do. */
  tell(): void {
    for (const l of this.lines) l.tick()
  }
}

export class Line implements Socket {
  onopen: (() => void) | null = null
  onmessage: ((text: string) => void) | null = null
  onclose: (() => void) | null = null
  private seen: number
  private dead = false
  private hung = false
  private upAt = 0
  private downAt = 0

  constructor(private readonly net: Net, readonly person: string, since: number) {
    this.seen = since
    setTimeout(() => {
      if (net.down) return this.cut()
      this.say({ t: 'welcome', you: person, role: 'participant', seq: net.board.seq, people: [], now: Date.now() })
      this.tick()
    }, 5 + net.chance() * 100)
  }

  send(text: string): void {
    if (this.dead) return
    const m = JSON.parse(text) as ClientMessage
    const times = this.net.chance() < 0.1 ? 2 : 1
    if (times > 1) this.net.doubled++
    this.upAt = Math.max(this.upAt, Date.now() + this.net.chance() * 80)
    setTimeout(() => {
      if (this.hung) return
      for (let i = 0; i < times; i++) this.hear(m)
    }, this.upAt - Date.now())
  }

  private hear(m: ClientMessage): void {
    if (m.t === 'ping') return this.say({ t: 'pong' })
    if (m.t !== 'do') return
    if (this.net.chance() < 0.03) return this.say({ t: 'no', id: m.id, code: 'toofast', message: 'Slower.' })
    const a = this.net.board.do(m.id, m.what as CommandName, m.data as Commands[CommandName], this.person)
    if ('no' in a) this.say({ t: 'no', id: m.id, code: a.code, message: a.no })
    else if ('done' in a) this.say({ t: 'done', id: m.id, seq: a.done })
    if (this.net.chance() < 0.6) this.net.tell()
  }

  tick(): void {
    if (this.dead) return
    const ops = this.net.board.ops.slice(this.seen)
    // A server may tell again what it has told already.
    if (ops.length === 0) return
    const from = this.net.chance() < 0.2 ? Math.max(0, this.seen - 2) : this.seen
    this.say({ t: 'tick', seq: this.net.board.seq, ops: this.net.board.ops.slice(from) as never })
    this.seen = this.net.board.seq
  }

  reload(): void {
    this.say({ t: 'reload' })
    setTimeout(() => this.cut(), 300)
  }

  say(m: ServerMessage): void {
    if (this.dead) return
    const text = JSON.stringify(m)
    this.downAt = Math.max(this.downAt, Date.now() + this.net.chance() * 80)
    setTimeout(() => {
      if (!this.dead && !this.hung) this.onmessage?.(text)
    }, this.downAt - Date.now())
  }

  /** cut breaks the line, and both ends know. */
  cut(): void {
    if (this.dead) return
    this.close()
    this.onclose?.()
  }

  /** hang breaks the line so that nobody is told. */
  hang(): void {
    this.hung = true
  }

  close(): void {
    this.dead = true
    this.net.hangup(this)
  }
}
