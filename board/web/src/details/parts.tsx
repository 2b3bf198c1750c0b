import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Signal } from '@preact/signals'
import type { BoardModel } from '../model/board'
import { goTo } from '../find/going'
import { kindOf } from '../model/kinds'
import type { Note, NoteKind, Person, Problem } from '../model/types'
import { theme } from '../shell'
import './parts.css'

/** Swatch is a small paper in the colour of a kind. */
export function Swatch({ kind }: { kind: NoteKind }) {
  const ref = useRef<HTMLSpanElement>(null)
  const paper = kindOf(kind).paper[theme.value]
  useEffect(() => ref.current?.style.setProperty('--paper', paper), [paper])
  return <span ref={ref} class={`swatch swatch-${kind}`} aria-hidden="true" />
}

/** titleOf is what a note is called where there is room for a line. */
export function titleOf(note: Note): string {
  return note.text.replace(/\s+/g, ' ').trim() || `${kindOf(note.kind).name} without text`
}

/** NoteButton names a note, and shows it on the wall when it is pressed. */
export function NoteButton({ model, note, more, onPress }: { model: BoardModel; note: Note; more?: ComponentChildren; onPress?: () => void }) {
  return (
    <button type="button" class="note-button" onClick={() => (onPress ? onPress() : goTo(model, note.id))}>
      <Swatch kind={note.kind} />
      <span class="note-title">{titleOf(note)}</span>
      <span class="sr-only">, {kindOf(note.kind).name.toLowerCase()}</span>
      {more}
    </button>
  )
}

/** Dot is the colour of a person. */
export function Dot({ person }: { person: Person | undefined }) {
  const ref = useRef<HTMLSpanElement>(null)
  const color = person?.color ?? ''
  useEffect(() => ref.current?.style.setProperty('--person', color || 'var(--quiet)'), [color])
  return <span ref={ref} class="dot" aria-hidden="true" />
}

/** nameOf is what a person is called. */
export function nameOf(model: BoardModel, id: string): string {
  if (id === '') return 'The board'
  if (id === model.me.value?.id) return 'You'
  return model.people().get(id)?.name ?? 'Somebody'
}

/** whenOf tells when something was, as people say it on the same day. */
export function whenOf(at: number, now: number): string {
  if (at <= 0) return ''
  const minutes = Math.floor((now - at) / 60_000)
  if (minutes < 1) return 'just now'
  if (minutes < 60) return `${minutes} min ago`
  const date = new Date(at)
  const time = date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
  return new Date(now).toDateString() === date.toDateString() ? time : `${date.toLocaleDateString([], { day: 'numeric', month: 'short' })}, ${time}`
}

/**
 * useSlow gives the value of a signal, at most once in so many milliseconds:
 * lists over the whole board need not be made anew thirty times a second. Note
 * that a component that reads any signal is not drawn anew with its parent while
 * its properties stay the same: what reads the board listens for itself.
 */
export function useSlow<T>(source: Signal<T>, every = 200): T {
  const [value, set] = useState(source.peek())
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let last = 0
    const stop = source.subscribe((v) => {
      const wait = last + every - Date.now()
      clearTimeout(timer)
      timer = undefined
      if (wait > 0) {
        timer = setTimeout(() => {
          last = Date.now()
          set(() => source.peek())
        }, wait)
      } else {
        last = Date.now()
        set(() => v)
      }
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [source, every])
  return value
}

/** useLoaded loads something from the server, again when a dependency changes. again loads it at will. */
export function useLoaded<T>(load: () => Promise<T>, deps: unknown[]): { value: T | undefined; error: string; busy: boolean; again: () => void } {
  const [state, set] = useState<{ value: T | undefined; error: string; busy: boolean }>({ value: undefined, error: '', busy: true })
  const [turn, next] = useState(0)
  useEffect(() => {
    let dropped = false
    set((s) => ({ ...s, busy: true }))
    load().then(
      (value) => { if (!dropped) set({ value, error: '', busy: false }) },
      (error: unknown) => { if (!dropped) set((s) => ({ ...s, error: error instanceof Error ? error.message : String(error), busy: false })) },
    )
    return () => { dropped = true }
  }, [...deps, turn])
  return { ...state, again: () => next((n) => n + 1) }
}

/** Trouble tells what went wrong, and offers to try again. */
export function Trouble({ text, again }: { text: string; again?: () => void }) {
  if (text === '') return null
  return (
    <p class="trouble" role="alert">
      {text} {again && <button type="button" class="quiet" onClick={again}>Try again</button>}
    </p>
  )
}

/** about are the notes that a problem is about; one in a file's head may be about none. */
export function about(problem: Problem): readonly string[] {
  return (problem.notes as string[] | null) ?? []
}

/** plural counts something in words. */
export function plural(n: number, one: string, many = one + 's'): string {
  return `${n} ${n === 1 ? one : many}`
}

/** Field is a text field, of several lines when rows is given, that tells its text when it is left or Enter (Ctrl+Enter) is pressed. */
export function Field(o: { label: string; value: string; rows?: number; readonly?: boolean; placeholder?: string; onDone: (text: string) => void; hideLabel?: boolean }) {
  const [text, set] = useState(o.value)
  useEffect(() => set(o.value), [o.value])
  const done = () => { if (text !== o.value) o.onDone(text) }
  const keys = (e: KeyboardEvent) => {
    if (e.key === 'Enter' && (o.rows === undefined || e.ctrlKey || e.metaKey)) {
      e.preventDefault()
      done()
    } else if (e.key === 'Escape' && text !== o.value) {
      e.stopPropagation()
      set(o.value)
    }
  }
  const common = { value: text, onBlur: done, onKeyDown: keys, readOnly: o.readonly ?? false, placeholder: o.placeholder ?? '' }
  return (
    <label class="field">
      <span class={o.hideLabel ? 'sr-only' : 'field-label'}>{o.label}</span>
      {o.rows === undefined
        ? <input type="text" {...common} onInput={(e) => set(e.currentTarget.value)} />
        : <textarea rows={o.rows} {...common} onInput={(e) => set(e.currentTarget.value)} />}
    </label>
  )
}
