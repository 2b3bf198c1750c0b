import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, type Completion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { bracketMatching, foldGutter, foldKeymap, indentOnInput } from '@codemirror/language'
import { lintKeymap, setDiagnostics, type Diagnostic } from '@codemirror/lint'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import { Compartment, EditorState, StateEffect, StateField, Transaction, type ChangeSet, type Extension, type TransactionSpec } from '@codemirror/state'
import { Decoration, EditorView, drawSelection, highlightActiveLine, highlightSpecialChars, keymap, lineNumbers, type DecorationSet } from '@codemirror/view'
import type { Problem, FileEdit } from '../model/types'
import { moduleAt, proposals, type Known } from './completing'
import { stormLanguage } from './language'
import { Sharing, type Road } from './sharing'
import { look } from './look'
import { keyOf, wordAt, wordsOf, type Word } from './words'

/** What the editor needs of the board. */
export interface Board {
  /** Sends an edit; as Road.send, with the path of the file. */
  send(path: string, ...edit: Parameters<Road['send']>): Promise<void>
  /** The server's text as the page has it now. */
  look(path: string): { text: string; version: number } | undefined
  refused(error: unknown): void
  /** Keeps what an editor has not sent; as Road.keep. */
  keep(path: string, client: string, ...draft: Parameters<Road['keep']>): void
  newId(): string
  /** The names of the wall, for completion. */
  known(): Known[]
  /** The problems that are known of a file. */
  problems(path: string): Problem[]
  /** Applies a fix that is offered on a problem. */
  fix(problem: Problem, index: number): void
  /** The cursor was put on a name by the person at the keyboard. */
  named(word: Word): void
}

/** Marks the places of what is selected on the wall. */
const markNames = StateEffect.define<{ from: number; to: number }[]>()
const nameMark = Decoration.mark({ class: 'st-selected' })
const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(set, tr) {
    let next = set.map(tr.changes)
    for (const e of tr.effects) if (e.is(markNames)) next = Decoration.set(e.value.map((r) => nameMark.range(r.from, r.to)))
    return next
  },
  provide: (f) => EditorView.decorations.from(f),
})

/** After so many milliseconds without a key what was typed is sent, and after so many in any case. */
const quiet = 300
const longest = 1200

/** A file in the editor: its state while it is not shown, and what keeps it in step. */
interface Sheet {
  path: string
  state: EditorState
  sharing: Sharing
  timer: ReturnType<typeof setTimeout> | undefined
  since: number
}

/**
 * Editor is the text of the storm's files in one element, one file at a time. It
 * stands in a shadow root, where CodeMirror's style sheets are adopted ones: so
 * the page's policy need not allow inline styles.
 */
export class Editor {
  private readonly view: EditorView
  private readonly sheets = new Map<string, Sheet>()
  private readonly lock = new Compartment()
  private locked = false
  private shown = ''

  constructor(
    host: HTMLElement,
    private readonly board: Board,
    private readonly label: (path: string) => string,
  ) {
    const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' })
    this.view = new EditorView({ parent: root, root, dispatchTransactions: (trs, view) => this.dispatched(trs, view) })
  }

  /** Shows a file, and opens it with the given text when it was not open. */
  open(path: string, text: string, version: number): void {
    if (path === this.shown) return
    const before = this.sheets.get(this.shown)
    if (before) before.state = this.view.state
    let sheet = this.sheets.get(path)
    if (!sheet) {
      sheet = this.newSheet(path, text, version)
      this.sheets.set(path, sheet)
    }
    this.shown = path
    this.view.setState(sheet.state)
    this.view.dispatch({ effects: this.lock.reconfigure(this.lockedNow()) })
    this.refreshProblems()
  }

  /** Takes in an edit that the server has ordered. */
  receive(path: string, edit: FileEdit): void {
    this.sheets.get(path)?.sharing.receive(edit)
  }

  /** Takes in a file's text as the server has it, when edits before were not seen. */
  check(path: string, text: string, version: number): void {
    const sharing = this.sheets.get(path)?.sharing
    if (sharing && version > sharing.confirmed + (sharing.flying ? 1 : 0)) sharing.restart(text, version)
  }

  /** How many edits are on their way. */
  get flying(): number {
    let count = 0
    for (const sheet of this.sheets.values()) if (sheet.sharing.flying) count++
    return count
  }

  /** Lets nobody type, or lets them again. */
  setLocked(locked: boolean): void {
    this.locked = locked
    this.view.dispatch({ effects: this.lock.reconfigure(this.lockedNow()) })
  }

  /** Shows the problems of the file that is shown. */
  refreshProblems(): void {
    const max = this.view.state.doc.length
    const list = this.board.problems(this.shown).map((p) => this.diagnostic(p, max))
    this.view.dispatch(setDiagnostics(this.view.state, list))
  }

  /** Marks every place of some names (given by their keys), and scrolls the first into view when none is. */
  mark(keys: ReadonlySet<string>, scroll: boolean): void {
    const places = keys.size > 0 ? [...wordsOf(this.view.state.doc.toString())].filter((w) => keys.has(keyOf(w.name))) : []
    const effects: StateEffect<unknown>[] = [markNames.of(places)]
    const first = places[0]
    if (first && scroll && !places.some((p) => this.visible(p.from))) effects.push(EditorView.scrollIntoView(first.from, { y: 'center' }))
    this.view.dispatch({ effects })
  }

  /** Puts the cursor at a place of the file that is shown. */
  goTo(from: number, to = from): void {
    const max = this.view.state.doc.length
    this.view.dispatch({ selection: { anchor: Math.min(from, max), head: Math.min(to, max) }, effects: EditorView.scrollIntoView(Math.min(from, max), { y: 'center' }) })
    this.view.focus()
  }

  focus(): void {
    this.view.focus()
  }

  /** Sends what is typed, and ends. */
  close(): void {
    for (const sheet of this.sheets.values()) {
      clearTimeout(sheet.timer)
      sheet.sharing.push()
    }
    this.view.destroy()
  }

  private visible(pos: number): boolean {
    const at = this.view.coordsAtPos(pos)
    const box = this.view.scrollDOM.getBoundingClientRect()
    return at !== null && at.top >= box.top && at.bottom <= box.bottom
  }

  private newSheet(path: string, text: string, version: number): Sheet {
    const state = EditorState.create({ doc: text, extensions: this.extensions(path) })
    const sheet: Sheet = { path, state, sharing: undefined as unknown as Sharing, timer: undefined, since: 0 }
    const client = this.board.newId()
    sheet.sharing = new Sharing(text, version, client, {
      send: (v, changes, client) => this.board.send(path, v, changes, client),
      look: () => this.board.look(path),
      show: (changes) => this.showOthers(sheet, changes),
      refused: (error) => this.board.refused(error),
      keep: (draft) => this.board.keep(path, client, draft),
    })
    return sheet
  }

  private showOthers(sheet: Sheet, changes: ChangeSet): void {
    const spec: TransactionSpec = { changes, annotations: [Transaction.remote.of(true), Transaction.addToHistory.of(false)] }
    if (sheet.path === this.shown) this.view.dispatch(spec)
    else sheet.state = sheet.state.update(spec).state
  }

  private dispatched(trs: readonly Transaction[], view: EditorView): void {
    view.update(trs)
    const sheet = this.sheets.get(this.shown)
    if (!sheet) return
    for (const tr of trs) {
      if (tr.docChanged && !tr.annotation(Transaction.remote)) {
        sheet.sharing.typed(tr.changes)
        this.plan(sheet)
      }
    }
    const last = trs.at(-1)
    if (last?.isUserEvent('select') && view.hasFocus) this.tellWord(view.state)
  }

  private tellWord(state: EditorState): void {
    const range = state.selection.main
    const line = state.doc.lineAt(range.head)
    const word = wordAt(line.text, range.head - line.from)
    if (word) this.board.named({ ...word, from: word.from + line.from, to: word.to + line.from })
  }

  private plan(sheet: Sheet): void {
    const now = Date.now()
    if (sheet.timer === undefined) sheet.since = now
    clearTimeout(sheet.timer)
    sheet.timer = setTimeout(() => {
      sheet.timer = undefined
      sheet.sharing.push()
    }, Math.max(0, Math.min(quiet, sheet.since + longest - now)))
  }

  private lockedNow(): Extension {
    return this.locked ? [EditorState.readOnly.of(true), EditorView.contentAttributes.of({ 'aria-readonly': 'true' })] : []
  }

  private extensions(path: string): Extension {
    return [
      lineNumbers(), foldGutter(), highlightSpecialChars(), history(), drawSelection(), EditorState.allowMultipleSelections.of(true), indentOnInput(), bracketMatching(), closeBrackets(),
      highlightActiveLine(), highlightSelectionMatches(), search({ top: true }), EditorView.lineWrapping,
      autocompletion({ override: [(cx) => this.complete(cx)], icons: false, optionClass: (o) => `st-kind-${o.type ?? ''}` }),
      keymap.of([...closeBracketsKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, ...completionKeymap, ...lintKeymap, ...defaultKeymap, indentWithTab]),
      stormLanguage(), marks, look, this.lock.of([]),
      EditorView.contentAttributes.of({ 'aria-label': this.label(path), spellcheck: 'false', autocapitalize: 'off', tabindex: '0' }),
    ]
  }

  private complete(cx: CompletionContext): CompletionResult | null {
    const line = cx.state.doc.lineAt(cx.pos)
    const head = line.text.slice(0, cx.pos - line.from)
    if (/(^|[^:])\/\//.test(head)) return null
    const word = /(?:"[^"]*|[\p{L}_][\p{L}\p{N}_-]*)$/u.exec(head)
    if (!word && !cx.explicit && !/(?:->|[:,|]|\b(?:on|using|unless|pivotal|publishes))\s+$/.test(head)) return null
    const from = cx.pos - (word ? word[0].length : 0)
    const quoted = word?.[0].startsWith('"') ?? false
    const options = proposals(head.slice(0, from - line.from), this.board.known(), moduleAt(cx.state.doc.toString(), cx.pos)).map((p) => option(p, quoted))
    return { from: quoted ? from + 1 : from, options: quoted ? options.filter((o) => o.type !== 'keyword' && o.type !== 'type') : options, validFor: quoted ? /^[^"]*$/ : /^[\p{L}\p{N}_ -]*$/u }
  }

  private diagnostic(p: Problem, max: number): Diagnostic {
    const from = Math.min(Math.max(0, p.from), max)
    const to = Math.min(Math.max(from, p.to), max)
    return {
      from, to,
      severity: p.severity === 'hint' ? 'info' : p.severity,
      source: p.code,
      message: p.help ? `${p.message}\n${p.help}` : p.message,
      actions: (p.fixes ?? []).map((f, i) => ({ name: f.message, apply: () => this.board.fix(p, i) })),
    }
  }
}

/** Inside quotes the name is completed without its own, and closed when it was not. */
function option(p: ReturnType<typeof proposals>[number], quoted: boolean): Completion {
  if (!quoted) return p
  return {
    label: p.label, detail: p.detail, type: p.type, boost: p.boost,
    apply: (view, _, from, to) => {
      const text = p.label.replace(/[\\"]/g, '\\$&')
      const closed = view.state.sliceDoc(to, to + 1) === '"'
      view.dispatch({ changes: { from, to, insert: closed ? text : text + '"' }, selection: { anchor: from + text.length + 1 }, userEvent: 'input.complete' })
    },
  }
}
