// How long a board of 5,000 notes takes to be seen: npm run bench:open
//
// Builds the program, imports the notes into a board of its own, opens it in headless
// Chromium in a new browser each time, and prints the time from navigation to the
// first picture of the wall and how much script the page loads.
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { chromium } from 'playwright-core'

const { values: options } = parseArgs({ options: { times: { type: 'string', default: '5' }, landfall: { type: 'string' } } })
const root = join(import.meta.dirname, '../../..')
const notes = join(root, 'storm/importer/testdata/boards/perf-test-5000-stickies.json')
const folder = mkdtempSync(join(tmpdir(), 'landfall-open-'))
const program = options.landfall ?? join(folder, 'landfall')
let server, browser

/** opened opens the board as somebody new and returns the times in ms from navigation. */
async function opened(address, board) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  await context.request.post(`${address}/api/enter`, { data: { name: 'Bench' }, headers: { origin: address } })
  const page = await context.newPage()
  const script = []
  page.on('response', (r) => { if (r.url().endsWith('.js')) script.push(r.url().split('/').pop()) })
  await page.goto(`${address}/b/${board}`)
  // The first frame that has notes on it, not an empty wall.
  await page.waitForFunction(() => document.querySelector('.wall')?.stage?.painted.walls > 0)
  const times = await page.evaluate(() => ({
    first: performance.getEntriesByName('wall-first').at(-1).startTime,
    state: performance.getEntriesByType('resource').find((r) => r.name.endsWith('/state'))?.responseEnd ?? 0,
  }))
  await context.close()
  return { ...times, script }
}

try {
  if (options.landfall === undefined) execFileSync('go', ['build', '-o', program, './cmd/landfall'], { cwd: root, stdio: 'inherit', env: { ...process.env, CGO_ENABLED: '0' } })
  const assets = join(root, 'board/web/dist/assets')
  const sizes = new Map(readdirSync(assets).filter((f) => f.endsWith('.js')).map((f) => [f, gzipSync(readFileSync(join(assets, f))).length]))
  mkdirSync(join(folder, 'big'))
  server = spawn(program, ['board', join(folder, 'big'), '--no-open'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const address = await new Promise((done) => createInterface(server.stdout).on('line', (l) => { if (l.startsWith('the board is at ')) done(new URL(l.split(' ').pop()).origin) }))
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--headless', '--enable-unsafe-swiftshader', '--disable-background-networking', '--no-first-run'] })
  const maker = (await browser.newContext()).request
  await maker.post(`${address}/api/enter`, { data: { name: 'Maker' }, headers: { origin: address } })
  const [{ id }] = await (await maker.get(`${address}/api/boards`)).json()
  const answer = await maker.post(`${address}/api/boards/${id}/import?name=perf.json`, { data: readFileSync(notes), headers: { origin: address, 'content-type': 'application/octet-stream' } })
  if (!answer.ok()) throw new Error(await answer.text())
  const rows = []
  for (let i = 0; i < Number(options.times); i++) rows.push(await opened(address, id))
  const ms = (key) => rows.map((r) => Math.round(r[key])).sort((a, b) => a - b)
  const sum = (names) => Math.round(names.reduce((n, f) => n + (sizes.get(f) ?? 0), 0) / 1024)
  console.log(`| | ms from navigation, sorted |\n|---|---|\n| the state has arrived | ${ms('state').join(', ')} |\n| first picture of ${(await answer.json()).notes} notes | ${ms('first').join(', ')} |`)
  console.log(`\nscripts, gzip: ${sum([...new Set(rows[0].script)])} KB until the first picture, ${sum([...sizes.keys()])} KB in all`)
  if (ms('first')[Math.floor(rows.length / 2)] > 1500) process.exitCode = 1
} finally {
  await browser?.close()
  server?.kill('SIGINT')
  rmSync(folder, { recursive: true, force: true })
}
