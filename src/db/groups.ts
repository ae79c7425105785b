import type { Tx } from "./database.ts"

/** A write of a commit. */
interface Job {
  work: (tx: Tx) => Promise<unknown>
  /** May run at the same time as others beside it that are independent, see `AppendOptions`. */
  isIndependent: boolean
}

/** Runs the writes of one commit in their order, those that may run at the same time as one group. Returns their results. */
export async function runInGroups(tx: Tx, jobs: readonly Job[]): Promise<unknown[]> {
  const results: unknown[] = []
  for (const group of groupsOf(jobs)) results.push(...(await runGroup(tx, group)))
  return results
}

function groupsOf(jobs: readonly Job[]): Job[][] {
  const groups: Job[][] = []
  for (const job of jobs) {
    const last = groups.at(-1)
    if (job.isIndependent && last?.[0]?.isIndependent) last.push(job)
    else groups.push([job])
  }
  return groups
}

/** Rejects with the first error, but not before all have ended: a statement after the rollback would be a commit of its own. */
async function runGroup(tx: Tx, group: Job[]): Promise<unknown[]> {
  const running = group.map(({ work }) => work(tx))
  try {
    return await Promise.all(running)
  } catch (error) {
    await Promise.allSettled(running)
    throw error
  }
}
