/**
 * The CPU time that this thread spends on `work`, in milliseconds. Unlike the time on the clock it stays the same on a
 * busy machine, so that a test may bound it.
 */
export async function cpuMs(work: () => unknown): Promise<number> {
  const before = process.threadCpuUsage()
  await work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}
