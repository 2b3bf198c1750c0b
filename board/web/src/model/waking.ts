/**
 * whenWaking calls wake whenever there is a reason to believe that the machine
 * slept or that its line has changed, and returns how to end that.
 */
export function whenWaking(wake: () => void): () => void {
  const visible = () => { if (document.visibilityState === 'visible') wake() }
  const list: [EventTarget, string, () => void][] = [
    [document, 'visibilitychange', visible], [window, 'online', wake], [window, 'offline', wake], [window, 'pageshow', visible],
  ]
  for (const [target, type, f] of list) target.addEventListener(type, f)
  return () => {
    for (const [target, type, f] of list) target.removeEventListener(type, f)
  }
}
