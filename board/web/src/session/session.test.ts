import { describe, expect, it } from 'vitest'
import type { Link, Note } from '../model/types'
import { backwards, before, placeBefore } from './backwards'
import { spent, tally, voted } from './ballot'
import { announcement, clock, countdown, extended } from './countdown'
import { phaseAfter, phases } from './phases'

const note = (id: string, x: number, more: Partial<Note> = {}): Note =>
  ({ type: 'note', id, kind: 'event', text: id, x, y: 0, w: 100, h: 100, module: '', on: [], votes: {}, ...more }) as unknown as Note

describe('phases', () => {
  it('are those of the session, in their order', () => {
    expect(phases.map((p) => p.id)).toEqual(['review', 'goals', 'explore', 'timeline', 'duplicates', 'pivotal', 'people', 'hotspots', 'reverse', 'commands', 'modules', 'handover'])
    expect(phaseAfter('goals')?.id).toBe('explore')
    expect(phaseAfter('review', -1)).toBeUndefined()
    expect(phaseAfter('handover')).toBeUndefined()
    expect(phaseAfter('')?.id).toBe('review')
  })
})

describe('countdown', () => {
  it('goes by the server’s clock', () => {
    expect(countdown(100_000, 30_000, 5_000)).toMatchObject({ state: 'running', left: 65_000, text: '1:05' })
    expect(countdown(100_000, 30_000, 10_000).state).toBe('ending')
    expect(countdown(100_000, 100_000, 12_000)).toMatchObject({ state: 'over', text: '+0:12' })
    expect(countdown(0, 5, 0).state).toBe('off')
  })
  it('counts full seconds down to 0:01', () => {
    expect(countdown(10_000, 9_999, 0).text).toBe('0:01')
    expect(countdown(10_000, 1_000, 0).text).toBe('0:09')
    expect(clock(3_725_000)).toBe('1:02:05')
  })
  it('extends from what is left, and starts anew when over', () => {
    expect(extended(100_000, 40_000, 0, 5)).toBe(360)
    expect(extended(10_000, 40_000, 0, 5)).toBe(300)
    expect(extended(100_000, 40_000, 0, -5)).toBe(0)
  })
  it('says each thing once', () => {
    const off = countdown(0, 0, 0)
    const running = countdown(600_000, 0, 0)
    const ending = countdown(600_000, 550_000, 0)
    const over = countdown(600_000, 600_001, 0)
    expect(announcement(off, running)).toBe('The timer was started: 10 minutes.')
    expect(announcement(running, running)).toBe('')
    expect(announcement(running, ending)).toBe('One minute left.')
    expect(announcement(ending, over)).toBe('Time is up.')
    expect(announcement(over, over)).toBe('')
    expect(announcement(over, off)).toBe('')
    expect(announcement(running, off)).toBe('The timer was stopped.')
    expect(announcement(running, countdown(900_000, 0, 0))).toBe('The timer was extended: 15 minutes left.')
  })
})

describe('votes', () => {
  const notes = [note('a', 0, { votes: { ann: 1, bob: 2 } }), note('b', 5, { votes: { ann: 2 } }), note('c', 9, { votes: { bob: 3 } }), note('d', 1)]
  it('are counted and sorted', () => {
    expect(spent(notes, 'ann')).toBe(3)
    expect(tally(notes, 'ann').map((t) => [t.note.id, t.votes, t.mine])).toEqual([['a', 3, 1], ['c', 3, 0], ['b', 2, 2]])
  })
  it('cannot be more than each has, nor less than none', () => {
    expect(voted(notes, notes[3]!, 'ann', 3, 1)).toBeNull()
    expect(voted(notes, notes[3]!, 'ann', 4, 1)).toBe(1)
    expect(voted(notes, notes[0]!, 'ann', 3, -1)).toBe(0)
    expect(voted(notes, notes[3]!, 'ann', 3, -1)).toBeNull()
  })
})

describe('reverse narrative', () => {
  it('goes from right to left over the events', () => {
    expect(backwards([note('a', 0), note('c', 300), note('x', 900, { kind: 'hotspot' }), note('b', 200)]).map((n) => n.id)).toEqual(['c', 'b', 'a'])
  })
  it('knows what leads to an event', () => {
    const links = [{ from: 'a', to: 'b' }, { from: 'b', to: 'c' }, { from: 'gone', to: 'b' }] as Link[]
    const all = new Map(['a', 'b', 'c'].map((id) => [id, note(id, 0)]))
    expect(before('b', () => links, (id) => all.get(id)).map((n) => n.id)).toEqual(['a'])
  })
  it('puts a new note in front, where nothing lies', () => {
    const b = note('b', 400)
    expect(placeBefore(b, { w: 100, h: 100 }, [b])).toEqual({ x: 260, y: 0 })
    expect(placeBefore(b, { w: 100, h: 100 }, [b, note('a', 250)])).toEqual({ x: 260, y: 120 })
  })
})
