import { defineConfig } from 'vitest/config'
import { assembly } from '../build/assembly.js'

export default defineConfig({
  plugins: [assembly()],
  test: {
    include: ['e2e/scenarios.test.ts'],
    globalSetup: 'e2e/setup.ts',
    testTimeout: 60_000,
  },
})
