import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Refused, type BoardModel } from '../model/board'
import { applyText } from '../model/items'
import type { Fix, TextChanges } from '../model/types'
import { applyFix, changesOf } from './fix'

describe('changesOf', () => {
  const text = 'event Payed\nevent Shiped\n'
  it('puts several edits of a fix together, whatever their order', () => {
    const changes = changesOf(text.length, [{ from: 18, to: 24, insert: 'Shipped' }, { from: 6, to: 11, insert: 'Paid' }, { from: 0, to: 0, insert: '// two\n' }])!
    expect(applyText(text, changes)).toBe('// two\nevent Paid\nevent Shipped\n')
  })
  it('refuses what overlaps or lies outside', () => {
    expect(changesOf(5, [{ from: 0, to: 3, insert: '' }, { from: 2, to: 4, insert: '' }])).toBeNull()
    expect(changesOf(5, [{ from: 4, to: 6, insert: '' }])).toBeNull()
  })
})

/** A board with one file, whose edits are refused as late until it is let. */
function stand(text: string, late: (file: { text: string; version: number }) => void) {
  let file = { text, version: 1 }
  const listeners = new Set<() => void>()
  const told: string[] = []
  let first = true
  const model = {
    file: () => file, newId: () => 'id', tell: (t: string) => told.push(t),
    onChange: (l: () => void) => { listeners.add(l); return () => listeners.delete(l) },
    do: (_: string, data: { version: number; changes: TextChanges }) => {
      if (first) setTimeout(() => { file = { ...file }; late(file); file.version++; for (const l of listeners) l() }, 30) // with the next tick
      else file = { text: applyText(file.text, data.changes), version: file.version + 1 }
      return 'op'
    },
    done: () => {
      if (!first) return Promise.resolve()
      first = false
      return Promise.reject(new Refused('stale', 'The text has been changed in the meantime.'))
    },
  }
  return { model: model as unknown as BoardModel, told, text: () => file.text }
}

describe('applyFix', () => {
  const fix: Fix = { message: 'Call it Paid', edits: [{ path: 's.storm', from: 13, to: 18, insert: 'Paid' }] }
  const text = 'storm S\nevnt Payed\n' // Payed stands at 13
  beforeEach(() => { vi.useFakeTimers() })
  afterEach(() => { vi.useRealTimers() })

  it('is done on what others wrote meanwhile, and nobody is told', async () => {
    const s = stand(text, (f) => { f.text = '// ours\n' + f.text })
    applyFix(s.model, fix)
    await vi.advanceTimersByTimeAsync(100)
    expect(s.text()).toBe('// ours\nstorm S\nevnt Paid\n')
    expect(s.told).toEqual([])
  })
  it('is not done twice when somebody else has done it', async () => {
    const s = stand(text, (f) => { f.text = f.text.replace('Payed', 'Paid') })
    applyFix(s.model, fix)
    await vi.advanceTimersByTimeAsync(100)
    expect(s.text()).toBe('storm S\nevnt Paid\n')
    expect(s.told).toEqual(['The text has changed since: look at the problem again.'])
  })
})
