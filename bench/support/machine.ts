import { cpus, release, totalmem, type } from 'node:os'

/** What the figures were taken on: they mean nothing without it. */
export function describeMachine(): string {
  const [cpu] = cpus()
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`
  const system = `${type()} ${release()}`
  return `${cpus().length} × ${cpu?.model.trim() ?? 'unknown CPU'}, ${memory}, ${system}, Node ${process.version}`
}
