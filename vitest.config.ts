import { defineConfig } from 'vitest/config'
import { assembly } from './build/assembly.js'

export default defineConfig({
  plugins: [assembly()],
  test: {
    include: ['{src,worker,train,build,demo,bench}/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
