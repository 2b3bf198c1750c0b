import { useEffect, useRef } from 'preact/hooks'
import { plural } from '../details/parts'
import { Mark } from '../icons'
import type { BoardModel, Closed as Why } from '../model/board'
import { follow } from '../route'

const words: Record<Why, { title: string; what: string; next: string }> = {
  revoked: {
    title: 'Your invitation was revoked',
    what: 'This board is no longer shared with you.',
    next: 'If you should still be here, ask the facilitator for a new link, and open it in this browser.',
  },
  deleted: {
    title: 'This board was deleted',
    what: 'A facilitator deleted it for good, with its session. The storm that was landed is still on the server’s disk.',
    next: 'Whoever has the storm’s file can open it as a new board.',
  },
  gone: {
    title: 'You cannot see this board',
    what: 'It was deleted, or your invitation does not lead to it, or no longer.',
    next: 'Ask the facilitator for a link, and open it in this browser.',
  },
  signedout: {
    title: 'Your visit has ended',
    what: 'The server does not know this browser any more.',
    next: 'Enter again to go on where you were.',
  },
}

/** Closed fills the page once the board has let go of whoever sits here: why, and what to do about it. */
export function Closed({ why, model }: { why: Why; model?: BoardModel }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${words[why].title} · Landfall`
    heading.current?.focus()
  }, [why])
  const { title, what, next } = words[why]
  const kept = why === 'deleted' ? 0 : model?.waiting.value ?? 0
  return (
    <main class="page page-middle">
      <div class="card narrow closed" role="alert">
        <Mark />
        <h1 ref={heading} tabIndex={-1}>{title}</h1>
        <p>{what}</p>
        <p>{next}</p>
        {kept > 0 && <p class="hint">{plural(kept, 'step')} of yours had not reached the server. {kept === 1 ? 'It is' : 'They are'} kept in this browser, and sent when you are back.</p>}
        <div class="row">
          {why === 'signedout'
            ? <button type="button" class="primary" onClick={() => location.reload()}>Enter again</button>
            : <a class="button primary" href="/" onClick={follow}>All boards</a>}
        </div>
      </div>
    </main>
  )
}
