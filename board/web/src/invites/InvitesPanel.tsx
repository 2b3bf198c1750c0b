import { useState } from 'preact/hooks'
import { Dot, Trouble, nameOf, plural, useLoaded, useSlow, whenOf } from '../details/parts'
import { api } from '../model/api'
import type { BoardModel } from '../model/board'
import type { Invite, Role } from '../model/types'
import './invites.css'

const roles: readonly { role: Role; name: string; may: string }[] = [
  { role: 'participant', name: 'Participant', may: 'writes, moves, links, votes' },
  { role: 'viewer', name: 'Viewer', may: 'looks, and is seen looking' },
  { role: 'facilitator', name: 'Facilitator', may: 'also leads: phases, timer, goals, votes, invites' },
]

/** InvitesPanel is who is on, and the links by which others come. */
export function InvitesPanel({ model }: { model: BoardModel }) {
  return (
    <div class="invites">
      <On model={model} />
      {model.role.value === 'facilitator' ? <Links model={model} /> : <p class="hint">Only a facilitator invites others. You are here as a {model.role.value}.</p>}
    </div>
  )
}

function On({ model }: { model: BoardModel }) {
  useSlow(model.version, 500)
  const online = [...model.online.value]
  return (
    <section class="panel-part">
      <h3>Who is on <span class="tag badge">{online.length}</span></h3>
      <ul class="plain-list">
        {online.map((id) => <li key={id} class="row apart person"><span class="row"><Dot person={model.people().get(id)} /> {id === model.me.value?.id ? `${model.me.value.name} (you)` : nameOf(model, id)}</span><span class="hint">{model.people().get(id)?.role ?? ''}</span></li>)}
      </ul>
    </section>
  )
}

function Links({ model }: { model: BoardModel }) {
  const loaded = useLoaded<Invite[]>(() => api.invites(model.id), [model])
  const [role, setRole] = useState<Role>('participant')
  const [made, setMade] = useState<ReadonlyMap<string, string>>(new Map())
  const [error, setError] = useState('')
  const fail = (e: unknown) => setError(e instanceof Error ? e.message : String(e))
  const make = () => {
    setError('')
    api.invite(model.id, role).then((invite) => {
      if (invite.link !== undefined) {
        setMade(new Map([...made, [invite.id, invite.link]]))
        void copy(model, invite.link)
      }
      loaded.again()
    }, fail)
  }
  const revoke = (id: string) => {
    setError('')
    api.revoke(model.id, id).then(loaded.again, fail)
  }
  const list = [...(loaded.value ?? [])].sort((a, b) => Number(a.revoked) - Number(b.revoked) || b.made - a.made)
  return (
    <section class="panel-part">
      <h3>Invite by a link</h3>
      <fieldset class="roles">
        <legend class="sr-only">Role of who comes by the link</legend>
        {roles.map((r) => <label key={r.role} class="row"><input type="radio" name="role" checked={role === r.role} onChange={() => setRole(r.role)} /> <span><strong>{r.name}</strong> <span class="hint">{r.may}</span></span></label>)}
      </fieldset>
      <button type="button" class="primary" onClick={make}>Make a link and copy it</button>
      <p class="hint">Whoever has the link comes in, without an account, until you revoke it. The server keeps no copy of it: it can be read here only now. On a board that only this machine sees (no --listen), links are of use to yourself alone.</p>
      <Trouble text={error || loaded.error} again={loaded.again} />
      <ul class="plain-list">{list.map((i) => <Row key={i.id} model={model} invite={i} link={i.link ?? made.get(i.id)} onRevoke={() => revoke(i.id)} />)}</ul>
      {loaded.value && list.length === 0 && <p class="empty">No links yet.</p>}
    </section>
  )
}

function Row({ model, invite, link, onRevoke }: { model: BoardModel; invite: Invite; link: string | undefined; onRevoke: () => void }) {
  const about = `${invite.role}, made ${whenOf(invite.made, model.now())}`
  return (
    <li class={`invite ${invite.revoked ? 'revoked' : ''}`}>
      <div class="row apart">
        <span><strong>{roles.find((r) => r.role === invite.role)?.name ?? invite.role}</strong> <span class="hint">{whenOf(invite.made, model.now())}, {invite.used === 0 ? 'not used yet' : `used by ${plural(invite.used, 'person', 'people')}`}</span></span>
        {invite.revoked ? <span class="tag">revoked</span> : <button type="button" class="quiet danger-text" onClick={onRevoke} aria-label={`Revoke the link for a ${about}`}>Revoke</button>}
      </div>
      {link !== undefined && !invite.revoked && (
        <div class="row invite-link">
          <input type="text" readOnly value={link} aria-label={`Link for a ${about}`} onFocus={(e) => e.currentTarget.select()} />
          <button type="button" onClick={() => void copy(model, link)}>Copy</button>
        </div>
      )}
    </li>
  )
}

function copy(model: BoardModel, text: string): Promise<void> {
  return navigator.clipboard.writeText(text).then(
    () => model.tell('The link is copied.'),
    () => model.tell('The browser does not let the page copy: select the link and copy it by hand.', 'error'),
  )
}
