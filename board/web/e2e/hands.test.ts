import { mkdirSync } from 'node:fs'
import type { CDPSession } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { clean, folder, serve, type Served } from './board.ts'
import { closeBrowser, Person } from './person.ts'

// With the keys alone, and with fingers.

const dir = folder('hands')
let served: Served

beforeAll(async () => {
  mkdirSync(dir)
  served = await serve(dir)
})
afterAll(async () => {
  await closeBrowser()
  clean()
})

test('a flow is made, linked, moved, undone and landed without a mouse', async () => {
  const ada = await Person.come('Ada')
  await ada.enter(served)
  await ada.page.getByRole('textbox', { name: 'Name of the new board' }).focus()
  await ada.type('Keys')
  await ada.key('Enter')
  await ada.wall.waitFor()
  await ada.live()
  await ada.key('c')
  await ada.field.waitFor()
  await ada.type('Place order')
  await ada.key('Tab')
  await ada.field.waitFor()
  await ada.type('Order placed')
  await ada.key('Tab')
  await ada.field.waitFor()
  await ada.type('Whenever an order is placed')
  await ada.key('Tab')
  await ada.field.waitFor()
  await ada.type('Send receipt')
  await ada.key('Enter')
  await ada.saved()
  expect((await ada.notes()).sort((a, b) => a.x - b.x).map((n) => n.kind)).toEqual(['command', 'event', 'policy', 'command'])
  expect((await ada.items()).filter((i) => i.type === 'link').map((l) => l.verb).sort()).toEqual(['invokes', 'leads to', 'triggers'])
  // From note to note, to the actor that issues the first.
  for (let i = 0; i < 3; i++) await ada.key('Alt+ArrowLeft')
  const first = await ada.note('Place order')
  await ada.key('ArrowDown')
  await expect.poll(async () => (await ada.note('Place order')).y).toBe(first.y + 4)
  await ada.key('Control+z')
  await expect.poll(async () => (await ada.note('Place order')).y).toBe(first.y)
  await ada.key('Enter')
  await ada.field.waitFor()
  await ada.type('Place an order')
  await ada.key('Escape')
  await expect.poll(async () => (await ada.notes()).map((n) => n.text)).toContain('Place an order')
  await ada.key('l')
  await ada.key('Escape')
  await ada.key('Control+d')
  await expect.poll(async () => (await ada.notes()).length).toBe(5)
  await ada.key('Delete')
  await expect.poll(async () => (await ada.notes()).length).toBe(4)
  await ada.key('Control+a')
  await ada.key('Control+c')
  await ada.key('Control+v')
  await expect.poll(async () => (await ada.notes()).length).toBe(8)
  expect((await ada.items()).filter((i) => i.type === 'link')).toHaveLength(6)
  await ada.key('Control+z')
  await expect.poll(async () => (await ada.notes()).length).toBe(4)
  await ada.page.evaluate(() => navigator.clipboard.writeText('Receipt sent\nReceipt read\n\nReceipt lost'))
  await ada.key('Control+v')
  await expect.poll(async () => (await ada.notes()).map((n) => n.text)).toEqual(expect.arrayContaining(['Receipt sent', 'Receipt read', 'Receipt lost']))
  await ada.key('Control+s')
  await ada.page.getByRole('button', { name: 'Land now' }).focus()
  await ada.key('Enter')
  await ada.page.getByText(/^Written:/).waitFor()
  expect(ada.trouble).toEqual([])
  await ada.leave()
})

test('the list view is edited with the keys alone, and the wall follows', async () => {
  const ada = await Person.come('Ada')
  await ada.enter(served)
  await ada.make('Read out')
  await ada.key('Control+Shift+L')
  const add = ada.page.getByRole('form', { name: 'Add a note to no module' })
  await add.getByRole('textbox').focus()
  for (const text of ['Order placed', 'Order paid', 'Order shipped']) {
    await ada.type(text)
    await ada.key('Enter')
    await expect.poll(async () => (await ada.notes()).map((n) => n.text)).toContain(text)
  }
  const rows = ada.page.locator('[data-row]')
  await expect.poll(() => rows.count()).toBe(3) // what is drawn comes a moment after what is known
  await rows.first().focus()
  await ada.key('End')
  await ada.key('Alt+ArrowUp')
  await expect.poll(() => rows.locator('.list-title').allInnerTexts()).toSatisfy((t: string[]) => t[1]?.startsWith('Order shipped') ?? false)
  await expect.poll(async () => (await ada.notes()).sort((a, b) => a.x - b.x).map((n) => n.text)).toEqual(['Order placed', 'Order shipped', 'Order paid'])
  await ada.key('Delete')
  await expect.poll(async () => (await ada.notes()).length).toBe(2)
  expect(ada.trouble).toEqual([])
  await ada.leave()
})

/** fingers puts fingers on the screen, as Chromium sees them. */
async function fingers(line: CDPSession, type: 'touchStart' | 'touchMove' | 'touchEnd', ...points: { x: number; y: number }[]): Promise<void> {
  await line.send('Input.dispatchTouchEvent', { type, touchPoints: points.map((p, id) => ({ x: p.x, y: p.y, id })) })
}

/** swipe puts a finger down, moves it and takes it up. All of it is sent at once: on a busy machine a pause would be a long press. */
async function swipe(line: CDPSession, from: { x: number; y: number }, ...to: { x: number; y: number }[]): Promise<void> {
  await Promise.all([fingers(line, 'touchStart', from), ...to.map((p) => fingers(line, 'touchMove', p)), fingers(line, 'touchEnd')])
}

test('fingers pan, pinch, write, and drag what is selected', async () => {
  const ada = await Person.come('Ada', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
  await ada.enter(served)
  await ada.make('Touched')
  const line = await ada.context.newCDPSession(ada.page)
  const wall = (await ada.wall.boundingBox())!
  const mid = { x: wall.x + wall.width / 2, y: wall.y + wall.height / 2 }
  const tap = async (p: { x: number; y: number }) => {
    await swipe(line, p)
    await ada.drawn()
  }
  await Promise.all([swipe(line, mid), swipe(line, mid)]) // twice, fast enough for one gesture
  await ada.field.waitFor()
  await ada.type('Order placed')
  await ada.key('Enter')
  await ada.saved()
  await ada.shoot('touch')
  const before = await ada.note('Order placed')
  // A finger beside it takes the wall along.
  const at = await ada.middle(before)
  const beside = { x: at.x, y: at.y + 140 }
  await tap(beside)
  await swipe(line, beside, ...[20, 40, 60].map((dy) => ({ x: beside.x, y: beside.y + dy })))
  await ada.drawn()
  const panned = await ada.middle(before)
  expect(panned.y).toBeGreaterThan(at.y + 30)
  expect((await ada.note('Order placed')).y).toBe(before.y)
  // Selected, it goes with the finger.
  await tap(panned)
  await swipe(line, panned, ...[-20, -60, -100].map((dy) => ({ x: panned.x, y: panned.y + dy })))
  await expect.poll(async () => (await ada.note('Order placed')).y).toBeLessThan(before.y - 40)
  // Two fingers make it larger.
  const width = async () => (await ada.at(100, 0)).x - (await ada.at(0, 0)).x
  const was = await width()
  await fingers(line, 'touchStart', { x: mid.x - 30, y: mid.y + 200 }, { x: mid.x + 30, y: mid.y + 200 })
  await fingers(line, 'touchMove', { x: mid.x - 60, y: mid.y + 200 }, { x: mid.x + 60, y: mid.y + 200 })
  await fingers(line, 'touchMove', { x: mid.x - 90, y: mid.y + 200 }, { x: mid.x + 90, y: mid.y + 200 })
  await fingers(line, 'touchEnd')
  expect(await width()).toBeGreaterThan(was * 1.5)
  expect(ada.trouble).toEqual([])
  await ada.leave()
})
