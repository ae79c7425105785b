// What the two processes, main.ts and sidekick.ts, have in common: they start or say in one sentence why not, and
// stop on a signal.

/** The part of an Elysia app that is used here. */
interface ListeningApp {
  listen(options: { port: number; hostname: string; reusePort: boolean }): unknown
  modules: PromiseLike<unknown>
}

/** Ends the process with status 1 after writing a sentence for the operator to stderr. */
export function exit(sentence: string): never {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}

/** Returns what `parse` does; when it throws, the process ends with the error's message. */
export function configOrExit<Config>(parse: () => Config): Config {
  try {
    return parse()
  } catch (error) {
    return exit(error instanceof Error ? error.message : String(error))
  }
}

/** Starts listening; when the port or host cannot be used, the process ends with a sentence that says so. */
export async function listenOrExit(
  app: ListeningApp,
  { port, host }: { port: number; host: string },
): Promise<void> {
  const { stackTraceLimit } = Error
  // Elysia keeps an error from when it compiles, for whose stack Bun would read the source map of the built server
  // (docs/decisions/060-no-source-map-at-the-start.md).
  Error.stackTraceLimit = 0
  try {
    // By default Elysia shares the port with another process that uses it: each would get half of the requests.
    app.listen({ port, hostname: host, reusePort: false })
    // Then it compiles once more.
    await app.modules
  } catch (error) {
    if (!isSystemError(error)) throw error
    if (error.code === "EADDRINUSE")
      exit(`Port ${port} is taken by another program. Choose another with PORT`)

    exit(`Cannot listen on HOST=${host}, PORT=${port}: ${error.code}`)
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}

/**
 * `npx bun run` passes on a Ctrl+C that the terminal has already sent to the whole process group. The same signal within
 * this time, in milliseconds, is such a copy.
 */
const copiedSignalMs = 1000

/** Returns what each signal to stop is. `now` returns milliseconds of a clock that only goes forward. */
export function stopSignals(now = () => performance.now()): (signal: string) => "first" | "copy" | "second" {
  let first: { signal: string; at: number } | undefined
  return (signal) => {
    if (first) return signal === first.signal && now() - first.at < copiedSignalMs ? "copy" : "second"

    first = { signal, at: now() }
    return "first"
  }
}

/** Calls `stop` once on SIGTERM or SIGINT; a second signal ends the process at once. The result aborts with the first. */
export function onStopSignal(stop: () => Promise<void>): AbortSignal {
  const stopping = new AbortController()
  const kindOf = stopSignals()
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      const kind = kindOf(signal)
      if (kind === "second") process.exit(1)
      if (kind === "copy") return

      stopping.abort()
      void stop()
    })
  }
  return stopping.signal
}

/** Whether an error is a refusal of the operating system, such as `EADDRINUSE`. */
export function isSystemError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && "code" in error && typeof error.code === "string"
}
