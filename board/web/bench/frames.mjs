// How quickly the wall is drawn: npm run bench:frames [-- --notes N] [-- --data FILE]
//
// Builds the page into a temporary folder, serves it with the stand-in for the
// server, opens a board of 5,000 notes in headless Chromium, and prints the time
// to the first picture and the times between frames while panning and zooming.
// The last column is the time that all of the browser's processes were at work for
// a frame; unlike the others it says little of what else the machine is doing.
// With --data, the notes are those of a file of EventStormer's (stickies with
// kind, text, x and y).
import { createReadStream, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { chromium } from 'playwright-core'
import { build, createServer } from 'vite'

const { values: options } = parseArgs({ options: { notes: { type: 'string', default: '5000' }, data: { type: 'string' }, chromium: { type: 'string', default: '/usr/bin/chromium' } } })
const frames = 120
const root = new URL('..', import.meta.url).pathname
const out = mkdtempSync(join(tmpdir(), 'wall-bench-'))

const types = { html: 'text/html', js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml', woff2: 'font/woff2' }

/** built serves the page as it was built, before the development server serves its sources. */
const built = {
  name: 'built-page',
  enforce: 'pre',
  configureServer(server) {
    server.middlewares.use((req, res, next) => {
      const path = new URL(req.url, 'http://localhost').pathname
      if (path.startsWith('/api/')) return next()
      const file = join(out, existsSync(join(out, path)) && path !== '/' ? path : 'index.html')
      res.setHeader('Content-Type', types[file.split('.').pop()] ?? 'application/octet-stream')
      createReadStream(file).pipe(res)
    })
  },
}

/** itemsOf makes the state of a board of a file of stickies. */
function itemsOf(file) {
  const kinds = { person: 'actor', glossary: 'term' }
  const { stickies } = JSON.parse(readFileSync(file, 'utf8'))
  const size = { actor: [76, 76], system: [164, 112], hotspot: [94, 94], opportunity: [104, 96], term: [144, 76] }
  return stickies.map((s, i) => {
    const kind = kinds[s.kind] ?? s.kind
    const [w, h] = size[kind] ?? [112, 112]
    return { type: 'note', id: `note-${i}`, kind, text: `${s.text} ${i}`, x: Math.round(s.x), y: Math.round(s.y), w, h, by: 'someone', at: 1 }
  })
}

/** run runs in the page: it moves the camera frame by frame and takes the times. A way has the camera at its two ends; zooming goes by equal factors. */
async function run({ from, to, count }) {
  const stage = document.querySelector('.wall').stage
  const frame = () => new Promise((done) => requestAnimationFrame(done))
  const numbers = (list) => {
    const a = list.sort((x, y) => x - y)
    const at = (part) => a[Math.min(a.length - 1, Math.floor(a.length * part))]
    return { median: at(0.5), p95: at(0.95), max: a[a.length - 1] }
  }
  const { w, h } = stage.view
  const cameraAt = (i) => {
    const part = i / count
    const zoom = from.zoom * (to.zoom / from.zoom) ** part
    return { x: from.x + (to.x - from.x) * part - w / 2 / zoom, y: from.y + (to.y - from.y) * part - h / 2 / zoom, zoom }
  }
  const between = []
  const script = []
  stage.camera = cameraAt(0)
  await frame()
  let last = await frame()
  const seen = stage.scene.notesIn({ x: stage.camera.x, y: stage.camera.y, w: w / stage.camera.zoom, h: h / stage.camera.zoom }).length
  for (let i = 0; i < count; i++) {
    stage.camera = cameraAt(i)
    const now = await frame()
    between.push(now - last)
    script.push(stage.painted.ms)
    last = now
  }
  return { seen, between: numbers(between), script: numbers(script) }
}

/** ways are the rows of the table: pans at several zooms, and from all to near and back. */
async function ways(page) {
  const whole = await page.evaluate(() => {
    const stage = document.querySelector('.wall').stage
    stage.fit()
    const { x, y, zoom } = stage.camera
    return { x: x + stage.view.w / 2 / zoom, y: y + stage.view.h / 2 / zoom, zoom }
  })
  const pans = [whole.zoom, 0.15, 0.25, 0.35, 0.5, 0.75, 1, 2].map((zoom) => {
    const to = { x: whole.x + (12 * frames) / zoom, y: whole.y + (5 * frames) / zoom, zoom }
    return { what: `pan at ${zoom.toFixed(2)}`, from: { ...whole, zoom }, to }
  })
  const near = { ...whole, zoom: 2 }
  return [...pans, { what: 'zoom in', from: whole, to: near }, { what: 'zoom out', from: near, to: whole }]
}

/** busy returns the processor's time that the browser has used, in milliseconds. */
async function busy(session) {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  return processInfo.reduce((sum, p) => sum + p.cpuTime * 1000, 0)
}

async function measured(browser, page) {
  const session = await browser.newBrowserCDPSession()
  const rows = []
  for (const way of await ways(page)) {
    const before = await busy(session)
    const row = await page.evaluate(run, { ...way, count: frames })
    rows.push({ what: way.what, ...row, cpu: ((await busy(session)) - before) / frames })
  }
  await session.detach()
  return rows
}

function table(rows) {
  const ms = (v) => v.toFixed(1)
  console.log('| ms | notes in view at first | frame median | p95 | max | script median | p95 | max | processor a frame |\n|---|---|---|---|---|---|---|---|---|')
  for (const r of rows) console.log(`| ${r.what} | ${r.seen} | ${ms(r.between.median)} | ${ms(r.between.p95)} | ${ms(r.between.max)} | ${ms(r.script.median)} | ${ms(r.script.p95)} | ${ms(r.script.max)} | ${ms(r.cpu)} |`)
}

async function measure(browser, address, density) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, deviceScaleFactor: density })
  await context.request.post(`${address}/api/enter`, { data: { name: 'Bench' } })
  const page = await context.newPage()
  page.on('pageerror', (why) => console.error(why))
  if (options.data) {
    const body = JSON.stringify({ seq: 1, items: itemsOf(options.data) })
    await page.route('**/state', (route) => route.fulfill({ contentType: 'application/json', body }))
  }
  const opened = []
  for (let i = 0; i < 3; i++) {
    await page.goto(`${address}/b/n${options.notes}`)
    await page.waitForFunction(() => performance.getEntriesByName('wall-first').length > 0)
    opened.push(await page.evaluate(() => performance.getEntriesByName('wall-first')[0].startTime))
  }
  await page.waitForTimeout(1000)
  const rows = await measured(browser, page)
  const heap = await page.evaluate(() => performance.memory?.usedJSHeapSize ?? 0)
  console.log(`\n${options.data ?? `${options.notes} notes`}, ${density} device pixels to a CSS pixel: first picture after ${opened.map((v) => Math.round(v)).join(', ')} ms from navigation; heap ${Math.round(heap / 1e6)} MB\n`)
  table(rows)
  await context.close()
}

try {
  await build({ root, logLevel: 'error', build: { outDir: out, emptyOutDir: true } })
  const sizes = readdirSync(join(out, 'assets')).filter((f) => f.endsWith('.js')).map((f) => [f, gzipSync(readFileSync(join(out, 'assets', f))).length])
  console.log(`scripts, gzip: ${Math.round(sizes.reduce((sum, [, n]) => sum + n, 0) / 1024)} KB in all; first: ${sizes.filter(([f]) => f.startsWith('index')).map(([f, n]) => `${f} ${Math.round(n / 1024)} KB`).join(', ')}`)
  const server = await createServer({ root, logLevel: 'error', plugins: [built], server: { host: '127.0.0.1', port: 0, hmr: false, watch: null } })
  await server.listen()
  const browser = await chromium.launch({ executablePath: options.chromium, args: ['--no-sandbox', '--enable-unsafe-swiftshader'] })
  try {
    const address = `http://127.0.0.1:${server.httpServer.address().port}`
    for (const density of [1, 2]) await measure(browser, address, density)
  } finally {
    await browser.close()
    await server.close()
  }
} finally {
  rmSync(out, { recursive: true, force: true })
}
