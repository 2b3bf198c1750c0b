// Reads what Landfall exports with the tools that the formats come from:
//
//   node check.mjs asyncapi FILE...      AsyncAPI's own parser
//   node check.mjs mermaid FILE...       Mermaid itself, in the browser CHROMIUM
//   node check.mjs eventcatalog FOLDER   EventCatalog's SDK
//
// It prints a line for each file that is well, and exits with 1 for any that is
// not.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

const require = createRequire(import.meta.url)
const [what, ...files] = process.argv.slice(2)
let failed = false
const fail = (file, message) => {
  failed = true
  console.error(`${file}: ${message}`)
}

async function asyncapi () {
  const { Parser } = require('@asyncapi/parser')
  const parser = new Parser()
  for (const file of files) {
    const { document, diagnostics } = await parser.parse(readFileSync(file, 'utf8'))
    const bad = diagnostics.filter(d => d.severity <= 1)
    for (const d of bad) fail(file, `${d.path.join('.')}: ${d.message}`)
    if (!document) {
      fail(file, 'no document')
      continue
    }
    const operations = document.operations().all()
    if (bad.length === 0) {
      console.log(`${file}: AsyncAPI ${document.version()}, ${document.channels().all().length} channels, ` +
        `${operations.length} operations, ${document.messages().all().length} messages`)
    }
  }
}

// The page renders one diagram after the other and leaves what came of it.
const page = (script, texts) => `<!doctype html><meta charset="utf-8"><body>
<script src="${script}"></script>
<script>
const texts = ${JSON.stringify(texts).replaceAll('<', '\\u003c')}
mermaid.initialize({ startOnLoad: false, maxTextSize: 1e7, maxEdges: 1e5 })
;(async () => {
  const out = []
  for (const [i, text] of texts.entries()) {
    try {
      const { svg } = await mermaid.render('diagram' + i, text)
      const doc = new DOMParser().parseFromString(svg, 'text/html')
      out.push({
        nodes: doc.querySelectorAll('.node').length,
        edges: doc.querySelectorAll('.flowchart-link, .edgePath').length,
        text: doc.body.textContent.includes('Unsupported markdown') ? 'Unsupported markdown' : '',
      })
    } catch (e) {
      out.push({ error: String(e && e.message || e) })
    }
  }
  const result = document.createElement('pre')
  result.id = 'result'
  result.textContent = '@@@' + JSON.stringify(out) + '@@@'
  document.body.replaceChildren(result)
})()
</script>`

function mermaid () {
  const script = pathToFileURL(join(dirname(require.resolve('mermaid')), 'mermaid.min.js')).href
  const folder = mkdtempSync(join(tmpdir(), 'mermaid-'))
  const html = join(folder, 'page.html')
  writeFileSync(html, page(script, files.map(f => readFileSync(f, 'utf8'))))
  const dom = execFileSync(process.env.CHROMIUM || 'chromium', [
    '--headless', '--no-sandbox', '--disable-gpu', '--allow-file-access-from-files',
    `--user-data-dir=${join(folder, 'profile')}`, '--virtual-time-budget=120000', '--dump-dom', pathToFileURL(html).href,
  ], { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] })
  rmSync(folder, { recursive: true, force: true })
  const found = dom.match(/@@@(\[.*?\])@@@/s)
  if (!found) return fail(files[0], 'the browser rendered nothing: ' + dom.slice(0, 400))
  const text = found[1].replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
  JSON.parse(text).forEach((r, i) => {
    if (r.error || r.text) fail(files[i], r.error || r.text)
    else console.log(`${files[i]}: Mermaid, ${r.nodes} nodes, ${r.edges} edges`)
  })
}

async function eventcatalog () {
  const sdk = (require('@eventcatalog/sdk').default || require('@eventcatalog/sdk'))(files[0])
  const domains = (await sdk.getDomains()) || []
  const services = (await sdk.getServices()) || []
  const events = (await sdk.getEvents()) || []
  const commands = (await sdk.getCommands()) || []
  const teams = (await sdk.getTeams()) || []
  const known = new Set([...events, ...commands].map(m => m.id))
  const channels = new Set()
  for (const s of services) {
    for (const m of [...(s.sends || []), ...(s.receives || [])]) {
      if (!known.has(m.id)) fail(files[0], `service ${s.id}: there is no message ${m.id}`)
    }
  }
  for (const m of [...events, ...commands]) {
    if (!m.id || !m.name || !m.version) fail(files[0], `message ${JSON.stringify(m)}`)
    const schema = await sdk.getSchemaForMessage(m.id)
    JSON.parse(schema.schema)
    for (const c of m.channels || []) {
      const channel = await sdk.getChannel(c.id)
      if (!channel || !channel.address) fail(files[0], `message ${m.id}: there is no channel ${c.id}`)
      channels.add(c.id)
    }
  }
  console.log(`${files[0]}: EventCatalog, ${domains.length} domains, ${services.length} services, ${events.length} events, ` +
    `${commands.length} commands, ${channels.size} channels, ${teams.length} teams`)
}

const checks = { asyncapi, mermaid, eventcatalog }
if (!checks[what]) fail('usage', `one of ${Object.keys(checks).join(', ')}, then files`)
else await checks[what]()
process.exitCode = failed ? 1 : 0
