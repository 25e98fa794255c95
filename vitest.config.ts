import { defineConfig } from 'vitest/config'

export default defineConfig({
  // graphql has a `development` build that Vitest would take for our files while Node takes the other for Yoga.
  ssr: { resolve: { conditions: ['module-sync', 'node'] } },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/bundle-setup.ts', 'test/support/postgres-setup.ts'],
    // For what hangs, never for what is slow.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 240_000 } },
    pool: 'forks',
    // Much of the suite waits: for sockets, child processes and their ends.
    maxWorkers: 3,
    reporters: ['default'],
  },
})
