import { mkdirSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { clean, folder, serve, type Served } from './board.ts'
import { closeBrowser, Person } from './person.ts'

// A session by somebody who has no mouse.

const dir = folder('keys')
let served: Served
let ada: Person

beforeAll(async () => {
  mkdirSync(dir)
  served = await serve(dir)
  ada = await Person.come('Ada')
  await ada.enter(served)
  await ada.page.getByRole('textbox', { name: 'Name of the new board' }).focus()
  await ada.type('Keys')
  await ada.key('Enter')
  await ada.wall.waitFor()
  await ada.live()
})
afterAll(async () => {
  expect(ada.trouble).toEqual([])
  await closeBrowser()
  clean()
})

/** focused is what has the focus, as a screen reader would say it. */
async function focused(): Promise<string> {
  return ada.page.evaluate(() => {
    const e = document.activeElement as HTMLInputElement | null
    return (e?.getAttribute('aria-label') ?? e?.labels?.[0]?.textContent ?? e?.textContent ?? '').replace(/\s+/g, ' ').trim()
  })
}

/** tabTo goes on by Tab until something with a name has the focus, and fails when nothing has. */
async function tabTo(name: RegExp): Promise<void> {
  const met: string[] = []
  for (let i = 0; i < 40; i++) {
    const now = await focused()
    if (name.test(now)) return
    met.push(now.slice(0, 30))
    await ada.key('Tab')
  }
  throw new Error(`Tab leads to nothing like ${String(name)}, but to ${met.join(' | ')}`)
}

/** atWall holds that Escape has led back from a panel to the wall. */
async function atWall(): Promise<void> {
  await expect.poll(() => ada.page.evaluate(() => document.activeElement?.matches('[data-surface]') ?? false)).toBe(true)
}

/** opened waits until all of a panel is there. */
async function opened(panel: string): Promise<void> {
  const side = ada.page.getByRole('complementary', { name: panel })
  await side.waitFor()
  await side.getByText('Loading…').waitFor({ state: 'detached' })
}

/** flow is who is linked with whom. */
async function flow(): Promise<string[]> {
  const items = await ada.items()
  const text = (id: string) => items.flatMap((i) => (i.type === 'note' && i.id === id ? [i.text] : [])).join()
  return items.filter((i) => i.type === 'link').map((l) => `${text(l.from)} ${l.verb} ${text(l.to)}`).sort()
}

/** write makes a note of a kind with a text. */
async function write(key: string, text: string): Promise<void> {
  await ada.key(key)
  await ada.field.waitFor()
  await ada.type(text)
  await ada.key('Enter')
  await ada.field.waitFor({ state: 'hidden' })
  await ada.saved()
}

test('notes are made, linked with the arrow keys, and moved', async () => {
  await write('c', 'Place order')
  await write('e', 'Order placed') // beside the selected command, and linked with it
  await write('e', 'Order was placed')
  await write('h', 'Who pays?')
  for (let i = 0; i < 4; i++) await ada.key('Alt+ArrowLeft')
  await ada.key('l')
  await ada.key('Enter')
  await expect.poll(flow).toEqual(['Place order leads to Order placed', 'Place order leads to Order was placed'])
  const before = await ada.note('Order was placed')
  await ada.key('Shift+ArrowDown')
  await expect.poll(async () => (await ada.note('Order was placed')).y).toBeGreaterThan(before.y)
})

test('a part of the wall is looked at, and all of it again', async () => {
  const sign = ada.page.getByText('the rest is faded')
  await ada.key('Shift+H')
  await sign.waitFor()
  await ada.key('Shift+A')
  await sign.waitFor({ state: 'detached' })
})

test('two notes are merged from the panel of duplicates', async () => {
  await ada.do('Find duplicates')
  await opened('Duplicates')
  await ada.page.getByRole('button', { name: 'Merge 2 notes' }).waitFor()
  await tabTo(/^Merge 2 notes$/)
  await ada.key('Enter')
  await expect.poll(async () => (await ada.notes()).filter((n) => n.kind === 'event')).toHaveLength(1)
  await ada.key('Escape')
  await atWall()
})

test('a vote is opened, used and closed', async () => {
  await ada.do('Open the session')
  await opened('Session')
  for (let i = 0; i < 7; i++) {
    const before = (await ada.items()).find((x) => x.type === 'board')?.phase
    await tabTo(/^(Next phase|Start with)/)
    await ada.key('Enter')
    await expect.poll(async () => (await ada.items()).find((x) => x.type === 'board')?.phase).not.toBe(before)
    if ((await ada.items()).find((x) => x.type === 'board')?.phase === 'hotspots') break
  }
  await tabTo(/^Open the vote$/)
  await ada.key('Enter')
  await ada.page.getByRole('button', { name: /^Vote for Who pays/ }).waitFor()
  await tabTo(/^Vote for Who pays/)
  await ada.key('Space')
  await expect.poll(async () => Object.values((await ada.note('Who pays?')).votes)).toEqual([1])
  await ada.key('Escape')
  await atWall()
})

test('a comment is written on the selected note', async () => {
  await ada.key('Escape')
  await ada.key('Alt+ArrowRight')
  await ada.do('Comment on the selected note')
  await opened('Comments')
  await tabTo(/^Comment$/)
  await ada.type('Ask the shop')
  await tabTo(/^Send$/)
  await ada.key('Enter')
  await expect.poll(async () => (await ada.items()).filter((i) => i.type === 'comment').map((c) => c.text)).toEqual(['Ask the shop'])
  await ada.key('Escape')
})

test('everything is tidied and landed', async () => {
  await ada.do('Tidy the selection, or everything')
  await ada.saved()
  await ada.key('Control+s')
  await opened('Land, import, export')
  await ada.page.getByRole('button', { name: 'Land now' }).waitFor()
  await tabTo(/^Land now$/)
  await ada.key('Enter')
  await ada.page.getByText(/^Written:/).waitFor()
  await ada.key('Escape')
  await atWall()
})

test('in the list a note is rewritten, linked and removed', async () => {
  await ada.key('Control+Shift+L')
  const rows = ada.page.locator('[data-row]')
  await rows.first().waitFor()
  await write0('Order lost')
  const at = (text: string) => rows.filter({ has: ada.page.locator('.list-title', { hasText: new RegExp(`^${text}`) }) }).first()
  await at('Place order').focus()
  await ada.key('Enter')
  const text = ada.page.getByRole('textbox', { name: 'Text', exact: true })
  await text.waitFor()
  await tabTo(/^Text/)
  await ada.key('Control+a')
  await ada.type('Place an order')
  await ada.key('Control+Enter')
  await expect.poll(async () => (await ada.notes()).map((n) => n.text)).toContain('Place an order')
  await tabTo(/^Link/i)
  await ada.type('Order lost')
  await ada.page.getByRole('option', { name: /Order lost/ }).first().waitFor()
  await ada.key('Enter')
  await expect.poll(flow).toContain('Place an order leads to Order lost')
  await ada.key('Escape')
  await at('Order lost').focus()
  await ada.key('Delete')
  await expect.poll(async () => (await ada.notes()).map((n) => n.text)).not.toContain('Order lost')
  expect(await ada.axe()).toEqual([])
})

/** write0 adds an event to the list, outside of modules. */
async function write0(text: string): Promise<void> {
  const field = ada.page.getByRole('form', { name: 'Add a note to no module' }).getByRole('textbox')
  await field.focus()
  await ada.type(text)
  await ada.key('Enter')
  await expect.poll(async () => (await ada.notes()).map((n) => n.text)).toContain(text)
}
