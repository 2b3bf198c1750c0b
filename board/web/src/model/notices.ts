import { signal, type Signal } from '@preact/signals'

/** Notice is something that the user is told, aloud too. */
export interface Notice { id: number; kind: 'info' | 'error'; text: string }

const most = 4
const shown = 6_000 // ms that what is no error is shown

/** Notices is what the user is told at the moment, the newest last. */
export class Notices {
  readonly list: Signal<Notice[]> = signal<Notice[]>([])
  private last = 0

  /** tell tells something, unless it stands there already. Errors stay until they are put away. */
  tell(text: string, kind: Notice['kind']): void {
    const old = this.list.peek()
    if (old.some((n) => n.text === text)) return
    const id = ++this.last
    this.list.value = [...old.slice(1 - most), { id, kind, text }]
    if (kind === 'info') setTimeout(() => this.hush(id), shown)
  }

  /** hush puts a notice away. */
  hush(id: number): void {
    this.list.value = this.list.peek().filter((n) => n.id !== id)
  }
}
