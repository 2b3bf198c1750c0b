import { mkdirSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Role } from '../src/model/types.ts'
import { clean, folder, freePort, serve, type Served } from './board.ts'
import { closeBrowser, Person } from './person.ts'

// A board that is shared: who comes by which link may do what.

const dir = folder('shared')
let served: Served
let ada: Person
let ben: Person
let vera: Person

beforeAll(async () => {
  mkdirSync(dir)
  const port = await freePort()
  served = await serve(dir, '--listen', `127.0.0.1:${port}`, '--public-url', `http://127.0.0.1:${port}`)
  ada = await Person.come('Ada')
  await ada.enter(served)
  await ada.open('Shared')
  await ada.click(ada.wall)
  await ada.put(300, 200, 'e', 'Order placed')
  await ada.saved()
})
afterAll(async () => {
  for (const p of [ada, ben, vera]) expect(p.trouble).toEqual([])
  await closeBrowser()
  clean()
})

async function invite(role: Role): Promise<string> {
  const side = await ada.panel('People and invites')
  await ada.click(side.getByRole('radio', { name: new RegExp(`^${role}`, 'i') }))
  await ada.press('Make a link and copy it')
  const link = side.getByLabel(new RegExp(`^Link for a ${role}`)).first()
  await link.waitFor()
  await ada.shoot('invites')
  return link.inputValue()
}

test('nobody comes in without a link, nor with one that was made up', async () => {
  const eve = await Person.come('Eve')
  await eve.page.goto(served.address)
  await eve.page.getByLabel('Your name').fill('Eve')
  await eve.page.getByLabel('Your invite link').fill(`${served.address}/join#AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA`)
  await eve.press('Go on')
  await eve.page.getByRole('alert').waitFor()
  await eve.shoot('roles-refused')
  const board = ada.board
  for (const path of ['', `/${board}/state`, `/${board}/history`, `/${board}/export?to=storm`, `/${board}/minutes`, `/${board}/invites`]) {
    const answer = await eve.context.request.get(`${served.address}/api/boards${path}`)
    expect([path, answer.status() >= 400 || (await answer.text()) === '[]']).toEqual([path, true])
  }
  await eve.leave()
})

test('a participant writes, and leads nothing', async () => {
  const link = await invite('participant')
  ben = await Person.come('Ben')
  await ben.enter(served, link)
  await ben.open('Shared')
  await ben.click(ben.wall)
  await ben.put(300, 420, 'e', 'Order shipped')
  await expect.poll(async () => (await ada.notes()).map((n) => n.text).sort()).toEqual(['Order placed', 'Order shipped'])
  const side = await ben.panel('Session')
  await side.getByText('The facilitator goes from phase to phase').waitFor()
  expect(await side.getByRole('button', { name: /^Next phase/ }).count()).toBe(0)
})

test('a viewer sees everything and changes nothing', async () => {
  const link = await invite('viewer')
  vera = await Person.come('Vera')
  await vera.enter(served, link)
  await vera.open('Shared')
  expect(await vera.seen()).toEqual(['Event: Order placed', 'Event: Order shipped'])
  await vera.shoot('roles-viewer')
  expect(await vera.page.getByRole('navigation', { name: 'Add notes' }).count()).toBe(0)
  await vera.click(vera.wall)
  await vera.key('e')
  expect(await vera.field.isVisible()).toBe(false)
  await vera.select('Order placed')
  await vera.key('Delete')
  await ben.click(ben.wall)
  await ben.put(500, 420, 'e', 'Order paid')
  await expect.poll(() => vera.seen()).toEqual(['Event: Order paid', 'Event: Order placed', 'Event: Order shipped'])
  const answer = await vera.context.request.post(`${served.address}/api/boards/${vera.board}/land`, { data: {}, headers: { origin: served.address } })
  expect(answer.status()).toBe(403)
})

test('a link that is revoked puts out who came by it', async () => {
  const side = await ada.panel('People and invites')
  await ada.click(side.getByRole('button', { name: /^Revoke the link for a viewer/ }))
  await side.getByText('revoked', { exact: true }).waitFor()
  const closed = vera.page.getByRole('alert')
  await closed.getByRole('heading', { name: 'Your invitation was revoked' }).waitFor()
  await closed.getByText('ask the facilitator for a new link').waitFor()
  expect(await vera.wall.count()).toBe(0)
  expect(await vera.axe()).toEqual([])
  await vera.shoot('roles-revoked')
  const answer = await vera.context.request.get(`${served.address}/api/boards/${ada.board}/state`)
  expect(answer.status()).toBeGreaterThanOrEqual(401)
  await vera.page.reload()
  await vera.page.getByRole('heading', { name: 'You cannot see this board' }).waitFor()
  await ben.page.locator('.status-live').waitFor()
})

test('who is forgotten by the server is told so, and what they wrote waits for them', async () => {
  const cookies = await ben.context.cookies()
  await ben.context.setOffline(true)
  await ben.page.locator('.status-offline').waitFor()
  await ben.click(ben.wall)
  await ben.put(700, 420, 'e', 'Order lost')
  await ben.context.clearCookies()
  await ben.context.setOffline(false)
  await ben.page.getByRole('heading', { name: 'Your visit has ended' }).waitFor({ timeout: 30_000 })
  await ben.page.getByText(/of yours had not reached the server/).waitFor()
  await ben.shoot('roles-ended')
  await ben.context.addCookies(cookies)
  await ben.press('Enter again')
  await expect.poll(async () => (await ada.notes()).map((n) => n.text)).toContain('Order lost')
})

test('a board that is deleted says so to everybody on it', async () => {
  const answer = await ada.context.request.delete(`${served.address}/api/boards/${ada.board}`, { headers: { origin: served.address } })
  expect(answer.status()).toBe(204)
  for (const p of [ada, ben]) await p.page.getByRole('heading', { name: 'This board was deleted' }).waitFor()
  await ben.shoot('roles-deleted')
  await ada.click(ada.page.getByRole('link', { name: 'All boards' }))
  await ada.page.getByRole('heading', { name: 'Boards' }).waitFor()
})
