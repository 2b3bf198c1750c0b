import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { expect as expected, foreseen } from './expect'
import { complete, Items, patch } from './items'
import type { Change, Commands, CommandName, Item, ItemType } from './types'

// The server's decisions, written down by the tests of board/session, are those
// that the page foresees.

interface Golden {
  name: string
  items: (Partial<Item> & { type: ItemType; id: string })[]
  command: { what: string; data: unknown }
  by: string
  at: number
  changes: Change[] | null
  refused?: string
}

const folder = new URL('../../../session/testdata/changes/', import.meta.url)
const golden = readdirSync(folder).filter((f) => f.endsWith('.json')).map((f) => JSON.parse(readFileSync(new URL(f, folder), 'utf8')) as Golden)

/** What only the server can say, or only it does. */
const servers = new Set(['UndoStep', 'RedoStep', 'JoinBoard', 'BringInStep', 'LandStorm', 'OpenBoard'])

function wall(g: Golden): Items {
  const items = new Items()
  for (const i of g.items) items.put(complete(i))
  return items
}

test('there are golden files of every kind of command', () => {
  expect(golden.length).toBeGreaterThan(40)
  const whats = new Set(golden.map((g) => g.command.what))
  for (const what of ['AddNotes', 'RewriteNote', 'MoveNotes', 'ChangeKind', 'RemoveNotes', 'LinkNotes', 'MergeNotes', 'PlaceVote', 'EditText']) {
    expect(whats).toContain(what)
  }
})

describe('what is expected is what the server does', () => {
  for (const g of golden.filter((x) => !servers.has(x.command.what))) {
    test(g.name, () => {
      expect(foreseen(g.command.what)).toBe(true)
      const doing = () => expected(g.command.what as CommandName, g.command.data as Commands[CommandName], { items: wall(g), me: g.by, now: g.at })
      if (g.refused !== undefined) {
        expect(doing).toThrow(new RegExp(`^${g.refused.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`))
        return
      }
      expect(doing()).toEqual(g.changes ?? [])
    })
  }
})

describe('the changes of the server fit the wall', () => {
  for (const g of golden.filter((x) => x.changes?.length)) {
    test(g.name, () => {
      const items = wall(g)
      for (const c of g.changes!) {
        const before = items.all.get(c.id)
        const after = patch(before, c)
        items.set(c.id, after)
        if (c.gone) {
          expect(items.all.has(c.id)).toBe(false)
          continue
        }
        expect(after).toMatchObject(c.set ?? {})
        if (c.edit) expect(after).toMatchObject({ version: c.edit.version })
        expect(after).not.toBe(before)
      }
    })
  }
})
