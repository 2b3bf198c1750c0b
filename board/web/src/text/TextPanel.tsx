import { effect, signal, type Signal } from '@preact/signals'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { actions } from '../actions/registry'
import { keyOf as pressed, normal } from '../actions/keys'
import { Trouble, plural } from '../details/parts'
import { lookAt } from '../find/going'
import type { BoardModel } from '../model/board'
import type { Note, Problem } from '../model/types'
import type { Known } from './completing'
import type { Board, Editor } from './editor'
import { applyFix } from './fix'
import { keyOf, keysOf, wordsOf, type Word } from './words'
import './text.css'

/** TextPanel shows the storm's text beside the wall, both in step. */
export function TextPanel({ model }: { model: BoardModel }) {
  const host = useRef<HTMLDivElement>(null)
  const shown = useMemo(() => signal(firstPath(model)), [model])
  const state = useMemo(() => signal<{ editor: Editor | null; error: string }>({ editor: null, error: '' }), [model])
  void model.version.value
  const files = model.files().sort((a, b) => (a.path < b.path ? -1 : 1))
  if (shown.value === '' && files[0]) shown.value = files[0].path
  useEditor(model, host, shown, state)
  const problems = model.problems.value.filter((p) => p.path === shown.value)
  if (files.length === 0) return <p class="empty">There is no text yet. The first note on the wall makes a file.</p>
  return (
    <div class="text-pane">
      {files.length > 1 && <Tabs paths={files.map((f) => f.path)} shown={shown} />}
      <div id="text-sheet" {...(files.length > 1 ? { role: 'tabpanel', 'aria-label': shown.value } : {})} class="text-host" ref={host} onKeyDown={keepKeys} />
      {state.value.editor === null && state.value.error === '' && <p class="empty" role="status">Opening the editor…</p>}
      <Trouble text={state.value.error} />
      <footer class="text-foot hint">
        <span role="status">{model.replaying.value !== null ? 'Replaying: the text is as it is now, and locked.' : problems.length === 0 ? 'No problems' : <>{tally(problems)}<span class="not-phone">: F8 goes from one to the next</span></>}</span>
        {model.mayEdit() ? <span class="not-phone">Ctrl+D takes the next mention too, Ctrl+Space proposes</span> : <span>Read only</span>}
      </footer>
    </div>
  )
}

function firstPath(model: BoardModel): string {
  return model.files().sort((a, b) => (a.path < b.path ? -1 : 1))[0]?.path ?? ''
}

function Tabs({ paths, shown }: { paths: string[]; shown: Signal<string> }) {
  const list = useRef<HTMLDivElement>(null)
  const move = (e: KeyboardEvent) => {
    const by = e.key === 'ArrowRight' ? 1 : e.key === 'ArrowLeft' ? -1 : 0
    if (by === 0) return
    e.preventDefault()
    const at = (paths.indexOf(shown.value) + by + paths.length) % paths.length
    shown.value = paths[at]!
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[at]?.focus()
  }
  return (
    <div role="tablist" aria-label="Files of the storm" class="text-tabs" ref={list} onKeyDown={move}>
      {paths.map((path) => (
        <button key={path} type="button" role="tab" aria-selected={path === shown.value} aria-controls="text-sheet" tabIndex={path === shown.value ? 0 : -1} onClick={() => (shown.value = path)}>{path}</button>
      ))}
    </div>
  )
}

/**
 * Keys that are typed into the text are the text's. Outside of the shadow root
 * they would look as if they came from an element that nobody types into, so
 * only those that work everywhere are let out.
 */
function keepKeys(e: KeyboardEvent): void {
  const key = pressed(e)
  const everywhere = actions().some((a) => a.where === 'always' && a.keys?.some((k) => normal(k) === key))
  if (!everywhere || e.defaultPrevented) e.stopPropagation()
}

function useEditor(model: BoardModel, host: { current: HTMLDivElement | null }, shown: Signal<string>, state: Signal<{ editor: Editor | null; error: string }>): void {
  const there = shown.value !== ''
  useEffect(() => {
    if (!there || !host.current) return
    const at = host.current
    let stop = () => {}
    let dropped = false
    import('./editor').then(
      (m) => {
        if (dropped) return
        const editor = new m.Editor(at, boardOf(model, shown), (path) => `Storm text, ${path}`)
        stop = connect(model, editor, shown)
        state.value = { editor, error: '' }
      },
      () => { state.value = { editor: null, error: 'The editor could not be loaded. Is the server still there?' } },
    )
    return () => {
      dropped = true
      stop()
      state.peek().editor?.close()
      state.value = { editor: null, error: '' }
    }
  }, [model, there])
}

/** connect keeps an editor in step with the board, until it is undone. */
function connect(model: BoardModel, editor: Editor, shown: Signal<string>): () => void {
  let checked = model.seq.peek()
  // After a reload the files may have jumped over edits that were not told. What
  // is only expected of commands under way is no such jump.
  const check = () => {
    if (model.replaying.peek() !== null || model.seq.peek() === checked || model.waiting.peek() > editor.flying) return
    checked = model.seq.peek()
    for (const file of model.files()) editor.check(file.path, file.text, file.version)
  }
  const undo = [
    effect(() => {
      const file = model.file(shown.value)
      if (file) editor.open(file.path, file.text, file.version)
    }),
    effect(() => {
      void model.problems.value
      editor.refreshProblems()
    }),
    effect(() => editor.setLocked(!model.mayEdit())),
    effect(() => followSelection(model, editor, shown)),
    model.onOps((ops) => {
      for (const op of ops) for (const c of op.changes) if (c.edit && c.id.startsWith('file:')) editor.receive(c.id.slice(5), { client: '', ...c.edit })
    }),
    model.onChange(() => queueMicrotask(check)),
  ]
  return () => { for (const u of undo) u() }
}

function followSelection(model: BoardModel, editor: Editor, shown: Signal<string>): void {
  const ids = model.selection.value
  const keys = new Set<string>()
  for (const id of ids) {
    const note = model.note(id)
    if (note && ids.size <= 20) for (const k of keysOf(note)) keys.add(k)
  }
  if (keys.size > 0 && selecting !== ids && !has(model.file(shown.peek())?.text, keys)) {
    const other = model.files().find((f) => has(f.text, keys))
    if (other) shown.value = other.path
  }
  editor.mark(keys, selecting !== ids)
}

function has(text: string | undefined, keys: Set<string>): boolean {
  for (const w of wordsOf(text ?? '')) if (keys.has(keyOf(w.name))) return true
  return false
}

/** The selection that came from the text itself: the text does not scroll for it. */
let selecting: ReadonlySet<string> | null = null

function boardOf(model: BoardModel, shown: Signal<string>): Board {
  const flights = new Map<string, string>()
  return {
    async send(path, version, changes, client) {
      const id = model.do('EditText', { path, version, changes, client })
      flights.set(client, id)
      await model.done(id)
    },
    keep(path, client, draft) {
      const flight = draft?.flight ? { id: flights.get(client) ?? '', changes: draft.flight } : null
      model.keepDraft(client, draft && { path, version: draft.version, flight, changes: draft.changes })
    },
    look: (path) => model.file(path),
    refused: () => { /* the model has told the user why */ },
    newId: () => model.newId(),
    known: () => knownNames(model),
    problems: (path) => model.problems.peek().filter((p) => p.path === path),
    fix: (problem, index) => {
      const fix = problem.fixes?.[index]
      if (fix) applyFix(model, fix)
    },
    named: (word) => selectNamed(model, word, shown.peek()),
  }
}

/** knownNames are the names on the wall as the text has them: that of the element, where there is one. */
export function knownNames(model: Pick<BoardModel, 'notes' | 'note'>): Known[] {
  const list: Known[] = []
  for (const n of model.notes()) {
    if (n.text.trim() === '') continue
    const module = model.note(n.module)?.text ?? ''
    let name = n.element === '' ? n.text : n.element.slice(n.element.indexOf(':') + 1)
    if (n.element !== '' && module !== '' && name.startsWith(module + '.')) name = name.slice(module.length + 1)
    list.push({ name, kind: n.kind, module })
  }
  return list
}

/** selectNamed selects the notes that a name in the text stands for, and lets the wall show the first. */
function selectNamed(model: BoardModel, word: Word, path: string): void {
  if (path === '' || model.replaying.peek() !== null) return
  const key = keyOf(word.name)
  if (key === '') return
  const found: Note[] = []
  for (const n of model.notes()) if (keysOf(n).has(key)) found.push(n)
  const now = model.selection.peek()
  if (found.length === 0 || (found.length === now.size && found.every((n) => now.has(n.id)))) return
  const set = new Set(found.map((n) => n.id))
  selecting = set
  model.selection.value = set
  if (!found.some((n) => onScreen(model, n))) {
    lookAt(model, [found[0]!.id])
  }
}

function onScreen(model: BoardModel, n: Note): boolean {
  const { x, y, zoom } = model.camera.peek()
  const { w, h } = model.free()
  return n.x + n.w > x && n.y + n.h > y && n.x < x + w / zoom && n.y < y + h / zoom
}

/** tally counts problems by how bad they are: "1 error, 3 hints". */
function tally(problems: readonly Problem[]): string {
  const kinds = (['error', 'warning', 'hint'] as const).map((s) => [s, problems.filter((p) => p.severity === s).length] as const)
  return kinds.flatMap(([s, n]) => (n > 0 ? [plural(n, s)] : [])).join(', ')
}
