/** Processes that were started and have not exited. */
const running = new Set<Bun.Subprocess>()

/** Kills a process when this one exits, also after a signal or an error: nobody else would. */
export function untilExit<Child extends Bun.Subprocess>(child: Child): Child {
  running.add(child)
  child.exited.finally(() => running.delete(child))
  return child
}

process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL")
})
// Without a listener a signal ends this process without that event.
for (const [signal, number] of Object.entries({ SIGHUP: 1, SIGINT: 2, SIGTERM: 15 }))
  process.on(signal, () => process.exit(128 + number))
