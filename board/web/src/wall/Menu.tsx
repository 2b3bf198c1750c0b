import { useEffect, useRef } from 'preact/hooks'
import { shown } from '../actions/keys'
import { action, possible, type Action } from '../actions/registry'
import { kindOf, kinds } from '../model/kinds'
import type { Fix, Problem } from '../model/types'
import { theme } from '../shell'
import { applyFix } from '../text/fix'
import { changeKind } from './actions'
import type { MenuAt, Stage } from './stage'
import { tidied } from './tidy'

const ofNotes = [
  ['note.write', 'note.next', 'note.link', 'edit.pivotal'],
  ['note.comment', 'note.details'],
  ['edit.copy', 'edit.cut', 'edit.paste', 'edit.duplicate', 'edit.merge', 'edit.remove'],
  ['arrange.left', 'arrange.centre', 'arrange.right', 'arrange.top', 'arrange.middle', 'arrange.bottom', 'arrange.across', 'arrange.down', 'arrange.tidy'],
  ['view.fit.selection'],
]
const ofWall = [
  ['note.add.event', 'note.add.command', 'note.add.policy', 'note.add.hotspot', 'note.add.text', 'note.add.module', 'note.add.line', 'note.add.lane'],
  ['edit.paste', 'edit.select.all'],
  ['arrange.tidy', 'view.fit', 'view.minimap'],
]

/** In the menu it is plain what an action is about, so its title can be shorter than in the palette. */
const short: Record<string, string> = {
  'note.write': 'Write', 'note.next': 'Add the next note', 'note.link': 'Link…', 'note.comment': 'Comment…', 'note.details': 'Details…', 'edit.pivotal': 'Pivotal',
  'edit.copy': 'Copy', 'edit.cut': 'Cut', 'edit.paste': 'Paste', 'edit.duplicate': 'Duplicate', 'edit.merge': 'Merge into the first selected', 'edit.remove': 'Remove', 'view.fit.selection': 'Zoom to it', 'arrange.tidy': 'Tidy',
}

/** Menu is the context menu of the wall: by the right button, a long press, or the menu key. */
export function Menu({ stage, at }: { stage: Stage; at: MenuAt }) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const el = box.current
    if (!el) return
    const room = el.parentElement!.getBoundingClientRect()
    el.style.left = `${Math.max(8, Math.min(at.x + 2, room.width - el.offsetWidth - 8))}px`
    el.style.top = `${Math.max(8, Math.min(at.y + 2, room.height - el.offsetHeight - 8))}px`
    const first = el.querySelector<HTMLElement>('[aria-checked=true]') ?? el.querySelector<HTMLElement>('[role^=menuitem]')
    first?.focus({ preventScroll: true })
  }, [at])
  const close = () => {
    stage.menu.value = null
    box.current?.parentElement?.querySelector<HTMLElement>('[data-surface]')?.focus({ preventScroll: true })
  }
  const run = (a: Action) => {
    // What is made from the menu of the wall comes to lie where the menu was opened.
    if (a.id.startsWith('note.add.') || a.id === 'edit.paste') {
      stage.model.pointer.value = at.at
      stage.pointed = true
    }
    close()
    a.run()
  }
  const some = stage.model.selection.value.size > 0
  const problems = stage.active() ? stage.problemsOf(stage.active()!.id) : []
  const groups = at.only === 'problems' ? [] : some ? ofNotes : ofWall
  // In the menu of one note nobody expects the whole wall to move.
  const fits = (id: string) => id !== 'arrange.tidy' || !some || tidied(stage.model) !== undefined
  return (
    <div ref={box} class="wall-menu" role="menu" tabIndex={0} aria-label={some ? 'What is selected' : 'The wall'} onKeyDown={(e) => keys(e, close)} onContextMenu={(e) => e.preventDefault()}>
      {problems.map((p) => <ProblemEntry key={`${p.code} ${p.from}`} problem={p} stage={stage} close={close} />)}
      {some && at.only === undefined && stage.model.mayEdit() && <Kinds stage={stage} close={close} />}
      {groups.map((ids) => <Group key={ids[0]} ids={ids.filter(fits)} run={run} />)}
    </div>
  )
}

function Group({ ids, run }: { ids: readonly string[]; run: (a: Action) => void }) {
  const list = ids.map((id) => action(id)).filter((a) => a !== undefined && possible(a)) as Action[]
  if (list.length === 0) return null
  return (
    <ul role="group" class="wall-menu-group">
      {list.map((a) => {
        const [title, key] = labelled(a)
        return (
          <li key={a.id} role="none">
            <button type="button" role="menuitem" tabIndex={-1} class="wall-menu-item" onClick={() => run(a)}>
              <span>{title}</span>{key && <kbd>{key}</kbd>}
            </button>
          </li>
        )
      })}
    </ul>
  )
}

/** labelled parts a title from the browser's own keys that it ends with. */
function labelled(a: Action): [string, string] {
  const m = /^(.*) \((Ctrl\+.)\)$/.exec(a.title)
  if (m) return [short[a.id] ?? m[1]!, shown(m[2]!)]
  return [short[a.id] ?? a.title, a.keys?.[0] ? shown(a.keys[0]) : '']
}

function Kinds({ stage, close }: { stage: Stage; close: () => void }) {
  const now = stage.active()?.kind
  if (now !== undefined && kindOf(now).group === 'wall' && now !== 'text') return null
  return (
    <div role="group" aria-label="Kind" class="wall-menu-kinds">
      {kinds.filter((k) => k.group !== 'wall').map((k) => (
        <button
          key={k.kind} type="button" role="menuitemradio" aria-checked={k.kind === now} aria-label={k.name} title={k.name} tabIndex={-1} class="wall-menu-kind"
          ref={(el) => {
            if (el) el.style.backgroundColor = k.paper[theme.value]
          }}
          onClick={() => {
            close()
            changeKind(stage, k.kind)
          }}
        />
      ))}
    </div>
  )
}

function ProblemEntry({ problem: p, stage, close }: { problem: Problem; stage: Stage; close: () => void }) {
  const fix = (f: Fix) => {
    close()
    applyFix(stage.model, f)
  }
  return (
    <div role="group" aria-label={p.message} class={`wall-menu-problem is-${p.severity}`}>
      <p class="wall-menu-message">{p.message}</p>
      {p.help && <p class="wall-menu-help">{p.help}</p>}
      {stage.model.mayEdit() && (p.fixes ?? []).map((f) => (
        <button key={f.message} type="button" role="menuitem" tabIndex={-1} class="wall-menu-item" onClick={() => fix(f)}>{f.message}</button>
      ))}
    </div>
  )
}

/** keys goes through the entries with the arrow keys. */
function keys(e: KeyboardEvent, close: () => void): void {
  const menu = e.currentTarget as HTMLElement
  const items = [...menu.querySelectorAll<HTMLElement>('[role^=menuitem]')]
  const at = items.indexOf(document.activeElement as HTMLElement)
  const to = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: items.length - 1 }[e.key]
  if (to !== undefined) items[(to + items.length) % items.length]?.focus()
  else if (e.key === 'Escape' || e.key === 'Tab') close()
  else if (e.key !== 'Enter' && e.key !== ' ') return
  else return e.stopPropagation() // the entry itself is pressed
  e.preventDefault()
  e.stopPropagation()
}
