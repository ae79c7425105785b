/** How severe a log line is; the order is debug, info, warn, error. */
export type LogLevel = "debug" | "info" | "warn" | "error"

const severity: Record<LogLevel | "silent", number> = { debug: 0, info: 1, warn: 2, error: 3, silent: 4 }

/** Writes log lines; see `createLogger`. */
export type Logger = ReturnType<typeof createLogger>

/**
 * Creates a logger that writes to stderr: one JSON object per line in production, readable text otherwise. Lines
 * below `logLevel` are dropped. Of `details`, `error` is written with its stack.
 *
 * @example
 * log.warn("The sidekick cannot be reached", { url })
 */
export function createLogger({
  logLevel,
  production,
}: {
  logLevel: LogLevel | "silent"
  production: boolean
}) {
  const isOn = (level: LogLevel) => severity[level] >= severity[logLevel]
  const write =
    (level: LogLevel) =>
    (message: string, details: Record<string, unknown> = {}) => {
      if (!isOn(level)) return

      const { error, ...rest } = details
      const stack = stackOf(error)
      const entry = { time: new Date().toISOString(), level, message, ...rest, ...(stack ? { stack } : {}) }
      process.stderr.write(production ? `${JSON.stringify(entry)}\n` : toText(entry))
    }
  return {
    /** Whether lines of this level are written, to skip the work of preparing one. */
    isOn,
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
  }
}

/** Drops the message of a Drizzle query error: it ends with the parameters, such as tokens and message texts. */
function stackOf(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  if (!("params" in error)) return error.stack

  const query = "query" in error ? `Failed query: ${error.query}` : "Failed query"
  return `${query}\n${error.cause instanceof Error ? error.cause.stack : ""}`
}

function toText({ time, level, message, stack, ...rest }: Record<string, unknown>): string {
  const details = Object.keys(rest).length > 0 ? ` ${JSON.stringify(rest)}` : ""
  return `${String(time).slice(11, 19)} ${level} ${message}${details}${stack ? `\n${stack}` : ""}\n`
}
