import { defineConfig } from 'vitest/config'

// These have a process each, and begin first: what fakes the timers of its process or fills its memory, and what takes
// longest, as nobody should wait for one that begins last. All others share theirs, since to load the gateway costs as
// much as most files take: none may leave anything behind in a module or in `process`.
const alone = [
  'test/graphql/failing-parts.test.ts',
  'test/http/{crowd,drain,log,slow,unread}.test.ts',
  'test/{nemesis,writes}/rounds.test.ts',
  'test/secrets/secrets.test.ts',
  'test/calls/table.test.ts',
]

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
