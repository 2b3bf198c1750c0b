import type { BoardModel } from '../model/board'

/** InvitesPanel is whom the facilitator has invited. */
export function InvitesPanel({ model }: { model: BoardModel }) {
  return <p class="empty">Invitations{model.replaying.value === null ? '' : '.'}</p>
}
