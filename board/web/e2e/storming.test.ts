import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { clean, folder, serve, type Served } from './board.ts'
import { closeBrowser, Person } from './person.ts'

// Somebody who has never seen the board storms the Mars Rover on it, from an
// empty folder to a landed file, phase by phase.

const root = join(import.meta.dirname, '../../..')
const dir = folder('marsrover')
const question = 'What if the rover is offline when a command arrives?'
let served: Served
let ada: Person
const began = Date.now()

beforeAll(async () => {
  mkdirSync(dir)
  served = await serve(dir)
  ada = await Person.come('Ada')
})

afterAll(async () => {
  await closeBrowser()
  clean()
})

/** on goes on to the next phase by the panel of the session. */
async function on(title: string): Promise<void> {
  await ada.panel('Session')
  await ada.press(new RegExp(`^Next phase: .*${title}`))
  await ada.page.locator('.phase-pill', { hasText: title }).waitFor()
  await ada.saved()
}

async function text(): Promise<string> {
  return (await ada.items()).find((i) => i.type === 'file')?.text ?? ''
}

test('a name leads to the board of the folder', async () => {
  await ada.page.goto(served.link)
  await ada.page.getByRole('textbox', { name: 'Your name' }).waitFor()
  await ada.shoot('enter')
  await ada.enter(served)
  await ada.page.getByRole('link', { name: 'Marsrover' }).waitFor()
  await ada.shoot('boards')
  await ada.open('Marsrover')
  await ada.shoot('empty')
  await ada.click(ada.page.getByRole('button', { name: 'Marsrover' }))
  const name = ada.page.getByRole('textbox', { name: 'Name of the board' })
  await name.waitFor()
  await name.fill('Mars Rover')
  await ada.key('Enter')
  await expect.poll(() => ada.page.title()).toBe('Mars Rover · Landfall')
})

test('goals', async () => {
  const side = await ada.panel('Session')
  await ada.shoot('phase-01-review')
  await on('goals')
  await ada.click(side.getByLabel('Another goal'))
  await ada.type('Know what happens at an obstacle')
  await ada.key('Enter')
  await expect.poll(async () => (await ada.items()).find((i) => i.type === 'board')?.goals).toEqual(['Know what happens at an obstacle'])
  await ada.shoot('phase-02-goals')
})

test('events are written alone, and revealed with the next phase', async () => {
  await on('exploration')
  await ada.click(ada.wall)
  for (let i = 0; i < 3; i++) await ada.key('-')
  await ada.put(250, -300, 'e', 'Mars rover started')
  await ada.put(250, -120, 'e', 'Mars rover moved')
  await ada.put(250, 90, 'e', 'Obstacle found')
  await ada.put(400, -120, 'e', 'Obstacles found')
  await ada.put(720, 90, 'e', 'Mars rover turned off')
  await ada.put(720, 260, 'e', 'Obstacle notified')
  await ada.saved()
  const alone = await ada.notes()
  expect(alone.map((n) => n.private)).toEqual(alone.map(() => true))
  expect(alone).toHaveLength(6)
  await ada.shoot('phase-03-explore')
  await on('timeline')
  await expect.poll(async () => (await ada.notes()).some((n) => n.private)).toBe(false)
  await ada.shoot('phase-04-timeline')
})

test('duplicates are proposed and merged', async () => {
  await on('duplicates')
  await ada.panel('Duplicates')
  await ada.page.getByRole('radio', { name: /^Obstacles found/ }).waitFor()
  await ada.shoot('phase-05-duplicates')
  await ada.press('Merge 2 notes')
  await expect.poll(async () => (await ada.notes()).map((n) => n.text)).not.toContain('Obstacles found')
  // Nothing more is proposed, so nothing is faded any more.
  await ada.page.getByText('Nothing looks alike.').waitFor()
  expect(await ada.page.evaluate(() => (document.querySelector('.wall') as unknown as { stage: { model: { focus: { value: unknown } } } }).stage.model.focus.value)).toBeNull()
  await ada.press('Put this notice away')
})

test('pivotal events, people and systems', async () => {
  await on('Pivotal')
  await ada.select('Obstacle found')
  await ada.key('k')
  await expect.poll(async () => (await ada.note('Obstacle found')).pivotal).toBe(true)
  await ada.shoot('phase-06-pivotal')
  await on('People')
  await ada.put(-420, -100, 'a', 'Operator')
  await ada.put(430, -250, 's', 'Console')
  await ada.saved()
  await ada.shoot('phase-07-people')
})

test('a hotspot and a vote', async () => {
  await on('Hotspots')
  await ada.put(-130, 260, 'h', question)
  await ada.press('Open the vote')
  await ada.press(/^Vote for What if/)
  await expect.poll(async () => Object.values((await ada.note(question)).votes)).toEqual([1])
  await ada.shoot('phase-08-hotspots')
  await ada.press('Close the vote')
  await on('Reverse')
  await ada.press('Start at the last event')
  await ada.press('← Earlier')
  await ada.shoot('phase-09-reverse')
  await ada.press('End the walk')
})

test('commands, policies and the aggregate', async () => {
  await on('Commands')
  await ada.press('Close session')
  await ada.click(ada.wall)
  await ada.key('f')
  await ada.do('Show or hide the minimap')
  const commands = ['Start mars rover', 'Turn right', 'Turn left', 'Move']
  for (const [i, command] of commands.entries()) await ada.put(-130, [-300, -180, -60, 90][i]!, 'c', command)
  await ada.link('Start mars rover', 'Mars rover started')
  await ada.link('Turn right', 'Mars rover moved')
  await ada.link('Turn left', 'Mars rover moved')
  await ada.link('Move', 'Mars rover moved')
  await ada.link('Move', 'Obstacle found')
  for (const command of commands) await ada.link('Operator', command)
  await ada.select('Obstacle found')
  await ada.next('Turn off policy')
  await ada.next('Turn off')
  await ada.link('Turn off', 'Mars rover turned off')
  await ada.put(430, 260, 'p', 'Notify obstacle found policy')
  await ada.put(580, 260, 'c', 'Notify obstacle')
  await ada.link('Obstacle found', 'Notify obstacle found policy')
  await ada.link('Notify obstacle found policy', 'Notify obstacle')
  await ada.link('Notify obstacle', 'Console')
  await ada.link('Notify obstacle', 'Obstacle notified')
  await ada.put(60, -190, 'g', 'Mars rover')
  for (const command of [...commands, 'Turn off']) await ada.link(command, 'Mars rover')
  await ada.link(question, 'Move')
  await ada.shoot('phase-10-commands')
  expect((await ada.items()).filter((i) => i.type === 'link')).toHaveLength(21)
})

test('modules with teams, and the map between them', async () => {
  await on('Modules')
  const map = await ada.panel('Modules')
  const arrange = async (name: string, team: string) => {
    await ada.click(map.getByLabel('Name'))
    await ada.type(name)
    await ada.click(map.getByLabel('Team'))
    await ada.type(team)
    await ada.press('Arrange')
    await expect.poll(async () => (await ada.note(name, 'module')).team).toBe(team)
    await ada.saved()
  }
  await ada.click(ada.wall)
  await ada.key('Control+a')
  await arrange('Rover', 'Mobility')
  await ada.select('Console')
  await ada.page.keyboard.down('Shift')
  await ada.select('Notify obstacle')
  await ada.select('Obstacle notified')
  await ada.page.keyboard.up('Shift')
  await arrange('Notification', 'Messaging')
  await map.getByRole('button', { name: 'Rover → Notification' }).waitFor()
  await ada.click(ada.wall)
  await ada.key('f')
  await ada.key('Escape')
  await ada.shoot('phase-11-modules')
})

test('fields are written into the text', async () => {
  const pane = await ada.panel('Storm text')
  const append = async (to: RegExp, what: string, before = '') => {
    await ada.click(pane.locator('.cm-line', { hasText: to }).first())
    if (before !== '') {
      await ada.key('Home')
      await ada.type(before)
    }
    await ada.key('End')
    for (const [i, part] of what.split('\n').entries()) {
      if (i > 0) await ada.key('Enter')
      await ada.type(part)
    }
  }
  await append(/^ *command "Start mars rover"$/, ' { point Point, direction Direction, world World }')
  await append(/^ *"Mars rover started"$/, ' { point Point, direction Direction, world World }', 'event ')
  await append(/^ *"Mars rover moved"$/, ' { point Point, direction Direction }', 'event ')
  await append(/^ *"Obstacle found"$/, ' { coordinate Point }', 'event ')
  await append(/^ *command "Notify obstacle"$/, ' { message text }')
  await append(/^ *hotspot "What if/, '\nvalue Point { x int, y int }\nvalue World { width int, height int, obstacles [Point] }\nenum Direction { N, E, S, W }')
  await expect.poll(text).toContain('enum Direction { N, E, S, W }')
  await ada.saved()
  await ada.shoot('text')
})

test('it lands as a file that checks, generates and passes drift', async () => {
  await on('Hand over')
  await ada.press('Land')
  await ada.press('Land now')
  await ada.page.getByText('Written:').waitFor()
  await ada.shoot('phase-12-handover')
  await ada.leave()
  expect(ada.trouble).toEqual([])
  console.log(`the Mars Rover from nothing to a landed file: ${ada.gestures} clicks, drags and keys, ${ada.letters} letters, ${Math.round((Date.now() - began) / 1000)} s by a program`)

  const landed = readFileSync(join(dir, 'marsrover.storm'), 'utf8')
  expect(landed).toContain('Operator -> Move -> "Mars rover moved" | "Obstacle found"')
  expect(landed).toContain('policy "Notify obstacle found policy" : "Obstacle found" -> Notification."Notify obstacle"')
  const landfall = (...args: string[]) => execFileSync(inject('landfall'), args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  expect(landfall('check', dir)).toContain('0 errors, 0 warnings')
  const project = join(dir, '../project')
  landfall('new', project, '--from', join(dir, 'marsrover.storm'), '--module', 'example.com/marsrover', '--landfall', root)
  landfall('gen', project, '--check')
  landfall('drift', project)
  execFileSync('go', ['test', './...'], { cwd: project, stdio: ['ignore', 'ignore', 'inherit'] })
}, 180_000)
