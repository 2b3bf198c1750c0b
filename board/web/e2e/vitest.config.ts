import { defineConfig } from 'vitest/config'

// Sessions of people with browsers, on the real program: npm run e2e.
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.test.ts'],
    globalSetup: ['build.ts'],
    environment: 'node',
    testTimeout: 90_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    minWorkers: 1,
    pool: 'forks',
    expect: { poll: { timeout: 15_000, interval: 60 } },
    passWithNoTests: false,
  },
})
