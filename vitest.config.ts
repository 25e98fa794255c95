import { defineConfig } from 'vitest/config'

export default defineConfig({
  // graphql has a `development` build that Vitest would take for our files while Node takes the other for Yoga.
  ssr: { resolve: { conditions: ['module-sync', 'node'] } },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/bundle-setup.ts', 'test/support/postgres-setup.ts'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    pool: 'forks',
    // Much of the suite waits: for sockets, child processes and their ends.
    maxWorkers: 3,
    reporters: ['default'],
  },
})
