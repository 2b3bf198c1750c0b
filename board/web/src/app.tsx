import type { ComponentChildren } from 'preact'
import { useEffect, useErrorBoundary, useState } from 'preact/hooks'
import { BoardPage } from './board/BoardPage'
import { Boards } from './boards/Boards'
import { Enter } from './enter/Enter'
import { Mark } from './icons'
import { api } from './model/api'
import type { Me } from './model/types'
import { boardPath, go, route } from './route'
import { theme } from './shell'

/** App is the page: who nobody knows enters first; then there are the boards, or one of them. */
export function App() {
  useEffect(() => { document.documentElement.dataset['theme'] = theme.value }, [theme.value])
  return <Guard><Page /></Guard>
}

function Page() {
  // Who sits here; nobody knows until the server has said.
  const [me, setMe] = useState<Me | undefined>(undefined)
  const [trouble, setTrouble] = useState('')
  const look = () => {
    setTrouble('')
    api.me().then(setMe, (why: unknown) => setTrouble(why instanceof Error ? why.message : String(why)))
  }
  useEffect(look, [])
  const r = route.value
  if (!me) return <Waiting trouble={trouble} onAgain={look} />
  if (!me.person || r.page === 'join') {
    return <Enter me={me} token={r.page === 'join' ? r.token : ''} onEntered={(m) => {
      setMe(m)
      if (r.page === 'join') go(m.board ? boardPath(m.board) : '/', true)
    }} />
  }
  if (r.page === 'board') return <BoardPage key={r.id} id={r.id} />
  return <Boards me={me} onMe={setMe} />
}

function Waiting({ trouble, onAgain }: { trouble: string; onAgain: () => void }) {
  return (
    <main class="page page-middle">
      {trouble === '' ? <p class="loading"><Mark /> Opening…</p> : (
        <div class="card narrow">
          <h1>The server does not answer</h1>
          <p>{trouble}</p>
          <button type="button" class="primary" onClick={onAgain}>Try again</button>
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
