/** A write that may run at the same time as others beside it, where all are independent, see `AppendOptions`. */
interface Job {
  isIndependent: boolean
}

/** Writes of one commit in their order, those that may run at the same time as one group. */
export function groupsOf<T extends Job>(jobs: readonly T[]): T[][] {
  const groups: T[][] = []
  for (const job of jobs) {
    const last = groups.at(-1)
    if (job.isIndependent && last?.[0]?.isIndependent) last.push(job)
    else groups.push([job])
  }
  return groups
}
