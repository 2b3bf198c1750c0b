import { describe, expect, it } from 'vitest'
import { complete } from '../model/items'
import type { Link, Note, NoteKind } from '../model/types'
import { targetsOf } from './LinkTo'

const note = (id: string, kind: NoteKind, x: number, more: Partial<Note> = {}) => complete({ type: 'note', id, kind, text: id, x, ...more }) as Note

describe('targetsOf', () => {
  const notes = [note('Paid', 'event', 0), note('Ship', 'policy', 30), note('Bill', 'policy', 10), note('Pay', 'command', 20), note('Clerk', 'actor', 40), note('Why?', 'hotspot', 50, { on: ['Clerk'] })]
  const model = { notes: () => notes, linksOf: () => [complete({ type: 'link', id: 'l', from: 'Paid', to: 'Ship' }) as Link] }
  it('proposes only what can be linked and is not, in the order of time, and says what it would mean', () => {
    expect(targetsOf(model, notes[0]!).map((t) => t.says)).toEqual(['triggers Bill', 'Pay leads to this', 'Why? sticks on this'])
  })
  it('lets a sticky stick on anything but where it is', () => {
    expect(targetsOf({ ...model, linksOf: () => [] }, notes[5]!).map((t) => t.says)).toEqual(['stick on Paid', 'stick on Bill', 'stick on Pay', 'stick on Ship'])
  })
})
