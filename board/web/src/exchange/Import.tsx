import { useRef, useState } from 'preact/hooks'
import { Trouble, plural } from '../details/parts'
import { api } from '../model/api'
import type { BoardModel } from '../model/board'
import type { Imported } from '../model/types'
import { limits } from '../wire/protocol'

/** Import takes a file over onto the board: dropped here, or chosen. */
export function Import({ model }: { model: BoardModel }) {
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const [state, set] = useState<{ busy: string; error: string; report: Imported | null }>({ busy: '', error: '', report: null })
  if (!model.mayEdit()) return null
  const take = async (file: File | undefined) => {
    if (!file) return
    if (file.size > limits.import) return set({ busy: '', error: `${file.name} is larger than ${Math.round(limits.import / 1048576)} MB.`, report: null })
    set({ busy: file.name, error: '', report: null })
    try {
      set({ busy: '', error: '', report: await api.import(model.id, file.name, file) })
    } catch (error) {
      set({ busy: '', error: error instanceof Error ? error.message : String(error), report: null })
    }
    if (input.current) input.current.value = ''
  }
  const drop = (e: DragEvent) => {
    e.preventDefault()
    setOver(false)
    void take(e.dataTransfer?.files[0])
  }
  return (
    <section class="panel-part">
      <h3>Import</h3>
      <div class={`drop ${over ? 'over' : ''}`} onDragOver={(e) => { e.preventDefault(); setOver(true) }} onDragLeave={() => setOver(false)} onDrop={drop}>
        <p>Drop a file here: a storm, a board of Miro or Excalidraw, a table (CSV), JSON, or a text with a note on each line.</p>
        <label class="button file-choice">Choose a file<input ref={input} class="sr-only" type="file" accept=".storm,.json,.csv,.tsv,.txt,.md,.excalidraw" onChange={(e) => void take(e.currentTarget.files?.[0])} /></label>
      </div>
      {state.busy !== '' && <p role="status">Reading {state.busy}…</p>}
      <Trouble text={state.error} />
      {state.report && (
        <div role="status">
          <p>Taken over: {plural(state.report.notes, 'note')} and {plural(state.report.links, 'link')}. Undo takes them back.</p>
          {state.report.messages.length > 0 && <ul class="hint report">{state.report.messages.map((m, i) => <li key={i}>{m}</li>)}</ul>}
        </div>
      )}
    </section>
  )
}
