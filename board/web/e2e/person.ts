import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Locator, type Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Item, Note } from '../src/model/types.ts'
import type { Served } from './board.ts'

const axe = readFileSync(join(import.meta.dirname, '../node_modules/axe-core/axe.min.js'), 'utf8')

let launched: Promise<Browser> | undefined

/** browser is Debian's Chromium; one is enough for a file of tests. */
export function browser(): Promise<Browser> {
  launched ??= chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--headless', '--enable-unsafe-swiftshader', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic', '--no-first-run'],
  })
  return launched
}

/** closeBrowser ends the browser. */
export async function closeBrowser(): Promise<void> {
  await (await launched)?.close()
  launched = undefined
}

/** Person is somebody with a browser of their own, in front of the page. */
export class Person {
  /** keys that do something, clicks and drags; not the letters of texts */
  gestures = 0
  letters = 0
  /** what must not happen to anybody: exceptions, refused scripts, dialogs */
  readonly trouble: string[] = []
  /** everything that the server sent over the line */
  readonly heard: string[] = []

  private constructor(readonly name: string, readonly context: BrowserContext, readonly page: Page) {
    page.on('pageerror', (why) => this.trouble.push(`exception: ${why.message}`))
    page.on('dialog', (d) => {
      this.trouble.push(`dialog: ${d.message()}`)
      void d.dismiss()
    })
    page.on('console', (m) => {
      if (/Content.Security.Policy/i.test(m.text())) this.trouble.push(`policy: ${m.text()}`)
    })
    page.on('websocket', (s) => s.on('framereceived', (f) => this.heard.push(f.payload.toString())))
  }

  static async come(name: string, options: BrowserContextOptions = {}): Promise<Person> {
    const context = await (await browser()).newContext({ viewport: { width: 1366, height: 800 }, locale: 'en-GB', ...options })
    context.setDefaultTimeout(15_000)
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    return new Person(name, context, await context.newPage())
  }

  /** enter opens the page and says the name. */
  async enter(served: Served, link = served.link): Promise<this> {
    await this.page.goto(link)
    await this.page.getByRole('textbox', { name: 'Your name' }).or(this.page.getByRole('heading', { name: 'Boards' })).or(this.wall).first().waitFor()
    const field = this.page.getByRole('textbox', { name: 'Your name' })
    if (await field.isVisible()) {
      await field.fill(this.name)
      this.gestures += 2
      this.letters += this.name.length
      await field.press('Enter')
      await field.waitFor({ state: 'detached' })
    }
    return this
  }

  /** open opens the board with a name from the list, unless the person is on it. */
  async open(board: string): Promise<this> {
    const link = this.page.getByRole('link', { name: board, exact: true })
    await link.or(this.wall).first().waitFor()
    if (!(await this.wall.isVisible())) await this.click(link)
    await this.wall.waitFor()
    await this.live()
    return this
  }

  /** make makes a board from the list of boards, and gives the keys to its wall. */
  async make(board: string): Promise<this> {
    await this.page.getByRole('textbox', { name: 'Name of the new board' }).fill(board)
    await this.press('Make it')
    await this.wall.waitFor()
    await this.live()
    await this.click(this.wall)
    return this
  }

  get wall(): Locator {
    return this.page.locator('[data-surface]')
  }

  get board(): string {
    return decodeURIComponent(new URL(this.page.url()).pathname.split('/')[2] ?? '')
  }

  async live(): Promise<void> {
    await this.page.locator('.status-live').waitFor()
  }

  async key(keys: string): Promise<void> {
    this.gestures++
    await this.page.keyboard.press(keys)
  }

  async type(text: string): Promise<void> {
    this.letters += text.length
    await this.page.keyboard.insertText(text)
  }

  async click(what: Locator): Promise<void> {
    this.gestures++
    await what.click()
  }

  async press(button: string | RegExp): Promise<void> {
    await this.click(this.page.getByRole('button', typeof button === 'string' ? { name: button, exact: true } : { name: button }).first())
  }

  /** panel opens a panel at the side. */
  async panel(name: string): Promise<Locator> {
    const tab = this.page.getByRole('navigation', { name: 'Panels' }).getByRole('button', { name: new RegExp(`^${name}`) })
    if ((await tab.getAttribute('aria-expanded')) !== 'true') await this.click(tab)
    const side = this.page.getByRole('complementary', { name })
    await side.waitFor()
    await side.getByText('Loading…').waitFor({ state: 'detached' })
    return side
  }

  /** openPanel opens a panel whatever the size of the screen. */
  async openPanel(name: string): Promise<void> {
    const tab = this.page.getByRole('navigation', { name: 'Panels' }).getByRole('button', { name: new RegExp(`^${name}`) })
    if (!(await tab.isVisible())) await this.page.getByRole('banner').getByRole('button', { name: 'Panels' }).click()
    await this.panel(name)
  }

  async closePanel(): Promise<void> {
    await this.page.getByRole('complementary').getByRole('button', { name: /^Close / }).click()
  }

  /** do runs a command of the palette. */
  async do(title: string): Promise<void> {
    await this.key('Control+k')
    const palette = this.page.getByRole('dialog', { name: 'Command palette' })
    const field = palette.getByRole('combobox')
    await field.waitFor()
    await this.type(title)
    await palette.getByRole('option', { name: title }).first().waitFor()
    await this.key('Enter')
    await field.waitFor({ state: 'detached' })
  }

  /** write is a new note by its key, with its text; the wall must have the keys. */
  async write(kindKey: string, text: string): Promise<void> {
    await this.key(kindKey)
    await this.field.waitFor()
    await this.type(text)
    await this.key('Enter')
    await this.field.waitFor({ state: 'hidden' })
  }

  /** next makes the note that follows by Tab, with its text. */
  async next(text: string): Promise<void> {
    await this.key('Tab')
    await this.field.waitFor()
    await this.type(text)
    await this.key('Enter')
    await this.field.waitFor({ state: 'hidden' })
  }

  /** field is where the text of a note is written. */
  get field(): Locator {
    return this.page.locator('textarea.wall-field:visible')
  }

  /** items is what the server has for this person. */
  async items(): Promise<Item[]> {
    const answer = await this.context.request.get(`${new URL(this.page.url()).origin}/api/boards/${encodeURIComponent(this.board)}/state`)
    expect(answer.status(), 'state').toBe(200)
    return ((await answer.json()) as { items: Item[] }).items
  }

  async notes(): Promise<Note[]> {
    // What is false or empty is left out on the way.
    return (await this.items()).filter((i) => i.type === 'note').map((n) => Object.assign({ text: '', module: '', private: false, pivotal: false, votes: {} }, n))
  }

  /** note is the one with a text; the server may just be about to hear of it. */
  async note(text: string, kind?: string): Promise<Note> {
    for (const until = Date.now() + 10_000; ; await this.drawn()) {
      const found = (await this.notes()).find((n) => n.text === text && (kind === undefined || n.kind === kind))
      if (found) return found
      if (Date.now() > until) throw new Error(`there is no note ${text}`)
    }
  }

  /** drawn waits until the page has drawn what has happened until now. */
  async drawn(): Promise<void> {
    await this.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
  }

  /** saved waits until the server has acknowledged everything. */
  async saved(): Promise<void> {
    await this.drawn()
    await this.live()
  }

  /** seen is what the list view shows: the texts of all notes. */
  async seen(): Promise<string[]> {
    const list = this.page.locator('.list-view')
    // Where text is written the key is the text's.
    await this.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    if (!(await list.isVisible())) await this.page.keyboard.press('Control+Shift+L')
    await list.waitFor()
    const texts = await list.locator('[data-row]').evaluateAll((rows) => rows.map((r) => `${r.querySelector('.list-kind')?.textContent ?? ''}: ${[...(r.querySelector('.list-title')?.childNodes ?? [])][0]?.textContent ?? ''}`))
    await this.page.keyboard.press('Control+Shift+L')
    await this.wall.waitFor()
    return texts.sort()
  }

  /** at is where a point of the board is on the screen. */
  async at(x: number, y: number): Promise<{ x: number; y: number }> {
    const c = await this.page.evaluate(() => (document.querySelector('.wall') as unknown as { stage: { camera: { x: number; y: number; zoom: number } } }).stage.camera)
    const r = (await this.wall.boundingBox())!
    return { x: r.x + (x - c.x) * c.zoom, y: r.y + (y - c.y) * c.zoom }
  }

  async middle(n: Note): Promise<{ x: number; y: number }> {
    return this.at(n.x + n.w / 2, n.y + n.h / 2)
  }

  /** select clicks a note. */
  async select(text: string, kind?: string): Promise<Note> {
    await this.saved()
    const n = await this.note(text, kind)
    const p = await this.middle(n)
    this.gestures++
    await this.page.mouse.click(p.x, p.y)
    return n
  }

  /** drag takes hold at one point of the screen and lets go at another. */
  async drag(from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
    this.gestures++
    await this.page.mouse.move(from.x, from.y)
    await this.page.mouse.down()
    await this.page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 4 })
    await this.page.mouse.move(to.x, to.y, { steps: 4 })
    await this.page.mouse.up()
  }

  /** link draws a link from the handle of a note to another note. */
  async link(from: string, to: string): Promise<void> {
    const a = await this.select(from)
    const p = await this.at(a.x + a.w, a.y + a.h / 2)
    await this.drag({ x: p.x + 15, y: p.y }, await this.middle(await this.note(to)))
    await this.saved()
  }

  /** atWall gives the keys to the wall, by a click on it where they are elsewhere. */
  async atWall(p: { x: number; y: number }): Promise<void> {
    if (await this.page.evaluate(() => document.activeElement?.matches('[data-surface], body') ?? true)) return
    this.gestures++
    await this.page.mouse.click(p.x, p.y)
    await this.page.mouse.move(p.x + 1, p.y)
  }

  /** put moves the mouse to a place of the board and makes a note there. */
  async put(x: number, y: number, kindKey: string, text: string): Promise<void> {
    const p = await this.at(x, y)
    await this.page.mouse.move(p.x, p.y)
    await this.atWall(p)
    await this.write(kindKey, text)
  }

  /** bring takes a file over onto the board by the panel of exchange. */
  async bring(path: string): Promise<void> {
    const side = await this.panel('Land, import, export')
    await side.locator('input[type=file]').setInputFiles(path)
    await side.getByText(/^Taken over:/).waitFor({ timeout: 30_000 })
    await this.saved()
  }

  /** export is what the server makes of the board. */
  async export(to: string): Promise<string> {
    const { origin } = new URL(this.page.url())
    const answer = await this.context.request.get(`${origin}/api/boards/${encodeURIComponent(this.board)}/${to === 'minutes' ? to : `export?to=${to}`}`)
    expect(answer.status(), to).toBe(200)
    return answer.text()
  }

  /** axe is what axe finds wrong with the page as it stands. */
  async axe(): Promise<string[]> {
    await this.page.evaluate(axe)
    const found = await this.page.evaluate(async () => {
      const { violations } = await (globalThis as unknown as { axe: { run: (options: unknown) => Promise<{ violations: { id: string; help: string; nodes: { html: string }[] }[] }> } }).axe.run({ resultTypes: ['violations'] })
      return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${v.help}: ${n.html.slice(0, 160)}`))
    })
    return found
  }

  /** small are the things to be pressed that are too small for a finger, and those that are cut off at the side. */
  async small(): Promise<string[]> {
    return this.page.evaluate(() => {
      const least = 39.5 // CSS pixels
      const out: string[] = []
      for (const e of (document.querySelector('dialog[open]') ?? document).querySelectorAll('button, a.button, select, summary, input:not([type=file], [type=range]), [role=option]')) {
        const target = e.matches('[type=checkbox], [type=radio]') ? e.closest('label') ?? e : e
        const r = target.getBoundingClientRect()
        if (r.width === 0 || r.height === 0 || e.matches('.sr-only') || e.getRootNode() !== document) continue
        const scrolls = (p: Element | null): boolean => p !== null && ((/auto|scroll/.test(getComputedStyle(p).overflowX) && p.scrollWidth > p.clientWidth + 1) || scrolls(p.parentElement))
        const cut = (r.left < -1 || r.right > innerWidth + 1) && !scrolls(e.parentElement)
        if (r.width < least || r.height < least || cut) out.push(`${cut ? 'cut off' : 'small'}: ${(e.getAttribute('aria-label') ?? e.textContent).slice(0, 40)} ${Math.round(r.x)} ${Math.round(r.width)}x${Math.round(r.height)}`)
      }
      return out
    })
  }

  /** shoot takes a picture, where SHOTS says. */
  async shoot(name: string): Promise<void> {
    const dir = process.env['SHOTS']
    if (dir === undefined) return
    mkdirSync(dir, { recursive: true })
    await this.page.screenshot({ path: join(dir, `${name}.png`) })
  }

  async leave(): Promise<void> {
    await this.context.close()
  }
}
