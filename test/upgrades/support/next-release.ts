import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../../support/repository.ts'

interface Edit {
  readonly file: string
  /** Stands in the file once. */
  readonly before: string
  readonly after: string
}

/** What the release after this one may change: a migration, a kind of event, and an option of a mutation. */
const edits: readonly Edit[] = [
  {
    file: 'src/events/sql/migrations.ts',
    before: '  ].map(({ sql, breaks }',
    after: `    additive(\`
      ALTER TABLE events ADD COLUMN note TEXT;
      ALTER TABLE writes ADD COLUMN note TEXT;
      CREATE TABLE notes (id TEXT PRIMARY KEY);
    \`),
  ].map(({ sql, breaks }`,
  },
  {
    file: 'src/events/kinds.ts',
    before: '  OTHER: {\n',
    after: `  SOLUTION_ANSWERED: { ...ofSolution, description: 'A partner has answered.' },\n  OTHER: {\n`,
  },
  { file: 'src/solutions/act.ts', before: "kind: 'SOLUTION_UPDATED'", after: "kind: 'SOLUTION_ANSWERED'" },
  { file: 'src/solutions/act.ts', before: 'input: [solution.id]', after: 'input: [solution.id, null]' },
]

/** The next release, made of this one: its program, and what takes it away. */
export function makeNextRelease(): { readonly program: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'mps-next-release-'))
  for (const name of ['src', 'schema', 'package.json'])
    cpSync(join(root, name), join(folder, name), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  for (const edit of edits) apply(folder, edit)
  return {
    program: join(folder, 'src/main.ts'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function apply(folder: string, { file, before, after }: Edit): void {
  const path = join(folder, file)
  const [first = '', second, ...more] = readFileSync(path, 'utf8').split(before)
  if (second === undefined || more.length > 0) throw new Error(`${file} has not once: ${before}`)
  writeFileSync(path, `${first}${after}${second}`)
}
