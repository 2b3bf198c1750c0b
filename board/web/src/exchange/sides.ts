import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { MergeView } from '@codemirror/merge'
import { EditorState, type Extension } from '@codemirror/state'
import { EditorView, keymap, lineNumbers } from '@codemirror/view'
import { stormLanguage } from '../text/language'
import { look } from '../text/look'

/** SideBySide shows two texts beside each other, the right one to be edited, with an arrow at each difference that takes the left. */
export class SideBySide {
  private readonly view: MergeView

  constructor(host: HTMLElement, theirs: string, mine: string) {
    // In a shadow root, as the text pane: style sheets are adopted there.
    const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' })
    this.view = new MergeView({
      a: { doc: theirs, extensions: [...basics('On the disk'), EditorState.readOnly.of(true)] },
      b: { doc: mine, extensions: [...basics('What will be written'), history(), keymap.of([...historyKeymap, ...defaultKeymap])] },
      parent: root,
      root,
      revertControls: 'a-to-b',
      renderRevertControl: () => {
        const button = document.createElement('button')
        button.type = 'button'
        button.textContent = '→'
        button.setAttribute('aria-label', 'Take this from the disk')
        return button
      },
      gutter: true,
    })
  }

  /** The right text as it is now. */
  text(): string {
    return this.view.b.state.doc.toString()
  }

  /** Puts another text on the right. */
  set(text: string): void {
    this.view.b.dispatch({ changes: { from: 0, to: this.view.b.state.doc.length, insert: text } })
  }

  close(): void {
    this.view.destroy()
  }
}

function basics(label: string): Extension[] {
  return [lineNumbers(), EditorView.lineWrapping, stormLanguage(), look, changed, EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false' })]
}

/** How differences look, without pictures from data: URLs. On their grounds only the darkest letters are read easily. */
const changed = EditorView.theme({
  '@media (max-width: 720px)': { '.cm-lineNumbers': { display: 'none' }, '.cm-content': { fontSize: '12px' } },
  '.cm-changedText, .cm-changedText *': { color: 'var(--ink) !important' },
  '&.cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText': { background: 'color-mix(in srgb, var(--danger) 26%, transparent)' },
  '&.cm-merge-b .cm-changedText': { background: 'color-mix(in srgb, var(--good) 26%, transparent)' },
  '&.cm-merge-a .cm-changedLine': { backgroundColor: 'color-mix(in srgb, var(--danger) 9%, transparent)' },
  '&.cm-merge-b .cm-changedLine': { backgroundColor: 'color-mix(in srgb, var(--good) 9%, transparent)' },
})
