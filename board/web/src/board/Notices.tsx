import { Icon } from '../icons'
import type { BoardModel } from '../model/board'

/** Notices is what the user is told; a screen reader reads it out. */
export function Notices({ model }: { model: BoardModel }) {
  return (
    <div class="notices" role="log" aria-live="polite" aria-label="Notices">
      {model.notices.value.map((n) => (
        <div
          key={n.id} class={`notice notice-${n.kind}`}
          onPointerEnter={() => model.holdNotice(n.id, true)} onPointerLeave={() => model.holdNotice(n.id, false)}
          onFocusIn={() => model.holdNotice(n.id, true)} onFocusOut={() => model.holdNotice(n.id, false)}
        >
          <p>{n.text}</p>
          <button type="button" class="quiet icon-button" aria-label="Put this notice away" onClick={() => model.hush(n.id)}><Icon name="close" /></button>
        </div>
      ))}
    </div>
  )
}
