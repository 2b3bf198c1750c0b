// @vitest-environment happy-dom
import { render } from 'preact'
import { act } from 'preact/test-utils'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { StandInApi } from '../../dev/api'
import { App } from '../app'
import { go } from '../route'
import { chooseTheme, theme } from '../shell'
import { Notices } from './Notices'
import type { BoardModel } from '../model/board'
import { Notices as Told } from '../model/notices'

// The page before a board is open, against the stand-in for the server.

let root: HTMLElement
let api: StandInApi
let cookie: string

beforeEach(() => {
  root = document.createElement('div')
  document.body.replaceChildren(root)
  api = new StandInApi()
  cookie = ''
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
    const url = new URL(path, 'http://127.0.0.1')
    const body = typeof init.body === 'string' ? init.body : ''
    const reply = api.handle(init.method ?? 'GET', url.pathname, url.searchParams, body, api.people.get(cookie) ?? null)
    cookie = reply.cookie ?? cookie
    return Promise.resolve(new Response(reply.status === 204 ? null : JSON.stringify(reply.body), { status: reply.status }))
  })
})
afterEach(async () => {
  await act(() => render(null, root))
  vi.unstubAllGlobals()
})

async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await act(() => new Promise((r) => setTimeout(r)))
}

async function open(path: string): Promise<void> {
  go(path)
  await act(() => render(<App key={Math.random()} />, root))
  await settle()
}

async function write(field: HTMLInputElement, text: string): Promise<void> {
  await act(() => {
    field.value = text
    field.dispatchEvent(new Event('input', { bubbles: true }))
  })
}

async function submit(form: Element | null): Promise<void> {
  await act(() => void form!.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true })))
  await settle()
}

const button = (text: string) => [...root.querySelectorAll('button')].find((b) => (b.getAttribute('aria-label') ?? b.textContent) === text)!

async function enter(name: string): Promise<void> {
  await write(root.querySelector('input')!, name)
  await submit(root.querySelector('form'))
}

test('who nobody knows is asked for a name, and then sees the boards', async () => {
  await open('/')
  expect(root.querySelector('h1')?.textContent).toBe('Welcome to the board')
  await enter('Ada')
  expect(root.querySelector('h1')?.textContent).toBe('Boards')
  expect([...root.querySelectorAll('.board-link')].map((a) => a.getAttribute('href'))).toContain('/b/demo')
})

test('an invite is taken from the address, which does not keep it', async () => {
  const seen: string[] = []
  const handle = api.handle.bind(api)
  api.handle = (method, path, query, body, person) => {
    if (path === '/api/enter') seen.push(body)
    return handle(method, path, query, body, person)
  }
  await open('/join#secret-token')
  expect(root.querySelector('h1')?.textContent).toBe('You are invited to a board')
  await enter('Grace')
  expect(JSON.parse(seen[0]!)).toEqual({ name: 'Grace', invite: 'secret-token' })
  expect(location.pathname + location.hash).toBe('/')
})

test('what the server refuses is told beside the form', async () => {
  await open('/')
  api.handle = () => ({ status: 403, body: { code: 'forbidden', message: 'this link is not valid' } })
  await enter('Mallory')
  expect(root.querySelector('[role=alert]')?.textContent).toBe('this link is not valid')
})

test('boards are renamed, archived, and deleted by writing their name', async () => {
  await open('/')
  await enter('Ada')
  await act(() => button('Rename Mars Rover').click())
  const field = root.querySelector<HTMLInputElement>('input[aria-label="Name of the board"]')!
  field.value = 'Venus Rover'
  await act(() => void field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true })))
  await settle()
  expect(api.board('demo')?.items.board.name).toBe('Venus Rover')

  await act(() => button('Archive Venus Rover').click())
  await settle()
  expect(root.textContent).not.toContain('Venus Rover')
  await act(() => button('1 archived').click())
  expect(root.textContent).toContain('Venus Rover')

  await act(() => button('Delete Venus Rover for good').click())
  const remove = button('Delete for good')
  expect(remove.disabled).toBe(true)
  await write(root.querySelector<HTMLInputElement>('dialog input')!, 'venus rover')
  expect(button('Delete for good').disabled).toBe(false)
  await submit(root.querySelector('dialog form'))
  expect(api.boards.has('demo')).toBe(false)
})

test('a name that is markup stays a name', async () => {
  await open('/')
  await enter('<img src=x onerror=alert(1)>')
  await act(() => void api.board('demo')!.record('x', 'BoardNamed', [{ id: 'board', set: { name: '<b>bold</b><script>1</script>' } }], '', 0))
  await open('/')
  expect(root.querySelector('main img, main b, script')).toBeNull()
  expect(root.textContent).toContain('<b>bold</b>')
})

test('when there is no server the page says so, and tries again', async () => {
  const fetched = globalThis.fetch
  vi.stubGlobal('fetch', () => Promise.reject(new Error('refused')))
  await open('/')
  expect(root.textContent).toContain('The server does not answer')
  vi.stubGlobal('fetch', fetched)
  await act(() => button('Try again').click())
  await settle()
  expect(root.querySelector('h1')?.textContent).toBe('Welcome to the board')
})

test('the theme is on the document, and chosen themes are remembered', async () => {
  await open('/')
  await act(() => chooseTheme('dark'))
  expect(document.documentElement.dataset['theme']).toBe('dark')
  expect(localStorage.getItem('landfall:theme')).toBe('dark')
  await act(() => chooseTheme('light'))
  expect(theme.value).toBe('light')
})

test('notices are read out, and put away', async () => {
  const told = new Told()
  const model = { notices: told.list, hush: (id: number) => told.hush(id) } as unknown as BoardModel
  await act(() => render(<Notices model={model} />, root))
  await act(() => told.tell('The note is no longer there.', 'error'))
  await act(() => told.tell('The note is no longer there.', 'error'))
  const log = root.querySelector('[role=log]')!
  expect(log.getAttribute('aria-live')).toBe('polite')
  expect(log.querySelectorAll('.notice')).toHaveLength(1)
  await act(() => button('Put this notice away').click())
  expect(log.children).toHaveLength(0)
})
