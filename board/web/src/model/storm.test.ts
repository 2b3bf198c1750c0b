import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { flow, linkable, nextKinds, verbOf, whyNot } from './grammar'
import { inks, kinds, turnOf } from './kinds'
import type { NoteKind } from './types'

// What the page knows of the notation is what the storm says: the sources in Go
// are read and compared.

const go = (path: string) => readFileSync(new URL('../../../../' + path, import.meta.url), 'utf8')

test('links mean what they mean in the storm', () => {
  const names = new Map(Array.from(go('storm/model/link.go').matchAll(/^\t(\w+)\s+Verb = "([^"]+)"/gm), (m) => [m[1]!, m[2]!]))
  expect(names.size).toBeGreaterThan(8)
  const table = new Map(Array.from(go('storm/edit/link.go').matchAll(/^\t\{ast\.(\w+), ast\.(\w+)\}:\s+model\.(\w+),/gm),
    (m) => [`${m[1]!.toLowerCase()} ${m[2]!.toLowerCase()}`, names.get(m[3]!)]))
  expect(table.size).toBe(12)
  for (const a of kinds) for (const b of kinds) expect(verbOf(a.kind, b.kind), `${a.kind} ${b.kind}`).toBe(table.get(`${a.kind} ${b.kind}`))
})

test('papers have the colours of drawings', () => {
  const source = go('draw/theme.go')
  for (const theme of ['light', 'dark'] as const) {
    const palette = source.slice(source.indexOf(`${theme}Palette = `)).split('\n}\n')[0]!
    const papers = new Map(Array.from(palette.split('edges:')[0]!.matchAll(/(\w+)Paper: hex\(0x([0-9a-f]{6})\)/g), (m) => [m[1]!.toLowerCase(), '#' + m[2]!]))
    expect(papers.size).toBeGreaterThan(11)
    for (const k of kinds) {
      const paper = papers.get(k.kind) ?? (k.group === 'word' ? papers.get('note') : undefined)
      if (paper) expect(k.paper[theme], k.kind).toBe(paper)
    }
    const style = readFileSync(new URL('../theme.css', import.meta.url), 'utf8').split('[data-theme=')[theme === 'light' ? 0 : 1]!
    for (const [, kind, color] of style.matchAll(/--paper-(\w+): (#\w+)/g)) expect(color, `${theme} ${kind}`).toBe(papers.get(kind!))
    for (const name of ['ground', 'ink', 'panel'] as const) {
      const color = '#' + (new RegExp(`\\b${name}: hex\\(0x([0-9a-f]{6})\\)`).exec(palette)?.[1] ?? '')
      expect(inks[theme][name]).toBe(color)
      expect(style).toContain(`--${name}: ${color};`)
    }
  }
})

test('no two kinds have one key', () => {
  const keys = kinds.map((k) => k.key).filter((k) => k !== '')
  expect(new Set(keys).size).toBe(keys.length)
})

test('what cannot be linked says why, and what would be possible', () => {
  expect(whyNot('event', 'command')).toBe('An event and a command cannot be linked: an event triggers a policy or updates a projection. Put a policy between them.')
  expect(whyNot('event', 'hotspot')).toBe('A hotspot takes no links.')
  for (const a of flow) for (const b of flow) if (!verbOf(a, b)) expect(whyNot(a, b)).toMatch(/cannot be linked: .+\./)
})

test('a drag finds the direction that means something, and sticks what sticks', () => {
  const note = (id: string, kind: NoteKind) => ({ id, kind })
  expect(linkable(note('a', 'event'), note('b', 'command'))).toEqual({ verb: 'leads to', reversed: true })
  expect(linkable(note('a', 'event'), note('b', 'hotspot'))).toEqual({ sticky: 'b', on: 'a' })
  expect(linkable(note('a', 'rule'), note('b', 'module'))).toEqual({ sticky: 'a', on: 'b' })
  expect(linkable(note('a', 'event'), note('a', 'event'))).toHaveProperty('reason')
  expect(linkable(note('a', 'rule'), note('b', 'line'))).toHaveProperty('reason')
})

test('what comes next can be linked with what it comes after', () => {
  for (const k of flow) for (const next of nextKinds(k)) expect(verbOf(k, next), `${k} ${next}`).toBeDefined()
})

test('hotspots are turned by some degrees, each always by the same', () => {
  const turns = Array.from({ length: 50 }, (_, i) => turnOf('hotspot', `note-${i}`))
  for (const t of turns) {
    expect(Math.abs(t)).toBeGreaterThanOrEqual(4)
    expect(Math.abs(t)).toBeLessThanOrEqual(8)
  }
  expect(new Set(turns).size).toBeGreaterThan(4)
  expect(turnOf('hotspot', 'note-1')).toBe(turns[1])
  expect(turnOf('event', 'note-1')).toBe(0)
})
