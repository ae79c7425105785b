export type Level = "debug" | "info" | "warn" | "error"

const levels: Record<Level | "silent", number> = { debug: 0, info: 1, warn: 2, error: 3, silent: 4 }

export type Log = ReturnType<typeof createLog>

/** What the process says: JSON lines in production, readable in development. `error` is logged with its stack. */
export function createLog({ logLevel, production }: { logLevel: Level | "silent"; production: boolean }) {
  const isOn = (level: Level) => levels[level] >= levels[logLevel]
  const write =
    (level: Level) =>
    (message: string, details: Record<string, unknown> = {}) => {
      if (!isOn(level)) return

      const { error, ...rest } = details
      const stack = stackOf(error)
      const entry = { time: new Date().toISOString(), level, message, ...rest, ...(stack ? { stack } : {}) }
      process.stderr.write(production ? `${JSON.stringify(entry)}\n` : readable(entry))
    }
  return {
    /** Would something of this level be written? */
    isOn,
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
  }
}

/** Drizzle's message of a failed query ends with its parameters: tokens, password hashes, what people wrote. */
function stackOf(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  if (!("params" in error)) return error.stack

  const query = "query" in error ? `Failed query: ${error.query}` : "Failed query"
  return `${query}\n${error.cause instanceof Error ? error.cause.stack : ""}`
}

function readable({ time, level, message, stack, ...rest }: Record<string, unknown>): string {
  const details = Object.keys(rest).length > 0 ? ` ${JSON.stringify(rest)}` : ""
  return `${String(time).slice(11, 19)} ${level} ${message}${details}${stack ? `\n${stack}` : ""}\n`
}
