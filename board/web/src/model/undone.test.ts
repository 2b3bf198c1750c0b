import { expect, test } from 'vitest'
import { undone } from './undone'

const isNote = (id: string) => id.startsWith('note')
const some = [{ id: 'note1', gone: true }]

test('who undid is told what stayed, and only that', () => {
  expect(undone({ what: 'StepUndone', changes: some }, isNote)).toBeUndefined()
  expect(undone({ what: 'StepUndone', changes: some, kept: ['note2'] }, isNote)).toBe('1 note stayed: others have gone on from it.')
  expect(undone({ what: 'StepRedone', changes: some, kept: ['note2', 'note3'] }, isNote)).toBe('2 notes stayed: others have gone on from them.')
  expect(undone({ what: 'StepUndone', changes: some, kept: ['note2', 'link3'] }, isNote)).toBe('2 things stayed: others have gone on from them.')
  expect(undone({ what: 'StepUndone', changes: [], kept: ['note2'] }, isNote)).toBe('Nothing was taken back: others have gone on from it.')
  expect(undone({ what: 'StepRedone', changes: [] }, isNote)).toContain('Nothing was done again')
  expect(undone({ what: 'NotesMoved', changes: [] }, isNote)).toBeUndefined()
})
