import { shown } from '../actions/keys'
import { action, changed, possible, run } from '../actions/registry'
import { Icon } from '../icons'
import type { BoardModel } from '../model/board'
import { chooseTheme, themeChoice, view } from '../shell'
import { Popover } from './popover'

const items = ['edit.redo', 'palette.open', 'view.list', 'view.replay', 'board.rename', 'board.copy.address', 'panel.help', 'board.leave']

/** Menu has what is needed now and then, and on a phone what the bar has no room for. */
export function Menu({ model }: { model: BoardModel }) {
  const replaying = model.replaying.value !== null
  const names: Record<string, string> = { ...(replaying ? { 'view.replay': 'Leave the replay' } : {}), 'view.list': view.value === 'list' ? 'Show as a wall' : 'Show as a list' }
  return (
    <Popover label="More" class="quiet icon-button" button={<Icon name="more" />}>
      {(close) => (
        <>
          <ul class="menu-list">
            {changed.value >= 0 && items.flatMap((id) => action(id) ?? []).filter(possible).map((a) => (
              <li key={a.id} {...(a.id === 'edit.redo' ? { class: 'only-phone' } : {})}>
                <button type="button" class="menu-item" onClick={() => {
                  close()
                  run(a.id)
                }}><span>{names[a.id] ?? a.title}</span>{a.keys?.[0] && <kbd>{shown(a.keys[0])}</kbd>}</button>
              </li>
            ))}
          </ul>
          <fieldset class="theme-choice">
            <legend class="hint">Theme</legend>
            {(['light', 'dark', 'system'] as const).map((t) => (
              <label key={t} class="theme-option">
                <input type="radio" name="theme" checked={themeChoice.value === t} onChange={() => chooseTheme(t)} />
                <Icon name={t === 'light' ? 'sun' : t === 'dark' ? 'moon' : 'system'} /> <span>{t[0]!.toUpperCase() + t.slice(1)}</span>
              </label>
            ))}
          </fieldset>
        </>
      )}
    </Popover>
  )
}
