import { typing } from '../actions/keys'
import { clipIn, htmlOf, textOf } from './clip'
import { copied, paste, pasteLines, remove } from './edits'
import type { Stage } from './stage'

/**
 * listenToClipboard copies, cuts and pastes notes while the focus is on the wall
 * or on nothing. Notes travel with their links, to other boards too; other
 * programs see them as lines, and lines of theirs become notes.
 */
export function listenToClipboard(s: Stage, wall: HTMLElement): () => void {
  const stop = new AbortController()
  const mine = () => !typing(document.activeElement) && (document.activeElement === document.body || wall.contains(document.activeElement))
  const take = (e: ClipboardEvent, cut: boolean) => {
    if (!mine() || !e.clipboardData) return
    const clip = copied(s.model, s.scene)
    if (!clip) return
    e.preventDefault()
    e.clipboardData.setData('text/plain', textOf(clip))
    e.clipboardData.setData('text/html', htmlOf(clip))
    s.say(clip.notes.length === 1 ? '1 note copied' : `${clip.notes.length} notes copied`)
    if (cut && s.model.mayEdit()) remove(s.model)
  }
  document.addEventListener('copy', (e) => take(e, false), { signal: stop.signal })
  document.addEventListener('cut', (e) => take(e, true), { signal: stop.signal })
  document.addEventListener(
    'paste',
    (e) => {
      if (!mine() || !e.clipboardData || !s.model.mayEdit()) return
      e.preventDefault()
      put(s, e.clipboardData.getData('text/html'), e.clipboardData.getData('text/plain'))
    },
    { signal: stop.signal },
  )
  return () => stop.abort()
}

/** put pastes what the clipboard holds at the pointer, or in the middle of what is seen. */
export function put(s: Stage, html: string, text: string): void {
  const at = s.model.pointer.peek() ?? s.model.middle()
  const clip = clipIn(html)
  if (clip) paste(s.model, s.scene, clip, { at })
  else pasteLines(s.model, s.scene, text, s.active()?.kind === 'command' ? 'command' : 'event', at)
}

/** write puts the selected notes onto the clipboard without the browser's own command, as from a menu. */
export async function write(s: Stage): Promise<void> {
  const clip = copied(s.model, s.scene)
  if (!clip) return
  const text = textOf(clip)
  try {
    await navigator.clipboard.write([
      new ClipboardItem({
        'text/plain': new Blob([text], { type: 'text/plain' }),
        'text/html': new Blob([htmlOf(clip)], { type: 'text/html' }),
      }),
    ])
    s.say(clip.notes.length === 1 ? '1 note copied' : `${clip.notes.length} notes copied`)
  } catch {
    s.model.tell('The browser did not let this page copy. Press Ctrl+C instead.', 'error')
  }
}

/** read pastes from the clipboard without the browser's own command. */
export async function read(s: Stage): Promise<void> {
  try {
    let html = ''
    let text = ''
    for (const item of await navigator.clipboard.read()) {
      if (item.types.includes('text/html')) html = await (await item.getType('text/html')).text()
      if (item.types.includes('text/plain')) text = await (await item.getType('text/plain')).text()
    }
    put(s, html, text)
  } catch {
    s.model.tell('The browser did not let this page read the clipboard. Press Ctrl+V instead.', 'error')
  }
}
