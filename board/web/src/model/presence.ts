import { signal, type Signal } from '@preact/signals'
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
  /** the ids of those who are online, this person too */
  readonly online: Signal<ReadonlySet<string>> = signal<ReadonlySet<string>>(new Set())
  readonly listeners = new Set<(people: ReadonlySet<string>) => void>()
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

  /** welcome begins anew on a new line: these are here, and you are this person. */
  welcome(you: string, people: readonly Here[]): void {
    this.here.clear()
    this.online.value = new Set([you])
    this.hear(you, people, [])
    this.again()
  }

  /** hear keeps what others have changed of what they do, and who has left. */
  hear(you: string, here: readonly Here[], gone: readonly string[]): void {
    if (here.length === 0 && gone.length === 0) return
    const moved = new Set<string>(gone)
    for (const h of here) {
      if (h.p === you) continue
      this.here.set(h.p, { ...this.here.get(h.p), ...h })
      moved.add(h.p)
    }
    for (const p of gone) this.here.delete(p)
    if (gone.length > 0 || here.some((h) => !this.online.peek().has(h.p))) this.online.value = new Set([you, ...this.here.keys()])
    for (const l of this.listeners) l(moved)
  }

  /** alone is called when the line is gone: nothing is known of the others. */
  alone(you: string): void {
    const left = new Set(this.here.keys())
    this.here.clear()
    this.online.value = new Set([you])
    for (const l of this.listeners) l(left)
  }

  /** again tells all of it once more, on a new line. */
  private again(): void {
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
