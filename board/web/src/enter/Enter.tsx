import { useState } from 'preact/hooks'
import { Mark } from '../icons'
import { api } from '../model/api'
import type { Me } from '../model/types'
import { limits } from '../wire/protocol'
import './enter.css'

/** Enter asks for a name, and takes the invite that the address holds. */
export function Enter({ me, token, onEntered }: { me: Me; token: string; onEntered: (me: Me) => void }) {
  const [name, setName] = useState(me.person?.name ?? '')
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState('')
  const [link, setLink] = useState('')
  const invite = token || link.split('#').pop()!.trim()
  const closed = !me.open && !me.person && token === ''

  const enter = async (e: Event) => {
    e.preventDefault()
    setBusy(true)
    setTrouble('')
    try {
      onEntered(await api.enter(name.trim(), invite || undefined))
    } catch (why) {
      setTrouble(why instanceof Error ? why.message : String(why))
    }
    setBusy(false)
  }

  return (
    <main class="page enter">
      <div class="enter-wall" aria-hidden="true">
        <span class="enter-note enter-actor" /><span class="enter-note enter-command" /><span class="enter-note enter-event" /><span class="enter-note enter-policy" /><span class="enter-note enter-hotspot" />
      </div>
      <form class="card enter-card" onSubmit={(e) => void enter(e)}>
        <Mark />
        <h1>{token ? 'You are invited to a board' : 'Welcome to the board'}</h1>
        <p class="hint">The others see this name beside your cursor and on your notes. There is no account and no password.</p>
        <label class="field">
          <span class="field-label">Your name</span>
          <input class="large" type="text" value={name} onInput={(e) => setName(e.currentTarget.value)} autocomplete="name" maxLength={limits.name} required autofocus />
        </label>
        {closed && (
          <label class="field">
            <span class="field-label">Your invite link</span>
            <input type="text" value={link} onInput={(e) => setLink(e.currentTarget.value)} autocomplete="off" required />
          </label>
        )}
        {trouble !== '' && <p class="trouble" role="alert">{trouble}</p>}
        <button type="submit" class="primary large" disabled={busy || name.trim() === ''}>{token ? 'Join' : 'Go on'}</button>
      </form>
    </main>
  )
}
