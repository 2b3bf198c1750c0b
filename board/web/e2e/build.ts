import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

/** setup builds the program with the page that is committed. LANDFALL names one that is built already. */
export default function setup(project: TestProject): (() => void) | undefined {
  const built = process.env['LANDFALL']
  if (built !== undefined) {
    project.provide('landfall', built)
    return undefined
  }
  const out = mkdtempSync(join(tmpdir(), 'landfall-e2e-'))
  const program = join(out, 'landfall')
  execFileSync('go', ['build', '-o', program, './cmd/landfall'], { cwd: join(import.meta.dirname, '../../..'), stdio: 'inherit', env: { ...process.env, CGO_ENABLED: '0' } })
  project.provide('landfall', program)
  return () => rmSync(out, { recursive: true, force: true })
}
