import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { clean, folder, serve, type Served } from './board.ts'
import { closeBrowser, Person } from './person.ts'

// Boards that people have drawn elsewhere come in through the page.

const boards = join(import.meta.dirname, '../../../storm/importer/testdata/boards')
const dir = folder('files')
let served: Served
let ada: Person

beforeAll(async () => {
  mkdirSync(dir)
  served = await serve(dir)
  ada = await Person.come('Ada')
})
afterAll(async () => {
  expect(ada.trouble).toEqual([])
  await closeBrowser()
  clean()
})

/** take brings a file onto a board of its own, and shows all of it. */
async function take(file: string): Promise<void> {
  await ada.page.goto(served.link)
  await ada.enter(served)
  await ada.make(file)
  await ada.bring(join(boards, `${file}.json`))
  await ada.press('Close land, import, export')
  await ada.click(ada.wall)
  await ada.key('f')
  await ada.shoot(`file-${file}`)
}

test('the grammar of process modelling', async () => {
  await take('process-modelling-grammar')
  expect((await ada.notes()).length).toBeGreaterThan(5)
})

test('cargo shipping', async () => {
  await take('cargo-shipping-event-storming')
  expect((await ada.notes()).length).toBeGreaterThan(30)
})

test('a workshop: its duplicates are proposed, it is tidied, and its modules are drawn', async () => {
  await take('eventstorming-facilitation-workshop')
  const before = await ada.notes()
  expect(before.length).toBeGreaterThan(30)
  const side = await ada.panel('Duplicates')
  await side.getByLabel('Propose what is').selectOption('Somewhat alike')
  await side.getByText(/^Nothing looks alike|^\d+ of \d+$/).waitFor()
  await ada.shoot('file-workshop-duplicates')
  await ada.press('Close duplicates')
  await ada.click(ada.wall)
  await ada.do('Tidy')
  await ada.saved()
  await ada.key('f')
  await ada.shoot('file-workshop-tidied')
  const after = new Map((await ada.notes()).map((n) => [n.id, n]))
  // Of two events the one that stood further to the left still does.
  const events = before.filter((n) => n.kind === 'event' && n.module === '').sort((a, b) => a.x - b.x)
  for (const [i, n] of events.entries()) if (i > 0) expect(after.get(n.id)!.x).toBeGreaterThanOrEqual(after.get(events[i - 1]!.id)!.x)
  const map = await ada.panel('Modules')
  const arrange = async (some: typeof events, name: string, team: string) => {
    await ada.click(ada.wall)
    await ada.key('f')
    await ada.drawn()
    for (const [i, n] of some.entries()) {
      const p = await ada.middle((await ada.notes()).find((m) => m.id === n.id)!)
      if (i > 0) await ada.page.keyboard.down('Shift')
      await ada.page.mouse.click(p.x, p.y)
      await ada.page.keyboard.up('Shift')
    }
    await map.getByLabel('Name').fill(name)
    await map.getByLabel('Team').fill(team)
    await ada.press('Arrange')
    await map.locator('.module-box', { hasText: name }).waitFor()
    await ada.saved()
  }
  await arrange(events.slice(0, 3), 'Planning', 'Conference')
  await arrange(events.slice(-3), 'Looking back', 'Facilitators')
  for (const n of [...events.slice(0, 3), ...events.slice(-3)]) expect((await ada.notes()).find((m) => m.id === n.id)!.module).not.toBe('')
  await ada.click(ada.wall)
  await ada.key('f')
  await ada.shoot('file-workshop-modules')
})

test('5,000 notes', async () => {
  await take('perf-test-5000-stickies')
  expect((await ada.notes()).length).toBeGreaterThanOrEqual(5000)
  await ada.key('0')
  await ada.shoot('file-5000-near')
})
