import { defineConfig } from 'vitest/config'
import { assembly } from '../build/assembly.js'

export default defineConfig({
  plugins: [assembly()],
  test: {
    include: ['e2e/*.test.ts'],
    globalSetup: 'e2e/setup.ts',
    // Browsers and servers share the machine's cores.
    fileParallelism: false,
    testTimeout: 60_000,
    // On a busy machine a browser starts slowly.
    hookTimeout: 60_000,
  },
})
