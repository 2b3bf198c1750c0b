import { signal } from '@preact/signals'

// The page's addresses: / for the boards, /b/ID for one, /join#TOKEN for an
// invite.

export type Route = { page: 'boards' } | { page: 'board'; id: string } | { page: 'join'; token: string }

export const route = signal<Route>(read())

function read(): Route {
  if (typeof location === 'undefined') return { page: 'boards' }
  const board = /^\/b\/([^/]+)/.exec(location.pathname)
  if (board) return { page: 'board', id: decodeURIComponent(board[1]!) }
  if (location.pathname === '/join') return { page: 'join', token: location.hash.slice(1) }
  return { page: 'boards' }
}

/** go goes to an address of the page without loading it anew. */
export function go(path: string, replace = false): void {
  if (replace) history.replaceState(null, '', path)
  else history.pushState(null, '', path)
  route.value = read()
}

/** boardPath is where a board is. */
export function boardPath(id: string): string {
  return `/b/${encodeURIComponent(id)}`
}

/** follow is the click handler of links within the page; it leaves those alone that open elsewhere. */
export function follow(e: MouseEvent & { currentTarget: HTMLAnchorElement }): void {
  if (e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return
  e.preventDefault()
  go(e.currentTarget.pathname + e.currentTarget.hash)
}

if (typeof window !== 'undefined') {
  const again = () => { route.value = read() }
  window.addEventListener('popstate', again)
  window.addEventListener('hashchange', again)
}
