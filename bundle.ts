/**
 * Bundles the programs of this package: one file each and what they share, with the packages that they depend on left
 * outside. A process then reads a dozen files instead of hundreds. `npm run bundle` writes to `dist/bundle/`.
 */
import { isBuiltin } from 'node:module'
import { rolldown } from 'rolldown'

const programs = {
  'mps-gateway': 'src/main.ts',
  simulate: 'src/cli/simulate.ts',
  // A worker that is started by its own address, so it needs a file of its own.
  pack: 'src/http/graphiql/pack.ts',
  // The nemesis reaches into these from outside.
  waiters: 'src/events/waiters.ts',
}

/** `folder` lies two levels below the repository, as the sources do that look for `schema/` from where they are. */
export async function bundle(folder: string): Promise<void> {
  const build = await rolldown({
    cwd: import.meta.dirname,
    input: programs,
    platform: 'node',
    external: (id) => isBuiltin(id) || /^[^./]/.test(id),
  })
  await build.write({ dir: folder, format: 'esm', entryFileNames: '[name].js', sourcemap: true })
  await build.close()
}

if (import.meta.main) await bundle('dist/bundle')
