import { effect } from '@preact/signals'
import { kindOf, turnOf } from '../model/kinds'
import type { Note } from '../model/types'
import { toScreen } from './camera'
import { next } from './edits'
import { lineHeight } from './fit'
import { titleHeight, underLinks } from './scene'
import type { Stage } from './stage'
import { font, fontOf, pad } from './type'

const quiet = 400 // ms without a key after which what was typed is kept

/**
 * Writing is the field over the note that is being written on: the same letters
 * in the same places, so that nothing jumps when it opens or closes. While
 * somebody types the others see the draft; what the board keeps is sent when the
 * keys have been still for a moment, and at the end.
 */
export class Writing {
  private id: string | undefined
  private gesture = ''
  private fresh = false
  /** the text that the board was last told, or that it told us */
  private known = ''
  private timer: ReturnType<typeof setTimeout> | undefined
  private readonly undoers: (() => void)[] = []

  constructor(
    private readonly s: Stage,
    private readonly field: HTMLTextAreaElement,
    private readonly wall: HTMLElement,
  ) {
    const stop = new AbortController()
    field.addEventListener('input', () => this.typed(), { signal: stop.signal })
    field.addEventListener('keydown', (e) => this.key(e), { signal: stop.signal })
    field.addEventListener('blur', () => this.blurred(), { signal: stop.signal })
    this.undoers.push(
      () => stop.abort(),
      effect(() => this.turn(s.model.editing.value)),
      effect(() => void [s.model.camera.value, s.model.viewport.value, this.lay()]),
      s.model.onChange((ids) => this.changed(ids)),
      s.model.onHere(() => this.overheard()),
    )
  }

  stop(): void {
    this.close()
    for (const undo of this.undoers) undo()
  }

  /** turn opens or closes the field as the model says which note is edited. */
  private turn(id: string | null): void {
    if (id === (this.id ?? null)) return
    this.close()
    const n = id === null ? undefined : this.s.model.note(id)
    if (!n) return
    this.id = n.id
    this.fresh = this.s.gesture !== undefined || (n.text === '' && n.by === this.s.model.me.peek()?.id)
    this.gesture = this.s.gesture ?? this.s.model.newId()
    this.s.gesture = undefined
    this.known = n.text
    this.field.value = n.text
    this.field.hidden = false
    this.field.setAttribute('aria-label', `Text of the ${kindOf(n.kind).name.toLowerCase()}`)
    this.lay()
    this.field.focus({ preventScroll: true })
    this.field.select()
    this.s.model.sayHere({ editing: n.id, draft: undefined })
    this.s.touch()
  }

  private close(): void {
    const id = this.id
    if (id === undefined) return
    this.keep()
    this.id = undefined
    this.field.hidden = true
    this.s.model.sayHere({ editing: undefined, draft: undefined })
    const n = this.s.model.note(id)
    // A note that was made and left empty was not meant.
    if (n && this.fresh && this.field.value.trim() === '' && !underLinks(n.kind)) this.s.model.do('RemoveNotes', { ids: [id] })
    if (document.activeElement === this.field || document.activeElement === document.body) this.wall.focus({ preventScroll: true })
    this.s.touch()
  }

  private typed(): void {
    this.lay()
    this.s.model.sayHere({ draft: this.field.value })
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.keep(), quiet)
  }

  /** keep tells the board what is written. */
  private keep(): void {
    clearTimeout(this.timer)
    const n = this.id === undefined ? undefined : this.s.model.note(this.id)
    const text = this.field.value.trim()
    if (!n || text === this.known.trim() || !this.s.model.mayEdit()) return
    this.known = text
    this.s.model.do('RewriteNote', { id: n.id, text, gesture: this.gesture })
  }

  /** changed takes over what another wrote, unless something was typed here since. */
  private changed(ids: ReadonlySet<string>): void {
    if (this.id === undefined || !ids.has(this.id)) return
    const n = this.s.model.note(this.id)
    if (!n) return this.s.endWriting()
    this.takeOver(n.text)
  }

  /** overheard shows what another is typing on the same note, as long as nothing is typed here. */
  private overheard(): void {
    const draft = this.id === undefined ? undefined : this.s.others.drafts.get(this.id)
    if (draft !== undefined) this.takeOver(draft)
  }

  private takeOver(text: string): void {
    if (text !== this.known && this.field.value.trim() === this.known.trim()) {
      const all = this.field.selectionStart === 0 && this.field.selectionEnd === this.field.value.length
      const [from, to] = [this.field.selectionStart, all ? text.length : this.field.selectionEnd]
      this.field.value = text
      this.field.setSelectionRange(Math.min(from, text.length), Math.min(to, text.length))
      this.known = text
    }
    this.lay()
  }

  private blurred(): void {
    // The field loses the keys to a panel, or to another window; in the latter case it stays open.
    if (this.id !== undefined && document.hasFocus()) this.s.endWriting()
  }

  private key(e: KeyboardEvent): void {
    if (e.isComposing) return
    const n = this.id === undefined ? undefined : this.s.model.note(this.id)
    if (!n) return
    if (e.key === 'Escape' || (e.key === 'Enter' && !e.shiftKey)) {
      e.preventDefault()
      e.stopPropagation()
      this.s.endWriting()
      if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) this.goOn(n)
    } else if (e.key === 'Tab') {
      e.preventDefault()
      e.stopPropagation()
      this.s.endWriting()
      if (!e.shiftKey) this.goOn(n)
    }
  }

  /** goOn makes the note that comes next and writes on it. */
  private goOn(n: Note): void {
    const after = this.s.model.note(n.id)
    if (!after || !this.s.model.mayEdit()) return
    const gesture = this.s.model.newId()
    const id = next(this.s.model, this.s.scene, after, gesture)
    this.s.model.select([id])
    this.s.write(id, gesture)
  }

  /** lay puts the field over its note, with letters of the size that the text has there. */
  private lay(): void {
    const n = this.id === undefined ? undefined : this.s.model.note(this.id)
    if (!n) return
    if (underLinks(n.kind)) this.layTitle(n)
    else this.layPaper(n)
  }

  private layPaper(n: Note): void {
    const c = this.s.camera
    const at = toScreen(c, n)
    const text = this.s.letters.drafted(n.kind, this.field.value, n.w, n.h)
    const inner = n.kind === 'text' ? 2 : n.kind === 'actor' ? 5 : pad
    const lines = text.lines.length * text.size * lineHeight
    // Letters smaller than this cannot be written; the field then grows over its note.
    const scale = Math.max(c.zoom, 11 / text.size)
    const style = this.field.style
    this.put(at.x + (n.w * c.zoom) / 2, at.y + (n.h * c.zoom) / 2, n.w, n.h, scale, turnOf(n.kind, n.id))
    style.font = fontOf(text.size, kindOf(n.kind).bold === true)
    style.lineHeight = String(lineHeight)
    style.textAlign = n.kind === 'text' ? 'left' : 'center'
    style.padding = `${Math.max(0, (n.h - lines) / 2)}px ${inner - 1}px 0`
    this.field.dataset['kind'] = n.kind === 'text' || scale > c.zoom * 1.05 ? 'plate' : 'paper'
    style.overflowY = text.all ? 'hidden' : 'auto'
  }

  private layTitle(n: Note): void {
    const c = this.s.camera
    const at = toScreen(c, n)
    const scale = Math.max(c.zoom, 0.75)
    const w = Math.max(160, Math.min(n.w - 20, 420))
    const style = this.field.style
    this.put(at.x + (n.kind === 'line' ? 0 : (w / 2 + 8) * scale), at.y + (titleHeight / 2 + 1) * scale, w, 28, scale, 0)
    style.font = `600 17px ${font}`
    style.lineHeight = '28px'
    style.textAlign = n.kind === 'line' ? 'center' : 'left'
    style.padding = '0 6px'
    style.overflowY = 'hidden'
    this.field.dataset['kind'] = 'plate'
  }

  private put(x: number, y: number, w: number, h: number, scale: number, turn: number): void {
    const style = this.field.style
    style.width = `${w}px`
    style.height = `${h}px`
    style.transform = `translate(${x - w / 2}px, ${y - h / 2}px) scale(${scale}) rotate(${turn}deg)`
  }
}
