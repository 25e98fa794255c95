import { defineConfig } from 'vitest/config'

// What fakes the timers or a module of its process, or fills its memory, has a process of its own. All others share theirs, since
// to load the gateway costs as much as most files take: none may leave anything behind in a module or in `process`.
const alone = ['test/http/{crowd,log,unread}.test.ts', 'test/graphql/failing-parts.test.ts']

export default defineConfig({
  // graphql has a `development` build that Vitest would take for our files while Node takes the other for Yoga.
  ssr: { resolve: { conditions: ['module-sync', 'node'] } },
  test: {
    globalSetup: ['temporary', 'bundle', 'postgres'].map((name) => `test/support/${name}-setup.ts`),
    // For what hangs, never for what is slow.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 240_000 } },
    pool: 'forks',
    // Much of the suite waits: for sockets, child processes and their ends.
    maxWorkers: 3,
    reporters: ['default'],
    // The setup above is done once for both.
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: ['test/**/*.test.ts'],
          exclude: alone,
          isolate: false,
          globalSetup: [],
        },
      },
      { extends: true, test: { name: 'alone', include: alone, globalSetup: [] } },
    ],
  },
})
