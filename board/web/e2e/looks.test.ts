import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { clean, folder, serve, type Served } from './board.ts'
import { closeBrowser, Person } from './person.ts'

// Nothing that axe can find is wrong with any state of the page, in both themes
// and on a phone.

const panels = ['Session', 'Details', 'Comments', 'Find and filter', 'Storm text', 'Duplicates', 'Modules', 'Land, import, export', 'People and invites', 'Help']
const dir = folder('marsrover')
let served: Served

beforeAll(async () => {
  mkdirSync(dir)
  copyFileSync(join(import.meta.dirname, '../../../examples/marsrover/marsrover.storm'), join(dir, 'marsrover.storm'))
  served = await serve(dir)
})
afterAll(async () => {
  await closeBrowser()
  clean()
})

const views = [
  { name: 'light', options: { colorScheme: 'light' } },
  { name: 'dark', options: { colorScheme: 'dark' } },
  { name: 'phone-light', options: { colorScheme: 'light', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 } },
  { name: 'phone-dark', options: { colorScheme: 'dark', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 } },
] as const

for (const { name: view, options } of views) {
  test(view, async () => {
    const ada = await Person.come('Ada Lovelace', options)
    const wrong: string[] = []
    const look = async (state: string) => {
      await ada.shoot(`${view}-${state.toLowerCase().replaceAll(/[^a-z]+/g, '-')}`)
      for (const w of await ada.axe()) wrong.push(`${state}: ${w}`)
      if ('hasTouch' in options) for (const w of await ada.small()) wrong.push(`${state}: ${w}`)
    }
    await ada.page.goto(served.link)
    await ada.page.getByRole('textbox', { name: 'Your name' }).waitFor()
    await look('enter')
    await ada.enter(served)
    await ada.page.getByRole('link', { name: 'Mars Rover' }).waitFor()
    await look('boards')
    await ada.open('Mars Rover')
    await expect.poll(async () => (await ada.notes()).length).toBeGreaterThan(15)
    await ada.do('Show the whole board')
    await look('wall')
    const n = await ada.select('Move', 'command')
    for (const name of panels) {
      await ada.openPanel(name)
      await look(name)
      // What is selected stays in sight of whoever works on it in a panel.
      const [middle, wall, side] = [await ada.middle(n), (await ada.wall.boundingBox())!, (await ada.page.locator('#panel').boundingBox())!]
      expect(middle.y > wall.y && (middle.y < side.y || middle.x < side.x), `${view} ${name}: ${middle.x},${middle.y}`).toBe(true)
    }
    await ada.closePanel()
    await ada.do('Show the whole board')
    const at = await ada.middle(n)
    await ada.page.mouse.click(at.x, at.y, { button: 'right' })
    await ada.page.getByRole('menu').waitFor()
    await look('menu')
    await ada.key('Escape')
    await ada.page.keyboard.press('Control+k')
    await look('palette')
    await ada.key('Escape')
    await ada.page.keyboard.press('Control+Shift+L')
    await ada.page.locator('.list-view').waitFor()
    await ada.page.locator('[data-row]').nth(2).click()
    await look('list')
    await ada.do('Show the board as a list, or as a wall')
    await ada.wall.waitFor()
    await ada.do('Replay the session')
    await ada.page.getByRole('slider', { name: 'Place in the session' }).waitFor()
    await look('replay')
    expect(wrong).toEqual([])
    expect(ada.trouble).toEqual([])
    await ada.leave()
  })
}
