import { useEffect, useRef, useState } from 'preact/hooks'
import type { BoardModel } from '../model/board'
import type { Person } from '../model/types'
import { panel } from '../shell'
import { Popover } from './popover'

const most = 4

/** People shows who is here; a person's name leads to where they are on the wall. */
export function People({ model }: { model: BoardModel }) {
  const [, turn] = useState(0)
  // What others do changes many times a second; only who is here is shown.
  useEffect(() => model.onChange((ids) => { if ([...ids].some((id) => model.people().has(id))) turn((n) => n + 1) }), [model])
  const here = [...model.online.value].flatMap((id) => model.people().get(id) ?? (id === model.me.value?.id ? model.me.value : []))
  const mine = model.me.value?.id
  here.sort((a, b) => Number(b.id === mine) - Number(a.id === mine) || a.name.localeCompare(b.name))
  return (
    <Popover label={here.length === 1 ? 'You are alone here' : `${here.length} people are here`} class="quiet people" button={
      <span class="faces" aria-hidden="true">
        {here.slice(0, most).map((p) => <Face key={p.id} person={p} />)}
        {here.length > most && <span class="face face-more">+{here.length - most}</span>}
      </span>
    }>
      {(close) => (
        <>
          <ul class="menu-list">
            {here.map((p) => (
              <li key={p.id}>
                <button type="button" class="menu-item" disabled={p.id === mine} onClick={() => {
                  follow(model, p.id)
                  close()
                }}>
                  <Face person={p} /> <span class="people-name">{p.name}{p.id === mine && ' (you)'}</span> <span class="hint">{p.role}</span>
                </button>
              </li>
            ))}
          </ul>
          <button type="button" class="menu-item" onClick={() => {
            panel.value = 'invites'
            close()
          }}>Invite people…</button>
        </>
      )}
    </Popover>
  )
}

/** follow moves the camera to where another person is. */
function follow(model: BoardModel, id: string): void {
  const h = model.here.get(id)
  if (h?.x === undefined || h.y === undefined) return model.tell('They have not been on the wall yet.')
  const { w, h: height } = model.free()
  const { zoom } = model.camera.peek()
  model.camera.value = { x: h.x - w / 2 / zoom, y: h.y - height / 2 / zoom, zoom }
}

function Face({ person }: { person: Person }) {
  const ref = useRef<HTMLSpanElement>(null)
  useEffect(() => ref.current?.style.setProperty('--person', person.color || 'var(--quiet)'), [person.color])
  const initials = person.name.split(/\s+/).filter((w) => w !== '').slice(0, 2).map((w) => String.fromCodePoint(w.codePointAt(0)!).toUpperCase()).join('')
  return <span ref={ref} class="face" title={person.name}>{initials || '?'}</span>
}
