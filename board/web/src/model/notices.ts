import { signal, type Signal } from '@preact/signals'

/** Notice is something that the user is told, aloud too. */
export interface Notice { id: number; kind: 'info' | 'error'; text: string }

const most = 4
const shown = 6_000 // ms that what is no error is shown

/** Notices is what the user is told at the moment, the newest last. */
export class Notices {
  readonly list: Signal<Notice[]> = signal<Notice[]>([])
  private readonly timers = new Map<number, ReturnType<typeof setTimeout>>()
  private readonly held = new Set<number>()
  private last = 0

  /**
   * tell tells something. What stands there already is not said twice, but stays
   * for as long as if it were new. Errors stay until they are put away.
   */
  tell(text: string, kind: Notice['kind']): void {
    const old = this.list.peek()
    const again = old.find((n) => n.text === text)
    if (again) return this.expire(again)
    const notice = { id: ++this.last, kind, text }
    this.list.value = [...old.slice(1 - most), notice]
    for (const n of old.slice(0, 1 - most)) this.forget(n.id)
    this.expire(notice)
  }

  /** hold keeps a notice while somebody is about to read or use it; release lets its time begin again. */
  hold(id: number): void {
    this.held.add(id)
    clearTimeout(this.timers.get(id))
  }

  release(id: number): void {
    this.held.delete(id)
    const n = this.list.peek().find((n) => n.id === id)
    if (n) this.expire(n)
  }

  /** hush puts a notice away. */
  hush(id: number): void {
    this.forget(id)
    this.list.value = this.list.peek().filter((n) => n.id !== id)
  }

  private expire(n: Notice): void {
    clearTimeout(this.timers.get(n.id))
    if (n.kind === 'info' && !this.held.has(n.id)) this.timers.set(n.id, setTimeout(() => this.hush(n.id), shown))
  }

  private forget(id: number): void {
    clearTimeout(this.timers.get(id))
    this.timers.delete(id)
    this.held.delete(id)
  }
}
