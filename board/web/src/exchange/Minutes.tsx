import { useEffect, useState } from 'preact/hooks'
import { Trouble } from '../details/parts'
import { api } from '../model/api'
import type { BoardModel } from '../model/board'

/** Minutes are what the session came to, as Markdown: goals, glossary, hotspots, votes and tasks by team. */
export function Minutes({ model }: { model: BoardModel }) {
  const [state, set] = useState<{ busy: boolean; text: string; error: string }>({ busy: false, text: '', error: '' })
  const [url, setUrl] = useState('')
  useEffect(() => {
    if (state.text === '') return
    const made = URL.createObjectURL(new Blob([state.text], { type: 'text/markdown' }))
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [state.text])
  const make = () => {
    set({ busy: true, text: '', error: '' })
    api.minutes(model.id).then((text) => set({ busy: false, text, error: '' }), (e: unknown) => set({ busy: false, text: '', error: e instanceof Error ? e.message : String(e) }))
  }
  const copy = () => navigator.clipboard.writeText(state.text).then(() => model.tell('The minutes are copied.'), () => model.tell('The browser does not let the page copy: use Download.', 'error'))
  return (
    <section class="panel-part">
      <h3>Minutes of the session</h3>
      <div class="row">
        <button type="button" disabled={state.busy} onClick={make}>{state.text === '' ? 'Write the minutes' : 'Write them anew'}</button>
        {state.text !== '' && <button type="button" onClick={() => void copy()}>Copy</button>}
        {state.text !== '' && url !== '' && <a class="button" href={url} download={`${model.board().name || 'board'} minutes.md`}>Download</a>}
      </div>
      <Trouble text={state.error} again={make} />
      {state.text !== '' && <pre class="minutes" tabIndex={0} aria-label="Minutes">{state.text}</pre>}
    </section>
  )
}
