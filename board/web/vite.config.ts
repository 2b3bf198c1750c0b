import { defineConfig } from 'vitest/config'
import { standIn } from './dev/server.ts'

// The page is committed as it was built and embedded in the program. So that
// the same sources give the same bytes everywhere, nothing of the machine or
// the time goes into it, and names carry the hash of what they hold.
export default defineConfig({
  plugins: [standIn()],
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none' },
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: true,
    sourcemap: false,
    assetsInlineLimit: 0, // the page's policy allows no data: scripts or fonts
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
  server: { host: '127.0.0.1', port: 5173 },
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'dev/**/*.test.ts'],
    environment: 'node',
    passWithNoTests: false,
  },
})
