// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest'
import { keyOf, normal, shown, typing } from './keys'
import { action, pointing, press, register, run, type Action } from './registry'

const key = (k: string, o: Partial<Record<'ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey', boolean>> = {}) =>
  ({ key: k, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...o })

const withdraw: (() => void)[] = []
afterEach(() => {
  for (const w of withdraw.splice(0)) w()
  document.body.replaceChildren()
})

function known(...list: (Partial<Action> & { id: string })[]): void {
  withdraw.push(register(list.map((a) => ({ title: a.id, group: 'Edit', run: vi.fn(), ...a }))))
}

/** pressed presses a key with the focus on an element, and reports whether an action took it. */
function pressed(k: string, target: EventTarget | null, o = {}): boolean {
  const preventDefault = vi.fn()
  const took = press({ ...key(k, o), target, defaultPrevented: false, isComposing: false, preventDefault })
  expect(preventDefault).toHaveBeenCalledTimes(took ? 1 : 0)
  return took
}

function element(html: 'input' | 'textarea' | 'button' | 'div', within?: HTMLElement): HTMLElement {
  const e = document.createElement(html)
  ;(within ?? document.body).append(e)
  return e
}

test('keys are written in one way', () => {
  expect(keyOf(key('Z', { ctrlKey: true, shiftKey: true }))).toBe(normal('Ctrl+Shift+Z'))
  expect(keyOf(key('z', { metaKey: true }))).toBe(normal('Ctrl+Z'))
  expect(keyOf(key('?', { shiftKey: true }))).toBe(normal('?'))
  expect(keyOf(key('+', { shiftKey: true }))).toBe(normal('+'))
  expect(keyOf(key('+', { ctrlKey: true }))).toBe(normal('Ctrl++'))
  expect(keyOf(key('ArrowUp', { shiftKey: true }))).toBe(normal('Shift+ArrowUp'))
  expect(shown('Ctrl+Shift+Z')).toBe('Ctrl+Shift+Z')
  expect(shown('e')).toBe('E')
  expect(shown('Delete')).toBe('Del')
})

test('letters of the wall do nothing where text is written, nor elsewhere on the page', () => {
  known({ id: 'add', keys: ['e'] })
  const wall = element('div')
  wall.dataset['wall'] = ''
  expect(pressed('e', wall)).toBe(true)
  expect(pressed('e', document.body)).toBe(true)
  expect(pressed('e', element('textarea', wall))).toBe(false)
  expect(pressed('e', element('input'))).toBe(false)
  expect(pressed('e', element('button'))).toBe(false)
})

test('with the pointer over the wall, letters are meant for it after a button was pressed', () => {
  known({ id: 'add', keys: ['e'] }, { id: 'next', keys: ['Tab'] }, { id: 'write', keys: ['Enter'] }, { id: 'remove', keys: ['Delete'] }, { id: 'up', keys: ['Shift+ArrowUp'] })
  let over = true
  withdraw.push(pointing(() => over))
  const button = element('button')
  expect(['e', 'Delete', 'Tab', 'Enter'].map((k) => pressed(k, button))).toEqual([true, true, false, false])
  expect(pressed('ArrowUp', button, { shiftKey: true })).toBe(false)
  expect(pressed('e', element('input'))).toBe(false)
  const menu = element('div')
  menu.setAttribute('role', 'menu')
  expect(pressed('e', element('button', menu))).toBe(false)
  over = false
  expect(pressed('e', button)).toBe(false)
})

test('keys of the page work beside text, and some keys always', () => {
  known({ id: 'find', keys: ['Ctrl+F'], where: 'page' }, { id: 'palette', keys: ['Ctrl+K'], where: 'always' })
  expect(pressed('f', element('button'), { ctrlKey: true })).toBe(true)
  expect(pressed('f', element('input'), { ctrlKey: true })).toBe(false)
  expect(pressed('k', element('input'), { ctrlKey: true })).toBe(true)
})

test('the action registered last has the key and the id, until it is withdrawn', () => {
  const [first, second] = [vi.fn(), vi.fn()]
  known({ id: 'fit', keys: ['f'], run: first })
  const back = register([{ id: 'fit', title: 'Fit', group: 'View', keys: ['f'], run: second }])
  pressed('f', document.body)
  expect([first.mock.calls.length, second.mock.calls.length]).toEqual([0, 1])
  back()
  expect(action('fit')).toBeUndefined()
})

test('what is not possible is not done', () => {
  const f = vi.fn()
  known({ id: 'undo', keys: ['Ctrl+Z'], run: f, enabled: () => false })
  expect(run('undo')).toBe(false)
  expect(pressed('z', document.body, { ctrlKey: true })).toBe(false)
  expect(f).not.toHaveBeenCalled()
  expect(run('nothing')).toBe(false)
})

test('it is known where text is written', () => {
  const check = document.createElement('input')
  check.type = 'checkbox'
  expect(typing(check)).toBe(false)
  expect(typing(element('input'))).toBe(true)
  expect(typing(element('textarea'))).toBe(true)
  expect(typing(document.body)).toBe(false)
  expect(typing(null)).toBe(false)
})
