import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { BoardModel } from '../model/board'
import type { PanelId } from '../shell'

type Part = ComponentType<{ model: BoardModel }>

// What is not needed for the first picture is loaded when it is first opened.
const parts: Record<PanelId | 'replay', () => Promise<Part>> = {
  session: () => import('../session/SessionPanel').then((m) => m.SessionPanel),
  details: () => import('../details/Details').then((m) => m.Details),
  text: () => import('../text/TextPanel').then((m) => m.TextPanel),
  find: () => import('../find/FindPanel').then((m) => m.FindPanel),
  comments: () => import('../comments/CommentsPanel').then((m) => m.CommentsPanel),
  duplicates: () => import('../duplicates/DuplicatesPanel').then((m) => m.DuplicatesPanel),
  modules: () => import('../modules/ModulesPanel').then((m) => m.ModulesPanel),
  exchange: () => import('../exchange/ExchangePanel').then((m) => m.ExchangePanel),
  invites: () => import('../invites/InvitesPanel').then((m) => m.InvitesPanel),
  help: () => import('../help/HelpPanel').then((m) => m.HelpPanel),
  replay: () => import('../replay/ReplayPanel').then((m) => m.ReplayPanel),
}

const loaded = new Map<string, Part>()

/** Later is a part of the page that is loaded when it is first shown. */
export function Later({ name, model }: { name: PanelId | 'replay'; model: BoardModel }) {
  const [, turn] = useState(0)
  const [trouble, setTrouble] = useState('')
  const [tries, again] = useState(0)
  useEffect(() => {
    if (loaded.has(name)) return
    let dropped = false
    setTrouble('')
    parts[name]().then((part) => {
      loaded.set(name, part)
      if (!dropped) turn((n) => n + 1)
    }, () => {
      if (!dropped) setTrouble('This part of the page could not be loaded. Is there a connection?')
    })
    return () => { dropped = true }
  }, [name, tries])
  const Loaded = loaded.get(name)
  if (Loaded) return <Loaded model={model} />
  if (trouble !== '') return <p class="trouble" role="alert">{trouble} <button type="button" class="quiet" onClick={() => again((n) => n + 1)}>Try again</button></p>
  return <p class="empty" role="status">Loading…</p>
}
