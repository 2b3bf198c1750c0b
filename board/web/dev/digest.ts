import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

/** What the build is made of: these files, and all in these folders but tests. */
const sources = ['index.html', 'package.json', 'package-lock.json', 'public', 'src', 'tsconfig.json', 'vite.config.ts']

/** Has the build say of which sources it is, so that Go alone can tell whether they have
 * changed since. embed_test.go computes the same. */
export function digest(): Plugin {
  return {
    name: 'digest of the sources',
    apply: 'build',
    generateBundle() {
      const root = join(import.meta.dirname, '..')
      this.emitFile({ type: 'asset', fileName: 'sources.sha256', source: digestOf(root) + '\n' })
    },
  }
}

function digestOf(root: string): string {
  const all = createHash('sha256')
  for (const path of sources.flatMap((name) => filesIn(root, name)).sort()) {
    all.update(`${createHash('sha256').update(readFileSync(join(root, path))).digest('hex')}  ${path}\n`)
  }
  return all.digest('hex')
}

function filesIn(root: string, name: string): string[] {
  if (name.includes('.')) {
    return [name]
  }
  return readdirSync(join(root, name), { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile() && !/\.test\.tsx?$/.test(e.name))
    .map((e) => join(e.parentPath, e.name).slice(root.length + 1).replaceAll('\\', '/'))
}
