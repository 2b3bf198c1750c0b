import { defineConfig } from 'vitest/config'
import { digest } from './dev/digest.ts'
import { standIn } from './dev/server.ts'

// The page is committed as it was built and embedded in the program. So that
// the same sources give the same bytes everywhere, nothing of the machine or
// the time goes into it, and names carry the hash of what they hold.
export default defineConfig({
  plugins: [digest(), ...(process.env['LANDFALL_BOARD'] ? [] : [standIn()])],
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
  // What is loaded late is prepared early, so that the page need not be loaded anew
  // while it is developed.
  optimizeDeps: {
    include: [
      'preact', 'preact/hooks', 'preact/jsx-runtime', '@preact/signals', '@codemirror/autocomplete', '@codemirror/commands', '@codemirror/language',
      '@codemirror/lint', '@codemirror/merge', '@codemirror/search', '@codemirror/state', '@codemirror/view', '@lezer/highlight',
    ],
  },
  server: {
    host: '127.0.0.1',
    port: 5173,
    // LANDFALL_BOARD=http://127.0.0.1:PORT npm run dev: the page from its sources,
    // with a real server behind it.
    proxy: process.env['LANDFALL_BOARD']
      ? { '/api': { target: process.env['LANDFALL_BOARD'], ws: true, changeOrigin: true, headers: { origin: process.env['LANDFALL_BOARD'] } } }
      : {},
  },
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'dev/**/*.test.ts'],
    environment: 'node',
    passWithNoTests: false,
  },
})
