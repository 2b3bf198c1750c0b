import type { ClientMessage, ServerMessage } from '../wire/protocol'

/** Socket is what the connection needs of a WebSocket. */
export interface Socket {
  send(text: string): void
  close(): void
  onopen: (() => void) | null
  onmessage: ((text: string) => void) | null
  onclose: (() => void) | null
}

export interface ConnectionOptions {
  /** dial opens a socket that tells all after seq since */
  dial: (since: number) => Socket
  /** since says what has been seen */
  since: () => number
  /** receive is given each message of the socket that is open now */
  receive: (message: ServerMessage) => void
  /** up and down are told when a socket can be written to and when it no longer can */
  down: () => void
  /** failing is asked after several failures on end whether there is a point in going on */
  failing?: () => Promise<boolean>
  random?: () => number
}

const firstDelay = 250
const longestDelay = 10_000
const quiet = 15_000 // after so long without a word from the server it is asked
const patience = 6_000 // and given so long for an answer
const wakingPatience = 1_500
const dialing = 10_000 // a socket that has not been welcomed by then is given up

/**
 * Connection keeps one socket open: it dials again after a loss, waiting longer
 * from time to time and by a random part, so that not everybody comes back in the
 * same moment; and it notices a line that is dead without having been closed,
 * as after a sleep of the machine.
 */
export class Connection {
  private socket: Socket | null = null
  private failures = 0
  private retry: ReturnType<typeof setTimeout> | undefined
  private watch: ReturnType<typeof setInterval> | undefined
  private heardAt = 0
  private askedAt = 0
  private openedAt = 0
  private beat = 0
  private patience = patience
  private welcomed = false
  private stopped = false

  constructor(private readonly options: ConnectionOptions) {}

  /** start opens the connection and keeps it open until stop. */
  start(): void {
    this.stopped = false
    this.beat = Date.now()
    this.watch ??= setInterval(() => this.look(), 1000)
    this.dial()
  }

  stop(): void {
    this.stopped = true
    clearInterval(this.watch)
    this.watch = undefined
    this.drop()
    clearTimeout(this.retry)
  }

  /** send writes a message and reports whether there was a socket to write to. */
  send(message: ClientMessage): boolean {
    if (!this.socket || !this.welcomed) return false
    this.socket.send(JSON.stringify(message))
    return true
  }

  get live(): boolean {
    return this.welcomed
  }

  /** again drops the socket and dials at once. */
  again(): void {
    if (this.stopped) return
    this.drop()
    this.failures = 0
    this.dial()
  }

  /** wake is called when there is a reason to believe that the machine slept or the line changed. */
  wake(): void {
    if (this.stopped) return
    if (!this.socket) return this.again()
    if (!this.welcomed) {
      if (Date.now() - this.openedAt > wakingPatience) this.again()
      return
    }
    this.ask(wakingPatience)
  }

  private dial(): void {
    clearTimeout(this.retry)
    if (this.stopped || this.socket) return
    this.welcomed = false
    this.openedAt = Date.now()
    let socket: Socket
    try {
      socket = this.options.dial(this.options.since())
    } catch {
      this.lost()
      return
    }
    this.socket = socket
    socket.onmessage = (text) => {
      if (this.socket === socket) this.receive(text)
    }
    socket.onclose = () => {
      if (this.socket !== socket) return
      this.socket = null
      this.lost()
    }
  }

  private receive(text: string): void {
    this.heardAt = Date.now()
    this.askedAt = 0
    let message: ServerMessage
    try {
      message = JSON.parse(text) as ServerMessage
    } catch {
      this.again() // what is not the protocol is not our server
      return
    }
    if (message.t === 'pong') return
    if (message.t === 'welcome') {
      this.welcomed = true
      this.failures = 0
    }
    this.options.receive(message)
  }

  /** drop forgets the socket; whatever it still says is not heard. */
  private drop(): void {
    const socket = this.socket
    this.socket = null
    if (!socket) return
    socket.onmessage = socket.onclose = socket.onopen = null
    socket.close()
    if (this.welcomed) {
      this.welcomed = false
      this.options.down()
    }
  }

  private lost(): void {
    if (this.welcomed) {
      this.welcomed = false
      this.options.down()
    }
    if (this.stopped) return
    const random = this.options.random ?? Math.random
    const delay = Math.min(longestDelay, firstDelay * 2 ** this.failures) * (0.5 + random() / 2)
    this.failures++
    clearTimeout(this.retry)
    this.retry = setTimeout(() => void this.dialAgain(), delay)
  }

  private async dialAgain(): Promise<void> {
    if (this.failures > 2 && this.options.failing && !(await this.options.failing())) return
    this.dial()
  }

  private ask(within: number): void {
    this.patience = within
    this.askedAt = Date.now()
    this.send({ t: 'ping' })
  }

  /** look is called every second; when it was not, the machine slept. */
  private look(): void {
    const now = Date.now()
    const slept = now - this.beat > 5000
    this.beat = now
    if (slept) return this.wake()
    if (!this.socket) return
    if (!this.welcomed) {
      if (now - this.openedAt > dialing) {
        this.drop()
        this.lost()
      }
      return
    }
    if (this.askedAt > 0 ? now - this.askedAt > this.patience : false) return this.again()
    if (this.askedAt === 0 && now - this.heardAt > quiet) this.ask(patience)
  }
}

/** browserSocket opens a WebSocket of the browser. */
export function browserSocket(url: string): Socket {
  const ws = new WebSocket(url)
  const socket: Socket = {
    send: (text) => ws.send(text),
    close: () => ws.close(),
    onopen: null, onmessage: null, onclose: null,
  }
  ws.onopen = () => socket.onopen?.()
  ws.onmessage = (e) => socket.onmessage?.(String(e.data))
  ws.onclose = () => socket.onclose?.()
  return socket
}
