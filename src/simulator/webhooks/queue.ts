export type Job = () => Promise<void>

/** Runs jobs one after another, in the order they came. */
export interface Queue {
  push(job: Job): void
  size(): number
  clear(): void
}

export function createQueue(): Queue {
  const jobs: Job[] = []
  let busy = false
  const run = async (): Promise<void> => {
    if (busy) return
    busy = true
    for (let job = jobs[0]; job !== undefined; job = jobs[0]) {
      await job()
      jobs.shift()
    }
    busy = false
  }
  return {
    push: (job) => {
      jobs.push(job)
      void run()
    },
    size: () => jobs.length,
    clear: () => {
      jobs.length = 0
    },
  }
}
