import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { inject } from 'vitest'

declare module 'vitest' {
  export interface ProvidedContext {
    /** the program, built from the sources of this checkout */
    landfall: string
  }
}

/** Served is a running `landfall board`. */
export interface Served {
  /** what it printed: where the board is, on a shared one with the token of its facilitator */
  link: string
  /** http://127.0.0.1:PORT */
  address: string
  /** the folder that it serves */
  folder: string
  child: ChildProcess
  /** what it wrote to stderr */
  log: () => string
}

const running = new Set<ChildProcess>()
const folders = new Set<string>()

/** folder makes an empty folder that is gone after the tests; its last part is the name of the board in it. */
export function folder(name: string): string {
  const parent = mkdtempSync(join(tmpdir(), 'landfall-e2e-'))
  folders.add(parent)
  return join(parent, name)
}

/** serve starts `landfall board` on a path and waits until it says where it is. */
export async function serve(path: string, ...flags: string[]): Promise<Served> {
  const child = spawn(inject('landfall'), ['board', path, '--no-open', ...flags], { stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  let errors = ''
  child.stderr.on('data', (text: Buffer) => (errors += text.toString()))
  const link = await new Promise<string>((done, fail) => {
    child.once('exit', (code) => fail(new Error(`the board ended with ${String(code)}: ${errors}`)))
    createInterface(child.stdout).on('line', (line) => {
      const at = /^the board is at (\S+)/.exec(line)
      if (at) done(at[1]!)
    })
  })
  return { link, address: new URL(link).origin, folder: path, child, log: () => errors }
}

/** end ends a board: by the signal of Ctrl+C, or, as a power cut would, by SIGKILL. */
export async function end(served: Served, signal: 'SIGINT' | 'SIGKILL' = 'SIGINT'): Promise<void> {
  running.delete(served.child)
  if (served.child.exitCode !== null || served.child.signalCode !== null) return
  const over = new Promise((done) => served.child.once('exit', done))
  served.child.kill(signal)
  await over
}

/** freePort is a port of loopback that nobody listens on now. */
export async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done))
  const { port } = probe.address() as { port: number }
  await new Promise((done) => probe.close(done))
  return port
}

/** clean ends what still runs, and removes the folders. */
export function clean(): void {
  for (const child of running) child.kill('SIGKILL')
  running.clear()
  for (const f of folders) rmSync(f, { recursive: true, force: true })
  folders.clear()
}
