import { signal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useErrorBoundary } from 'preact/hooks'
import { BoardPage } from './board/BoardPage'
import { Boards } from './boards/Boards'
import { Enter } from './enter/Enter'
import { Mark } from './icons'
import { api } from './model/api'
import type { Me } from './model/types'
import { go, route } from './route'
import { theme } from './shell'

/** me is who sits here; undefined until the server has said. */
const me = signal<Me | undefined>(undefined)
const trouble = signal('')

async function look(): Promise<void> {
  try {
    me.value = await api.me()
    trouble.value = ''
  } catch (why) {
    trouble.value = why instanceof Error ? why.message : String(why)
  }
}

/** entered goes on to where the person wanted to go. */
function entered(m: Me): void {
  me.value = m
  if (route.peek().page === 'join') go(m.board ? `/b/${encodeURIComponent(m.board)}` : '/', true)
}

/** App is the page: who nobody knows enters first; then there are the boards, or one of them. */
export function App() {
  useEffect(() => void look(), [])
  useEffect(() => { document.documentElement.dataset['theme'] = theme.value }, [theme.value])
  return <Guard><Page /></Guard>
}

function Page() {
  const r = route.value
  const m = me.value
  if (!m) return <Waiting trouble={trouble.value} />
  if (!m.person || r.page === 'join') {
    return <Enter me={m} token={r.page === 'join' ? r.token : ''} onEntered={entered} />
  }
  if (r.page === 'board') return <BoardPage key={r.id} id={r.id} />
  return <Boards me={m} onMe={(next) => { me.value = next }} />
}

function Waiting({ trouble: text }: { trouble: string }) {
  return (
    <main class="page page-middle">
      {text === '' ? <p class="loading"><Mark /> Opening…</p> : (
        <div class="card narrow">
          <h1>The server does not answer</h1>
          <p>{text}</p>
          <button type="button" class="primary" onClick={() => void look()}>Try again</button>
        </div>
      )}
    </main>
  )
}

/** Guard shows what went wrong where a part of the page has failed, and offers to go on. */
function Guard({ children }: { children: ComponentChildren }) {
  const [failure, again] = useErrorBoundary((why: unknown) => console.error(why)) as [unknown, () => void]
  if (failure === undefined) return <>{children}</>
  return (
    <main class="page page-middle">
      <div class="card narrow" role="alert">
        <h1>Something on this page broke</h1>
        <p>What you wrote is kept: what the server has not got yet is sent when the page is back.</p>
        <p class="hint">{failure instanceof Error ? failure.message : 'The page does not say what.'}</p>
        <div class="row">
          <button type="button" class="primary" onClick={() => location.reload()}>Load the page again</button>
          <button type="button" onClick={again}>Go on</button>
        </div>
      </div>
    </main>
  )
}
