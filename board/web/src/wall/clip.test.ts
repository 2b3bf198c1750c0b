// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest'
import { complete } from '../model/items'
import type { Link, Note } from '../model/types'
import { clipFrom, clipIn, clipOf, htmlOf, linesOf, pasted, rows, textOf } from './clip'

const note = (id: string, set: Partial<Note> = {}) => complete({ type: 'note', id, text: id, ...set }) as Note
const link = (from: string, to: string) => complete({ type: 'link', id: `${from}-${to}`, from, to, verb: 'triggers' }) as Link
let made = 0
const newId = () => `new-${++made}`

describe('clip', () => {
  const frame = note('Frame', { kind: 'module', x: 0, y: 0, w: 500, h: 300, team: 'Blue' })
  const event = note('Event', { x: 10, y: 50, module: 'Frame', pivotal: true })
  const policy = note('Policy', { kind: 'policy', x: 200, y: 50, module: 'Frame' })
  const hotspot = note('Why?', { kind: 'hotspot', x: 220, y: 20, on: ['Policy', 'elsewhere'] })

  it('takes the links between the notes and no others', () => {
    const clip = clipOf([event, policy], [link('Event', 'Policy'), link('Event', 'elsewhere')])
    expect(clip.links).toEqual([{ from: 'Event', to: 'Policy' }])
    expect(clip.notes.map((n) => n.module)).toEqual(['', ''])
  })

  it('comes back from the clipboard as it was, whatever is written on the notes', () => {
    const odd = note('odd', { text: '<img src=x onerror="alert(1)"> & "quotes"\nand lines' })
    const clip = clipOf([event, odd], [])
    expect(clipIn(htmlOf(clip))).toEqual(clip)
    expect(textOf(clip)).toBe('<img src=x onerror="alert(1)"> & "quotes" and lines\nEvent')
  })

  it('does not take what is no clip', () => {
    expect(clipIn('<p>hello</p>')).toBeUndefined()
    for (const bad of ['', 'null', '[]', '{"notes":[]}', '{"notes":[{"id":1}]}', '{"notes":[{"id":"a","kind":"bomb","x":0,"y":0,"w":1,"h":1}]}', '{"notes":[{"id":"a","kind":"event","x":"0","y":0,"w":1,"h":1}]}']) {
      expect(clipFrom(bad)).toBeUndefined()
    }
  })

  it('is pasted under new ids with all that ties the notes together', () => {
    const clip = clipOf([frame, event, policy, hotspot], [link('Event', 'Policy')])
    const { notes, links } = pasted(clip, { by: { x: 1000, y: 0 } }, newId, () => 'other')
    const by = (text: string) => notes.find((n) => n.text === text)!
    expect(new Set(notes.map((n) => n.id)).size).toBe(4)
    expect(by('Event').module).toBe(by('Frame').id)
    expect(by('Event').pivotal).toBe(true)
    expect(by('Frame')).toMatchObject({ x: 1000, y: 0, team: 'Blue', module: '' })
    expect(by('Why?').on).toEqual([by('Policy').id])
    expect(by('Why?').module).toBe('other')
    expect(links).toMatchObject([{ from: by('Event').id, to: by('Policy').id }])
  })

  it('is pasted with its middle at a point', () => {
    const { notes } = pasted(clipOf([note('a', { x: 0, y: 0, w: 100, h: 100 })], []), { at: { x: 500, y: 500 } }, newId, () => '')
    expect(notes[0]).toMatchObject({ x: 450, y: 450 })
  })
})

describe('linesOf', () => {
  it('makes a note of each line, without the signs of a list', () => {
    expect(linesOf('- One\r\n* Two\n\n 3. Three\n4) Four\n• Five\n  Six\t\n-7 degrees')).toEqual(['One', 'Two', 'Three', 'Four', 'Five', 'Six', '-7 degrees'])
  })
})

describe('rows', () => {
  it('puts few notes beside each other and many in the shape of a screen, none over another', () => {
    expect(new Set(rows(5, 100, 100, { x: 0, y: 0 }).map((p) => p.y)).size).toBe(1)
    const many = rows(50, 100, 100, { x: 10, y: 20 })
    expect(many[0]).toEqual({ x: 10, y: 20 })
    expect(new Set(many.map((p) => `${p.x} ${p.y}`)).size).toBe(50)
    expect(new Set(many.map((p) => p.y)).size).toBeGreaterThan(3)
  })
})
