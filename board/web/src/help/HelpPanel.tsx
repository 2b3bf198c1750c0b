import { shown } from '../actions/keys'
import { actions, changed, type Action } from '../actions/registry'
import { Swatch } from '../details/parts'
import type { BoardModel } from '../model/board'
import { kinds } from '../model/kinds'
import './help.css'

const first: readonly [string, string][] = [
  ['Write', 'Press E and type what has happened, in the past tense: “Order placed”. Enter ends it, Shift+Enter makes a new line. Paste a list, and each line becomes a note.'],
  ['Go on', 'Tab makes the next sensible note to the right and links it: after a command its event, after an event a policy.'],
  ['Order', 'Drag notes so that time runs from left to right, loosely. Tidy makes it neat without changing who stands before whom.'],
  ['Link', 'Drag from the edge of a note to another, or press L and choose with the arrow keys. The kinds decide what the link means; where there is none, the board says why.'],
  ['Ask', 'Put a hotspot (H) wherever there is doubt, instead of a debate.'],
  ['Land', 'Press Ctrl+S: the storm is written to its file, from which pictures, code and tasks come.'],
]

const grammar: readonly [string, string][] = [
  ['An actor or a system', 'issues a command.'],
  ['A command', 'is handled by an aggregate or a system, and leads to events.'],
  ['An aggregate or a system', 'emits events.'],
  ['An event', 'triggers a policy, or updates a projection.'],
  ['A policy', 'invokes commands: whenever this, then that.'],
  ['A projection', 'informs an actor, or supports a policy.'],
  ['Hotspots, opportunities, rules and notes', 'stick on anything.'],
]

/** HelpPanel tells how to begin, what the colours mean, and every key. */
export function HelpPanel({ model }: { model: BoardModel }) {
  return (
    <div class="help" tabIndex={0}>
      <section class="panel-part">
        <h3>Getting started</h3>
        {model.role.value === 'viewer' && <p class="hint">You are here to look. What follows is for those who write.</p>}
        <dl class="help-steps">{first.map(([name, text]) => <div key={name}><dt>{name}</dt><dd>{text}</dd></div>)}</dl>
      </section>
      <section class="panel-part">
        <h3>The notes</h3>
        <table class="help-table">
          <thead class="sr-only"><tr><th>Note</th><th>Meaning</th><th>Key</th></tr></thead>
          <tbody>{kinds.map((k) => <tr key={k.kind}><th scope="row"><span class="help-kind"><Swatch kind={k.kind} /> {k.name}</span></th><td>{k.means}</td><td>{k.key !== '' && <kbd>{k.key.toUpperCase()}</kbd>}</td></tr>)}</tbody>
        </table>
      </section>
      <section class="panel-part">
        <h3>How they go together</h3>
        <dl class="help-grammar">{grammar.map(([who, what]) => <div key={who}><dt>{who}</dt><dd>{what}</dd></div>)}</dl>
      </section>
      <section class="panel-part">
        <h3>All keys</h3>
        {changed.value >= 0 && grouped().map(([group, list]) => (
          <section key={group} aria-label={group}>
            <h4>{group}</h4>
            <table class="help-table">
              <thead class="sr-only"><tr><th>What it does</th><th>Keys</th></tr></thead>
              <tbody>{list.map((a) => <tr key={a.id}><th scope="row">{a.title}</th><td class="help-keys">{a.keys!.map((k) => <kbd key={k}>{shown(k)}</kbd>)}</td></tr>)}</tbody>
            </table>
          </section>
        ))}
      </section>
    </div>
  )
}

/** grouped are all actions with keys, by what they are about. */
function grouped(): [string, Action[]][] {
  const groups = new Map<string, Action[]>()
  for (const a of actions()) {
    if ((a.keys?.length ?? 0) === 0) continue
    groups.set(a.group, [...(groups.get(a.group) ?? []), a])
  }
  return [...groups]
}
