import type { Here, HereNow } from './types'

const every = 50 // ms between two messages: 20 a second
const mostSelected = 200

const ends: HereNow = { select: [], editing: '', draft: '', drag: { ids: [], dx: 0, dy: 0 } }

/** Said is a change of what this person is doing; undefined ends something. */
export type Said = { [K in keyof HereNow]?: HereNow[K] | undefined }

/**
 * Presence says what this person is doing, at most twenty times a second, and
 * keeps what the others do. Nothing of it is durable. Only what has changed goes
 * over the line.
 */
export class Presence {
  /** others by their person ids */
  readonly here = new Map<string, Here>()
  private mine: HereNow = {}
  private said: Record<string, string> = {}
  private saidAt = 0
  private timer: ReturnType<typeof setTimeout> | undefined

  /** send reports whether there was a line. */
  constructor(private readonly send: (here: HereNow) => boolean) {}

  say(change: Said): void {
    const next = { ...this.mine }
    for (const [key, value] of Object.entries(change)) {
      Object.assign(next, { [key]: value ?? ends[key as keyof HereNow] })
    }
    if (next.x !== undefined) next.x = Math.round(next.x)
    if (next.y !== undefined) next.y = Math.round(next.y)
    if (next.select && next.select.length > mostSelected) next.select = next.select.slice(0, mostSelected)
    if (next.drag) {
      const { ids, dx, dy } = next.drag
      next.drag = { ids: ids.slice(0, mostSelected), dx: Math.round(dx), dy: Math.round(dy) }
    }
    this.mine = next
    this.soon()
  }

  /** hear keeps what another person has changed of what they do. */
  hear(h: Here): void {
    this.here.set(h.p, { ...this.here.get(h.p), ...h })
  }

  /** again tells all of it once more, on a new line. */
  again(): void {
    this.said = {}
    this.soon()
  }

  stop(): void {
    clearTimeout(this.timer)
    this.timer = undefined
  }

  private soon(): void {
    if (this.timer !== undefined) return
    const wait = Math.max(0, this.saidAt + every - Date.now())
    if (wait === 0) return this.out()
    this.timer = setTimeout(() => this.out(), wait)
  }

  private out(): void {
    this.stop()
    const now: Record<string, string> = {}
    const news: Record<string, unknown> = {}
    for (const [key, value] of Object.entries(this.mine)) {
      now[key] = JSON.stringify(value)
      if (now[key] !== this.said[key]) news[key] = value
    }
    if (Object.keys(news).length === 0 || !this.send(news)) return
    this.said = now
    this.saidAt = Date.now()
  }
}
