import { createServer, connect, type Socket } from 'node:net'
import { mkdirSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { clean, end, folder, freePort, serve, type Served } from './board.ts'
import { closeBrowser, Person } from './person.ts'

// Two and three people at one wall.

const dir = folder('shop')
let served: Served
let people: Person[] = []
let number = 0
let board = ''

beforeAll(() => mkdirSync(dir))
beforeEach(async () => {
  served = await serve(dir)
  board = `Session ${++number}`
})
afterEach(async () => {
  for (const p of people) {
    expect(p.trouble, p.name).toEqual([])
    await p.leave()
  }
  people = []
  await end(served)
})
afterAll(async () => {
  await closeBrowser()
  clean()
})

/** gather lets people come to a new board. */
async function gather(...names: string[]): Promise<Person[]> {
  for (const name of names) {
    const p = await Person.come(name)
    people.push(p)
    await p.enter(served)
    if (people.length === 1) {
      await p.make(board)
    } else {
      await p.page.goto(people[0]!.page.url())
      await p.wall.waitFor()
      await p.live()
    }
    await p.click(p.wall)
  }
  return people
}

/** agree waits until everybody sees on the page what the server has. */
async function agree(...all: Person[]): Promise<void> {
  for (const p of all) {
    await expect.poll(async () => {
      await p.saved()
      const [seen, notes] = [await p.seen(), await p.notes()]
      return [seen, notes.filter((n) => n.kind !== 'module').map((n) => `${n.kind[0]!.toUpperCase()}${n.kind.slice(1)}: ${n.text}`).sort()]
    }, { timeout: 15_000 }).toSatisfy(([seen, has]: string[][]) => JSON.stringify(seen) === JSON.stringify(has))
  }
}

test('two type in the same note: the last one stays, and both see the same', async () => {
  const [ada, ben] = await gather('Ada', 'Ben') as [Person, Person]
  await ada.put(200, 200, 'e', 'Order placed')
  await ada.saved()
  await expect.poll(() => ben.seen()).toEqual(['Event: Order placed'])
  for (const p of [ada, ben]) {
    await p.select('Order placed')
    await p.key('Enter')
    await p.field.waitFor()
  }
  await ada.field.pressSequentially('Order received')
  // What Ada has typed shows at Ben's while he has typed nothing.
  await expect.poll(() => ben.field.inputValue()).toBe('Order received')
  await expect.poll(async () => (await ada.notes()).map((n) => n.text)).toEqual(['Order received'])
  await ben.field.selectText()
  await ben.field.pressSequentially('Order accepted')
  await ben.key('Enter')
  await expect.poll(() => ada.field.inputValue()).toBe('Order accepted')
  await ada.key('Enter')
  await agree(ada, ben)
  expect((await ada.notes()).map((n) => n.text)).toEqual(['Order accepted'])
})

test('two move the same note at once: it lies where the last one put it, for both', async () => {
  const [ada, ben] = await gather('Ada', 'Ben') as [Person, Person]
  await ada.put(200, 200, 'e', 'Order placed')
  await ada.saved()
  await expect.poll(() => ben.seen()).toHaveLength(1)
  const n = await ada.note('Order placed')
  const from = [await ada.middle(n), await ben.middle(n)] as const
  await ada.page.mouse.move(from[0].x, from[0].y)
  await ben.page.mouse.move(from[1].x, from[1].y)
  await ada.page.mouse.down()
  await ben.page.mouse.down()
  await ada.page.mouse.move(from[0].x + 200, from[0].y + 40, { steps: 5 })
  await ben.page.mouse.move(from[1].x - 60, from[1].y + 220, { steps: 5 })
  await ada.page.mouse.up()
  await ada.saved()
  await ben.page.mouse.up()
  await ben.saved()
  const last = await ben.note('Order placed')
  expect(last.y).toBeGreaterThan(n.y + 100)
  await expect.poll(async () => (await ada.note('Order placed')).x).toBe(last.x)
  // Ada takes hold of it where the server has it: it is there on her wall, too.
  await ada.select('Order placed')
  await ada.key('Delete')
  await expect.poll(async () => (await ben.notes()).length).toBe(0)
  await agree(ada, ben)
})

test('notes are merged while another writes on one of them', async () => {
  const [ada, ben] = await gather('Ada', 'Ben') as [Person, Person]
  await ada.put(200, 200, 'e', 'Order placed')
  await ada.put(420, 200, 'e', 'Orders placed')
  await ada.saved()
  await expect.poll(() => ben.seen()).toHaveLength(2)
  await ben.select('Orders placed')
  await ben.key('Enter')
  // It stays a likely duplicate, for what he writes may be saved before Ada looks.
  await ben.field.press('End')
  await ben.field.pressSequentially('!!')
  await ada.panel('Duplicates')
  await ada.press('Merge 2 notes')
  await expect.poll(async () => (await ada.notes()).length).toBe(1)
  // The note is gone under Ben's hands: the page tells him, or his field closes, and he goes on.
  await ben.field.waitFor({ state: 'hidden' })
  await ben.click(ben.wall)
  await ben.put(200, 420, 'e', 'Order shipped')
  await agree(ada, ben)
  expect((await ben.notes()).map((n) => n.text).sort()).toHaveLength(2)
})

test('each undoes steps of their own, and nobody takes back the work of another', async () => {
  const [ada, ben] = await gather('Ada', 'Ben') as [Person, Person]
  await ada.put(200, 200, 'e', 'Of Ada')
  await ada.saved()
  await ben.put(420, 200, 'e', 'Of Ben')
  await ben.saved()
  await ada.key('Control+z')
  await expect.poll(async () => (await ben.notes()).map((n) => n.text)).toEqual(['Of Ben'])
  await ada.key('Control+Shift+z')
  await expect.poll(async () => (await ben.notes()).map((n) => n.text).sort()).toEqual(['Of Ada', 'Of Ben'])
  await ada.select('Of Ben')
  await ada.key('k')
  await expect.poll(async () => (await ben.note('Of Ben')).pivotal).toBe(true)
  await ben.key('Control+z')
  await ben.saved()
  expect((await ben.note('Of Ben')).pivotal).toBe(true)
  await ada.key('Control+z')
  await expect.poll(async () => (await ada.note('Of Ben')).pivotal).toBe(false)
  await agree(ada, ben)
})

test('what is written alone does not even reach the others', async () => {
  const [ada, ben, cleo] = await gather('Ada', 'Ben', 'Cleo') as [Person, Person, Person]
  await ada.panel('Session')
  for (const phase of ['goals', 'exploration']) {
    await ada.press(new RegExp(`^Next phase: .*${phase}`))
    await ada.page.locator('.phase-pill', { hasText: phase }).waitFor()
  }
  await ben.page.locator('.phase-pill', { hasText: 'exploration' }).waitFor()
  const secret = 'Salaries were cut'
  await ben.key('e')
  await ben.field.waitFor()
  await ben.field.pressSequentially(secret)
  await ben.key('Enter')
  await ben.saved()
  expect((await ben.note(secret)).private).toBe(true)
  await cleo.put(300, 300, 'e', 'Shop was opened')
  await cleo.saved()
  await cleo.shoot('together-alone')
  for (const p of [ada, cleo]) {
    expect(JSON.stringify(await p.items())).not.toContain('Salaries')
    expect(await p.seen()).not.toContain(`Event: ${secret}`)
    expect(p.heard.join('\n')).not.toMatch(/Salar/)
  }
  await ada.press('Reveal everybody’s')
  for (const p of [ada, cleo]) await expect.poll(() => p.seen()).toContain(`Event: ${secret}`)
  await agree(ada, ben, cleo)
})

test('the server is killed in the middle, and everybody goes on', async () => {
  const [ada, ben] = await gather('Ada', 'Ben') as [Person, Person]
  await ada.put(200, 200, 'e', 'Before')
  await ben.put(200, 420, 'e', 'Before, too')
  await ada.saved()
  await ben.saved()
  const port = new URL(served.address).port
  await end(served, 'SIGKILL')
  for (const p of [ada, ben]) await p.page.locator('.status-offline').waitFor()
  await ada.shoot('together-offline')
  await ada.put(420, 200, 'e', 'Meanwhile')
  await ben.put(420, 420, 'e', 'Meanwhile, too')
  served = await serve(dir, '--listen', `127.0.0.1:${port}`).catch(() => serve(dir))
  expect(new URL(served.address).port).toBe(port)
  for (const p of [ada, ben]) await p.page.locator('.status-live').waitFor({ timeout: 30_000 })
  await expect.poll(async () => (await ada.notes()).map((n) => n.text).sort()).toEqual(['Before', 'Before, too', 'Meanwhile', 'Meanwhile, too'])
  await agree(ada, ben)
})

test('what was done offline outlasts a closed page', async () => {
  const [ada, ben] = await gather('Ada', 'Ben') as [Person, Person]
  await ada.put(200, 200, 'e', 'Before')
  await ada.saved()
  await ada.context.setOffline(true)
  await ada.page.locator('.status-offline').waitFor()
  await ada.put(420, 200, 'e', 'On the train')
  await ben.put(420, 420, 'e', 'In the office')
  await ben.saved()
  await ada.context.setOffline(false)
  await ada.page.reload()
  await ada.wall.waitFor()
  await ada.live()
  await expect.poll(async () => (await ben.notes()).map((n) => n.text).sort()).toEqual(['Before', 'In the office', 'On the train'])
  await agree(ada, ben)
})

test('a line that breaks again and again loses nothing and doubles nothing', async () => {
  const lines = new Set<Socket>()
  let target = 0
  const proxy = createServer((from) => {
    const to = connect(target, '127.0.0.1')
    lines.add(from)
    from.pipe(to).on('error', () => from.destroy())
    to.pipe(from).on('error', () => to.destroy())
    from.on('close', () => {
      to.destroy()
      lines.delete(from)
    })
  })
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done))
  const { port } = proxy.address() as { port: number }
  await end(served)
  target = await freePort()
  served = await serve(dir, '--listen', `127.0.0.1:${target}`, '--public-url', `http://127.0.0.1:${port}`)
  const [ada, ben] = await gather('Ada', 'Ben') as [Person, Person]
  const expected: string[] = []
  for (let i = 0; i < 6; i++) {
    await ben.key('e')
    await ben.field.waitFor()
    await ben.type(`Step ${i}`)
    for (const l of lines) l.destroy()
    await ben.key('Enter')
    expected.push(`Step ${i}`)
  }
  for (const p of [ada, ben]) await p.page.locator('.status-live').waitFor({ timeout: 30_000 })
  await expect.poll(async () => (await ada.notes()).map((n) => n.text).sort()).toEqual(expected)
  for (const p of [ada, ben]) await expect.poll(() => p.seen()).toEqual(expected.map((t) => `Event: ${t}`))
  proxy.close()
  for (const l of lines) l.destroy()
})
