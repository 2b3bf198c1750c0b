// Keys are written "Ctrl+Shift+Z", "e", "Shift+ArrowUp", "?", "Delete". Ctrl is
// the command key on a Mac. Shift is written for letters and named keys; of a
// sign such as "?" or "+" it is part.

const mac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent)

/** KeyLike is what is read of a keyboard event. */
export interface KeyLike {
  key: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
  shiftKey: boolean
}

/** keyOf returns how the keys of an event are written. */
export function keyOf(e: KeyLike): string {
  const key = e.key === ' ' ? 'Space' : e.key.length === 1 ? e.key.toLowerCase() : e.key
  const named = key.length > 1 || /\p{L}/u.test(key)
  let out = ''
  if (e.ctrlKey || e.metaKey) out += 'Ctrl+'
  if (e.altKey) out += 'Alt+'
  if (e.shiftKey && named) out += 'Shift+'
  return out + key
}

/** normal returns keys as keyOf writes them. */
export function normal(keys: string): string {
  const parts = keys.split(/\+(?=.)/)
  const key = parts.pop() ?? ''
  const has = (m: string) => parts.includes(m)
  return (has('Ctrl') ? 'Ctrl+' : '') + (has('Alt') ? 'Alt+' : '') + (has('Shift') ? 'Shift+' : '') + (key.length === 1 ? key.toLowerCase() : key)
}

const signs: Record<string, string> = {
  ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→', Escape: 'Esc', Delete: 'Del',
}

/** shown returns keys as people read them. */
export function shown(keys: string): string {
  const parts = normal(keys).split(/\+(?=.)/).map((p) => signs[p] ?? (p.length === 1 ? p.toUpperCase() : p))
  if (!mac) return parts.join('+')
  return parts.map((p) => ({ Ctrl: '⌘', Alt: '⌥', Shift: '⇧' })[p] ?? p).join('')
}

/** typing reports whether an event goes to something that text is written into. */
export function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true
  if (target instanceof HTMLInputElement) return !['button', 'checkbox', 'radio', 'range', 'submit', 'reset', 'color', 'file'].includes(target.type)
  return false
}
