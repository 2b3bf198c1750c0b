import type { Plugin } from 'vite'

/** standIn answers for the server while the page is developed. It is not part of what is built. */
export function standIn(): Plugin {
  return { name: 'landfall-stand-in', apply: 'serve' }
}
