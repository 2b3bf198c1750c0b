import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'

// What is committed as the build of the page.

const dist = new URL('../dist/', import.meta.url)
const files = readdirSync(new URL('assets/', dist))
const read = (name: string) => readFileSync(new URL(name, dist))

test('all scripts together are less than 400 KB on the line', () => {
  const scripts = files.filter((f) => f.endsWith('.js'))
  expect(scripts.length).toBeGreaterThan(5)
  expect(scripts.reduce((sum, f) => sum + gzipSync(read('assets/' + f)).length, 0)).toBeLessThan(400 * 1024)
})

test('the page has no script or style of its own, and a place for the nonce', () => {
  const page = read('index.html').toString()
  expect(page).not.toMatch(/<script(?![^>]*\bsrc=)/)
  expect(page).not.toMatch(/<style|\sstyle=|\son\w+=/)
  expect(page).toContain('nonce="LANDFALL_NONCE"')
  for (const [, path] of page.matchAll(/(?:src|href)="\/([^"]+)"/g)) expect(read(path!).length).toBeGreaterThan(0)
})

test('the stand-in for the server is not in the build', () => {
  for (const f of files) expect(read('assets/' + f).toString()).not.toMatch(/stand-in|StandIn/)
})
