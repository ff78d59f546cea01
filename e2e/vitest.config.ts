import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['scenarios.test.ts'],
    testTimeout: 60_000,
    // Installing a browser takes its time.
    hookTimeout: 600_000,
  },
})
