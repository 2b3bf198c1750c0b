import { mkdirSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { clean, folder, serve, type Served } from './board.ts'
import { closeBrowser, Person } from './person.ts'

// Whatever people write is text. Nothing that is written anywhere becomes markup
// or runs: not on the page, and not in what is made of the board.

const image = '<img src=x onerror=alert(1)>'
const script = '<script>alert(2)</script>'
const svg = '"><svg onload=alert(3)>'
const link = 'javascript:alert(4)'
const style = '</style><style>*{display:none}</style>'
const all = [image, script, svg, link, style]
const dir = folder('markup')
let served: Served
let eve: Person
let ada: Person

beforeAll(async () => {
  mkdirSync(dir)
  served = await serve(dir)
  eve = await Person.come(image)
  ada = await Person.come('Ada')
})
afterAll(async () => {
  await closeBrowser()
  clean()
})

/** unharmed looks whether anything of what was written has become part of the page. */
async function unharmed(p: Person): Promise<void> {
  await p.drawn()
  const built = await p.page.evaluate(() => document.querySelectorAll('img, svg[onload], script:not([src]), [onerror], [onload], a[href^="javascript:"]').length)
  expect(built).toBe(0)
  expect(p.trouble).toEqual([])
}

test('names of people and boards', async () => {
  await eve.enter(served)
  await eve.make(script)
  await eve.page.getByRole('heading', { name: script }).waitFor()
  await eve.shoot('markup-board')
  await unharmed(eve)
  await ada.enter(served)
  await ada.page.getByRole('link', { name: script }).waitFor()
  await ada.click(ada.page.getByRole('link', { name: script }))
  await ada.wall.waitFor()
  await unharmed(ada)
})

test('notes of every kind, labels, modules and teams', async () => {
  const keys = ['e', 'c', 'a', 'g', 'p', 'r', 's', 'o', 'n', 'h', 't', 'm', 'v', 'w']
  for (const [i, key] of keys.entries()) {
    await eve.do('Show the whole board')
    await eve.put((i % 5) * 200, Math.floor(i / 5) * 260, key, all[i % all.length]!)
    await eve.key('Escape')
  }
  await eve.saved()
  const notes = await eve.notes()
  expect(notes).toHaveLength(keys.length)
  for (const n of notes) expect(all).toContain(n.text)
  await expect.poll(async () => (await ada.seen()).length).toBeGreaterThan(8)
  expect(await ada.seen()).toContain(`Event: ${image}`)
  for (const p of [eve, ada]) await unharmed(p)
})

test('details, answers, comments, goals and the storm text', async () => {
  await eve.key('f')
  const hotspot = (await eve.notes()).find((n) => n.kind === 'hotspot')!
  const at = await eve.middle(hotspot)
  await eve.page.mouse.click(at.x, at.y)
  const details = await eve.panel('Details')
  for (const [i, field] of (await details.locator('textarea:not([readonly]), input[type=text]:not([readonly])').all()).entries()) {
    await field.fill(all[i % all.length]!)
    await field.blur()
  }
  const comments = await eve.panel('Comments')
  await comments.getByPlaceholder('Say something').fill(all.join('\n'))
  await eve.press('Send')
  await comments.getByText(script).first().waitFor()
  const session = await eve.panel('Session')
  await session.getByLabel('Another goal').fill(svg)
  await eve.key('Enter')
  await session.getByRole('textbox', { name: 'Goal 1' }).waitFor()
  const pane = await eve.panel('Storm text')
  await pane.locator('.cm-content').click()
  await eve.key('Control+End')
  await eve.type(`\nterm "${image}"\nnote "${script}"`)
  await expect.poll(async () => (await eve.items()).filter((i) => i.type === 'file').map((i) => i.text).join('')).toContain(`term "${image}"`)
  await eve.shoot('markup-text')
  for (const p of [eve, ada]) await unharmed(p)
})

test('every panel, the list, the replay, the search', async () => {
  for (const p of [eve, ada]) {
    for (const name of ['Session', 'Details', 'Comments', 'Find and filter', 'Storm text', 'Duplicates', 'Modules', 'Land, import, export', 'People and invites', 'Help']) {
      await p.panel(name)
      await unharmed(p)
    }
    const find = await p.panel('Find and filter')
    await find.locator('input').first().fill('<img')
    await unharmed(p)
    await p.seen()
    await unharmed(p)
    await p.do('Replay the session')
    await p.page.getByRole('slider', { name: 'Place in the session' }).waitFor()
    await p.press('Who did what')
    await p.shoot('markup-replay')
    await unharmed(p)
    await p.press('Leave')
  }
})

test('what is made of the board', async () => {
  for (const to of ['svg', 'minutes', 'markdown', 'mermaid', 'eventcatalog']) {
    const made = await eve.export(to)
    expect(made.length, to).toBeGreaterThan(20)
    if (to === 'svg') expect(made).not.toMatch(/<(img|script)|<svg onload|<style>\*|javascript:alert\(4\)"/)
  }
  // Opened as a page of its own, the picture runs nothing either.
  const picture = await eve.context.newPage()
  const ran: string[] = []
  picture.on('dialog', (d) => {
    ran.push(d.message())
    void d.dismiss()
  })
  await picture.setContent(await eve.export('svg'))
  expect(await picture.locator('svg').count()).toBeGreaterThan(0)
  expect(ran).toEqual([])
  await picture.close()
  const side = await eve.panel('Land, import, export')
  await eve.press('Write the minutes')
  await side.getByRole('link', { name: 'Download', exact: true }).waitFor()
  await unharmed(eve)
})
