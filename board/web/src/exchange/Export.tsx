import { useState } from 'preact/hooks'
import { plural, Trouble } from '../details/parts'
import { api, type ExportOptions } from '../model/api'
import type { BoardModel } from '../model/board'
import { theme } from '../shell'

const formats: readonly { to: ExportOptions['to']; name: string; of: string; picture?: boolean; part?: boolean }[] = [
  { to: 'svg', name: 'SVG', of: 'picture, sharp at any size', picture: true, part: true },
  { to: 'png', name: 'PNG', of: 'picture', picture: true, part: true },
  { to: 'pdf', name: 'PDF', of: 'for the wall, to be printed', picture: true, part: true },
  { to: 'storm', name: 'Storm', of: 'the text of the model' },
  { to: 'json', name: 'JSON', of: 'everything of the model' },
  { to: 'mermaid', name: 'Mermaid', of: 'diagram for Markdown', part: true },
  { to: 'markdown', name: 'Markdown', of: 'the glossary and the flows' },
  { to: 'asyncapi', name: 'AsyncAPI', of: 'the messages as an API' },
  { to: 'cml', name: 'Context Mapper', of: 'the modules as CML' },
  { to: 'eventcatalog', name: 'EventCatalog', of: 'a catalogue of the events' },
]

/** Export downloads the board, or what is selected on it, in another form. */
export function Export({ model }: { model: BoardModel }) {
  const [to, setTo] = useState<ExportOptions['to']>('svg')
  const [part, setPart] = useState(false)
  const [looks, setLooks] = useState<'light' | 'dark'>(theme.peek())
  const [state, set] = useState({ busy: false, error: '' })
  const format = formats.find((f) => f.to === to)!
  const selected = [...model.selection.value].filter((id) => model.note(id))
  const some = part && format.part === true && selected.length > 0
  const options: ExportOptions = { to }
  if (some) options.notes = selected
  if (format.picture) options.theme = looks
  const download = () => {
    set({ busy: true, error: '' })
    api.export(model.id, options).then(({ name, file }) => {
      save(name, file)
      set({ busy: false, error: '' })
    }, (why: unknown) => set({ busy: false, error: why instanceof Error ? why.message : String(why) }))
  }
  return (
    <section class="panel-part">
      <h3>Export</h3>
      <label class="field"><span class="field-label">As</span>
        <select value={to} onChange={(e) => setTo(e.currentTarget.value as ExportOptions['to'])}>{formats.map((f) => <option key={f.to} value={f.to}>{f.name}: {f.of}</option>)}</select>
      </label>
      <div class="row">
        {format.part && <label class="row"><input type="checkbox" checked={some} disabled={selected.length === 0} onChange={(e) => setPart(e.currentTarget.checked)} /> only the selection{selected.length > 0 ? ` (${plural(selected.length, 'note')})` : ''}</label>}
        {format.picture && <label class="row">in <select value={looks} aria-label="Theme of the picture" onChange={(e) => setLooks(e.currentTarget.value as 'light' | 'dark')}><option value="light">light</option><option value="dark">dark</option></select></label>}
      </div>
      <p><button type="button" disabled={state.busy} onClick={download}>{state.busy ? `Making the ${format.name}…` : `Download ${format.name}`}</button></p>
      <Trouble text={state.error} again={download} />
    </section>
  )
}

/** save lets the browser save a file. */
function save(name: string, file: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
