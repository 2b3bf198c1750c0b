import { describe, expect, it } from 'vitest'
import { complete } from '../model/items'
import type { Item, Link, Note, NoteKind } from '../model/types'
import { along } from './route'
import { Scene } from './scene'
import { standing } from './standing'

const note = (id: string, kind: NoteKind, x: number, y: number, w = 100, h = 100): Note => complete({ type: 'note', id, kind, text: id, x, y, w, h }) as Note
const link = (from: string, verb: Link['verb'], to: string): Link => complete({ type: 'link', id: `${from} ${to}`, from, to, verb }) as Link

function reader(items: Item[]) {
  const of = <T extends Item['type']>(type: T) => items.filter((i): i is Extract<Item, { type: T }> => i.type === type)
  return {
    item: (id: string) => items.find((i) => i.id === id),
    note: (id: string) => of('note').find((n) => n.id === id),
    notes: () => of('note'),
    links: () => of('link'),
    linksOf: (id: string) => of('link').filter((l) => l.from === id || l.to === id),
    people: () => new Map(),
    box: (n: Note) => n,
  }
}

/** flow is a command, its event, and an aggregate at x that is linked with both. */
function flow(x: number) {
  const notes: Note[] = [note('Pay', 'command', 0, 0), note('Order', 'aggregate', x, -50, 120, 400), note('Paid', 'event', 400, 0)]
  const links = [link('Pay', 'is handled by', 'Order'), link('Order', 'emits', 'Paid'), link('Pay', 'leads to', 'Paid')]
  const w = reader([...notes, ...links])
  return { w, links, of: () => links.map((l) => standing(l, w)) }
}

describe('the standing of links', () => {
  it('keeps silent about the direct way when the aggregate lies between', () => {
    expect(flow(180).of()).toEqual(['plain', 'plain', 'silent'])
  })

  it('is faint for the ways to an aggregate that lies elsewhere', () => {
    expect(flow(-400).of()).toEqual(['faint', 'faint', 'plain'])
  })

  it('is plain where nothing is said twice', () => {
    const { w, links } = flow(180)
    for (const left of links) {
      const rest = reader([...w.notes(), ...links.filter((l) => l !== left)])
      expect(links.filter((l) => l !== left).map((l) => standing(l, rest))).toEqual(['plain', 'plain'])
    }
    expect(standing(link('Paid', 'updates', 'Order'), w)).toBe('plain')
  })
})

describe('a link from a command to its event', () => {
  const { w, links } = flow(180)
  const items: Item[] = [...w.notes(), links[0]!, links[2]!]

  it('is drawn from the aggregate on that lies between them', () => {
    const scene = new Scene(reader(items))
    expect(scene.route('Pay Paid')!.a).toEqual({ x: 300, y: 50 })
    expect(scene.approach(links[2]!)!.b).toEqual({ x: 180, y: 50 })
  })

  it('is drawn from the command when the aggregate is dragged away, or handles it no more', () => {
    const scene = new Scene(reader(items))
    scene.hold(new Map([['Order', { x: 180, y: 400, w: 120, h: 400 }]]))
    expect(scene.route('Pay Paid')!.a).toEqual({ x: 100, y: 50 })
    expect(scene.standing(links[0]!)).toBe('faint')
    scene.hold(new Map())
    expect(scene.route('Pay Paid')!.a.x).toBe(300)
    items.splice(items.indexOf(links[0]!), 1)
    scene.refresh(new Set([links[0]!.id]))
    expect(scene.approach(links[2]!)).toBeUndefined()
    expect(scene.route('Pay Paid')!.a.x).not.toBe(300)
  })
})

describe('a scene with a silent link', () => {
  const { w } = flow(180)

  it('is not taken by the pointer, unless one of its notes is selected', () => {
    const scene = new Scene(w)
    expect(scene.shows(w.links()[2]!, new Set())).toBe(false)
    const onIt = along(scene.route('Pay Paid')!, 0.5)
    expect(scene.at(onIt, 5)).toBeUndefined()
    expect(scene.at(onIt, 5, new Set(['Paid']))).toEqual({ what: 'link', id: 'Pay Paid' })
  })

  it('tells it anew when a link goes', () => {
    const items: Item[] = [...w.notes(), ...w.links()]
    const r = reader(items)
    const scene = new Scene(r)
    const direct = r.links()[2]!
    expect(scene.standing(direct)).toBe('silent')
    items.splice(items.findIndex((i) => i.id === 'Order Paid'), 1)
    scene.refresh(new Set(['Order Paid']))
    expect(scene.standing(direct)).toBe('plain')
  })
})
