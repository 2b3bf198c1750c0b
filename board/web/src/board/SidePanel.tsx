import { useEffect, useRef } from 'preact/hooks'
import { plural } from '../details/parts'
import { Icon, type IconName } from '../icons'
import type { BoardModel } from '../model/board'
import type { Problem } from '../model/types'
import { panel, toggle, type PanelId } from '../shell'
import { Later } from './later'

const tabs: readonly { id: PanelId; title: string; only?: 'facilitator' }[] = [
  { id: 'session', title: 'Session' },
  { id: 'details', title: 'Details' },
  { id: 'comments', title: 'Comments' },
  { id: 'find', title: 'Find and filter' },
  { id: 'text', title: 'Storm text' },
  { id: 'duplicates', title: 'Duplicates' },
  { id: 'modules', title: 'Modules' },
  { id: 'exchange', title: 'Land, import, export' },
  { id: 'invites', title: 'People and invites' },
  { id: 'help', title: 'Help' },
]

/** PanelBar opens the panels. */
export function PanelBar({ model }: { model: BoardModel }) {
  const count = (severity: Problem['severity']) => model.problems.value.filter((p) => p.severity === severity).length
  const [errors, warnings] = [count('error'), count('warning')]
  // The sign counts what is worst; a hint is nothing to be alarmed about.
  const [problems, worst] = errors > 0 ? [errors, 'error'] : [warnings, 'warning']
  const told = [errors > 0 ? plural(errors, 'error') : '', warnings > 0 ? plural(warnings, 'warning') : ''].filter((t) => t !== '').join(' and ')
  const bar = useRef<HTMLElement>(null)
  const open = panel.value
  useEffect(() => {
    // On a phone the bar is longer than the screen is wide.
    if (open !== null) bar.current?.querySelector('[aria-expanded=true]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [open])
  return (
    <nav ref={bar} class="panel-bar" aria-label="Panels">
      {tabs.map((t) => (
        <button
          key={t.id} type="button" class="panel-tab" aria-label={t.id === 'text' && problems > 0 ? `${t.title}, ${told}` : t.title} title={t.title} aria-expanded={panel.value === t.id}
          {...(panel.value === t.id ? { 'aria-controls': 'panel' } : {})} onClick={() => toggle(t.id)}
        >
          <Icon name={t.id as IconName} />
          {t.id === 'text' && problems > 0 && <span class={`panel-count panel-${worst}`} aria-hidden="true">{problems > 99 ? '99+' : problems}</span>}
        </button>
      ))}
    </nav>
  )
}

/** SidePanel shows the panel that is open: at the side, or on a phone from below. */
export function SidePanel({ model }: { model: BoardModel }) {
  const id = panel.value
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (id !== null) heading.current?.focus({ preventScroll: true })
  }, [id])
  const side = useRef<HTMLElement>(null)
  useEffect(() => (side.current ? keepFocus(side.current, () => heading.current?.focus({ preventScroll: true })) : undefined), [id])
  if (id === null) return null
  const title = tabs.find((t) => t.id === id)!.title
  const keys = (e: KeyboardEvent) => {
    if (e.key !== 'Escape' || e.defaultPrevented) return
    e.preventDefault()
    panel.value = null
    document.querySelector<HTMLElement>('[data-surface], .list-view [tabindex="0"]')?.focus({ preventScroll: true })
  }
  return (
    <aside ref={side} class={`side side-${id}`} id="panel" aria-label={title} onKeyDown={keys}>
      <header class="side-head">
        <h2 ref={heading} tabIndex={-1}>{title}</h2>
        <button type="button" class="quiet icon-button" aria-label={`Close ${title.toLowerCase()}`} onClick={() => { panel.value = null }}><Icon name="close" /></button>
      </header>
      <div class="side-body"><Later key={id} name={id} model={model} /></div>
    </aside>
  )
}

/**
 * keepFocus gives the focus to something else in a panel when what had it is gone
 * or can no longer be used, such as the button of a proposal that was taken: who
 * works with the keys would have to begin at the top of the page.
 */
function keepFocus(side: HTMLElement, rescue: () => void): () => void {
  let last: Element | null = null
  const look = () => {
    const lost = last !== null && (!last.isConnected || last.matches(':disabled'))
    if (lost && (document.activeElement === document.body || document.activeElement === last)) rescue()
  }
  const focused = (e: FocusEvent) => { last = e.target as Element }
  const left = (e: FocusEvent) => { if (e.relatedTarget) last = null }
  const changes = new MutationObserver(look)
  side.addEventListener('focusin', focused)
  side.addEventListener('focusout', left)
  changes.observe(side, { childList: true, subtree: true, attributes: true, attributeFilter: ['disabled'] })
  return () => {
    changes.disconnect()
    side.removeEventListener('focusin', focused)
    side.removeEventListener('focusout', left)
  }
}
