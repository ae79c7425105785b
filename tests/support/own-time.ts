const tickMs = 50

/**
 * Starts a clock that stands still while this process does not run, and returns its time in milliseconds. A busy machine
 * delays it as it delays the timers of what is measured, so that a test may bound it.
 */
export function ownTime(): { ms(): number; [Symbol.dispose](): void } {
  let ticks = 0
  const timer = setInterval(() => {
    ticks++
  }, tickMs)
  return { ms: () => ticks * tickMs, [Symbol.dispose]: () => clearInterval(timer) }
}
