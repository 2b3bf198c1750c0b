import { computed, signal } from '@preact/signals'
import type { Theme } from './model/kinds'

// What of the page is open, and how it looks. It is this browser's own and not
// of the board.

export type PanelId =
  | 'session' | 'details' | 'text' | 'find' | 'comments' | 'duplicates' | 'modules' | 'exchange' | 'invites' | 'help'

/** panel is what is open at the side. */
export const panel = signal<PanelId | null>(null)

/** view is how the board is shown: as a wall, or as a list that can be read out. */
export const view = signal<'wall' | 'list'>('wall')

/** palette says whether the command palette is open. */
export const palette = signal(false)

/** replay says whether the bar of the replay is open. */
export const replay = signal(false)

/** minimap says whether the minimap is shown. */
export const minimap = signal(true)

/** toggle opens a panel, or closes it when it is open. */
export function toggle(id: PanelId): void {
  panel.value = panel.peek() === id ? null : id
}

export type ThemeChoice = Theme | 'system'

const dark = typeof matchMedia === 'undefined' ? null : matchMedia('(prefers-color-scheme: dark)')
const systemTheme = signal<Theme>(dark?.matches ? 'dark' : 'light')
dark?.addEventListener('change', (e) => (systemTheme.value = e.matches ? 'dark' : 'light'))

export const themeChoice = signal<ThemeChoice>(stored())

/** theme is the theme that is shown. */
export const theme = computed<Theme>(() => (themeChoice.value === 'system' ? systemTheme.value : themeChoice.value))

function stored(): ThemeChoice {
  const text = typeof localStorage === 'undefined' ? null : localStorage.getItem('landfall:theme')
  return text === 'light' || text === 'dark' ? text : 'system'
}

/** chooseTheme changes the theme and remembers it. */
export function chooseTheme(choice: ThemeChoice): void {
  themeChoice.value = choice
  try {
    localStorage.setItem('landfall:theme', choice)
  } catch {
    // It is then chosen for this visit alone.
  }
}
