import { expect, test } from 'vitest'
import { ago } from './ago'

test('times are told as people say them', () => {
  const now = Date.UTC(2030, 5, 15, 12)
  const minute = 60_000
  const told = [0, minute, 5 * minute, 60 * minute, 5 * 60 * minute, 25 * 60 * minute, 3 * 24 * 60 * minute].map((t) => ago(now - t, now))
  expect(told).toEqual(['just now', 'a minute ago', '5 minutes ago', 'an hour ago', '5 hours ago', 'yesterday', '3 days ago'])
  expect(ago(now - 100 * 24 * 60 * minute, now)).toBe('on March 7, 2030')
})
