import { add } from '../actions/core'
import { shown } from '../actions/keys'
import type { BoardModel } from '../model/board'
import { kinds, type Kind } from '../model/kinds'

/** Rail has a paper for each kind of note: a click adds one, a drag puts it where it is dropped. */
export function Rail({ model }: { model: BoardModel }) {
  const locked = !model.mayEdit()
  const group = (name: Kind['group']) => kinds.filter((k) => k.group === name)
  return (
    <nav class="rail" aria-label="Add notes">
      {(['flow', 'sticky', 'word', 'wall'] as const).map((name) => (
        <ul key={name} class="rail-group">
          {group(name).map((k) => <li key={k.kind}><Paper model={model} kind={k} locked={locked} /></li>)}
        </ul>
      ))}
    </nav>
  )
}

function Paper({ model, kind: k, locked }: { model: BoardModel; kind: Kind; locked: boolean }) {
  const key = k.key ? shown(k.key) : ''
  return (
    <button
      type="button" class="rail-kind" disabled={locked} draggable={!locked}
      title={`${k.name}${key ? ` (${key})` : ''}: ${k.means}`} aria-label={`Add ${k.name.toLowerCase()}`} {...(key ? { 'aria-keyshortcuts': key } : {})}
      onClick={() => {
        model.pointer.value = null // it is added where one looks, not where the mouse left the wall
        add(model, k.kind)
      }}
      onDragStart={(e) => {
        e.dataTransfer?.setData('application/x-landfall-kind', k.kind)
        if (e.dataTransfer) e.dataTransfer.effectAllowed = 'copy'
      }}
    >
      <span class={`rail-paper rail-${k.kind}`} aria-hidden="true" />
      <span class="rail-name">{k.name}</span>
      {key && <kbd aria-hidden="true">{key}</kbd>}
    </button>
  )
}
