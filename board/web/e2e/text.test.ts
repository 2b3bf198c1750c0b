import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { clean, folder, serve, type Served } from './board.ts'
import { closeBrowser, Person } from './person.ts'

// The text beside the wall, and the file on the disk.

const dir = folder('shop')
const file = join(dir, 'shop.storm')
const storm = `// What we agreed on in May.
storm "Shop"

module Ordering {
  team "Sales"

  // Whoever buys.
  actor Buyer

  aggregate Order {
    Buyer -> PlaceOrder -> OrderPlaced // the only way in
  }

  event OrderPlaced { number int }
}
`
let served: Served
let ada: Person

beforeAll(async () => {
  mkdirSync(dir)
  writeFileSync(file, storm)
  served = await serve(file)
  ada = await Person.come('Ada')
  await ada.enter(served)
  await ada.open('Shop')
})
afterAll(async () => {
  expect(ada.trouble).toEqual([])
  await closeBrowser()
  clean()
})

async function text(): Promise<string> {
  return (await ada.items()).find((i) => i.type === 'file')?.text ?? ''
}

test('a name changed in the text changes the note, which keeps its place', async () => {
  await expect.poll(async () => (await ada.notes()).map((n) => n.text)).toContain('Order Placed')
  const before = await ada.note('Order Placed', 'event')
  const pane = await ada.panel('Storm text')
  const place = pane.locator('.cm-line', { hasText: /^ *Buyer -> PlaceOrder -> OrderPlaced/ })
  await place.waitFor()
  await ada.shoot('text-shop')
  // Both places in one go, where it is emitted and where it is declared: else it would be another event for a moment.
  await ada.click(place)
  await place.getByText('OrderPlaced', { exact: true }).dblclick()
  await ada.key('Control+d')
  for (const letter of 'OrderReceived') await ada.key(letter)
  await expect.poll(async () => (await ada.notes()).filter((n) => n.kind === 'event').map((n) => n.text)).toEqual(['Order Received'])
  const after = await ada.note('Order Received', 'event')
  expect([after.id, after.x, after.y]).toEqual([before.id, before.x, before.y])
  await ada.press('Close storm text')
})

test('what is done on the wall leaves the rest of the file as it stands', async () => {
  await ada.click(ada.wall)
  await ada.select('Order Received', 'event')
  await ada.key('Enter')
  await ada.field.waitFor()
  await ada.type('Order Accepted')
  await ada.key('Enter')
  await expect.poll(text).toBe(storm.replaceAll('OrderPlaced', 'OrderAccepted'))
  await ada.key('ArrowDown')
  await ada.saved()
  expect(await text()).toBe(storm.replaceAll('OrderPlaced', 'OrderAccepted'))
})

test('what an editor changed meanwhile elsewhere is merged', async () => {
  writeFileSync(file, storm.replace('in May', 'in June'))
  await ada.press('Land')
  await ada.press('Land now')
  await ada.page.getByText(/^Written:/).waitFor()
  const both = storm.replace('in May', 'in June').replaceAll('OrderPlaced', 'OrderAccepted')
  expect(readFileSync(file, 'utf8')).toBe(both)
  await expect.poll(text).toBe(both)
})

test('what both changed at one place is shown side by side, and nothing is written before', async () => {
  const landed = readFileSync(file, 'utf8')
  const theirs = landed.replaceAll('OrderAccepted', 'OrderBooked')
  await ada.click(ada.wall)
  await ada.select('Order Accepted', 'event')
  await ada.key('Enter')
  await ada.field.waitFor()
  await ada.type('Order Confirmed')
  await ada.key('Enter')
  await expect.poll(text).toBe(landed.replaceAll('OrderAccepted', 'OrderConfirmed'))
  // Written before, the wall would follow it within a second, and there would be nothing to ask.
  writeFileSync(file, theirs)
  await ada.press('Land now')
  const dialog = ada.page.getByRole('dialog', { name: 'Changed on the disk, too' })
  await dialog.waitFor()
  await dialog.getByText('OrderBooked').first().waitFor()
  await ada.shoot('text-conflict')
  expect(readFileSync(file, 'utf8')).toBe(theirs)
  await ada.click(dialog.getByRole('button', { name: 'Keep the board’s' }))
  await ada.click(dialog.getByRole('button', { name: 'Land this' }))
  await dialog.waitFor({ state: 'detached' })
  await expect.poll(() => readFileSync(file, 'utf8')).toBe(landed.replaceAll('OrderAccepted', 'OrderConfirmed'))
})
