/** Why Postgres cannot be used right now, by the beginning of the error's code. Source: Postgres, appendix A. */
export const postgresCauses: [codePrefix: string, cause: string][] = [
  ["08", "the connection to Postgres is broken"],
  ["25006", "Postgres takes no writes: it is a standby"],
  ["POSTGRES_STANDBY", "Postgres takes no writes: it is a standby"],
  ["28", "Postgres refuses the user or password"],
  ["3D", "the database does not exist"],
  ["40", "too many writes want the same rows at once"],
  ["53100", "the disk of Postgres is full"],
  ["53300", "Postgres has no free connection"],
  ["53", "Postgres lacks memory or another resource"],
  ["55P03", "another program holds rows locked"],
  ["57014", "a statement took too long"],
  ["57", "Postgres is starting, stopping or was stopped by its operator"],
  ["58", "Postgres cannot read or write its files"],
  ["XX", "Postgres reports damaged data or an error of its own"],
  ["POSTGRES_NO_ANSWER", "Postgres does not answer"],
  ["POSTGRES_CONNECTION", "the connection to Postgres is broken"],
  ["ERR_POSTGRES_CONNECTION", "Postgres cannot be reached"],
  ["ERR_POSTGRES_IDLE_TIMEOUT", "the connection to Postgres was closed"],
  ["ERR_POSTGRES_LIFETIME_TIMEOUT", "the connection to Postgres was closed"],
]

/** How many `cause` levels of an error are searched. */
const maxCauses = 5
const serverErrorCode = "ERR_POSTGRES_SERVER_ERROR"

/** The code of an error of Postgres, a SQLSTATE, or of `Bun.SQL`; `undefined` for all other errors. */
export function postgresCode(thrown: unknown): string | undefined {
  let error = thrown
  for (let depth = 0; depth < maxCauses && error instanceof Error; depth++) {
    const code = "code" in error ? String(error.code) : ""
    if (code === serverErrorCode) return "errno" in error ? String(error.errno) : undefined
    if (/^(ERR_)?POSTGRES_/.test(code)) return code

    error = error.cause
  }
  return undefined
}

const serializationFailures = new Set(["40001", "40P01"])

/** Is the server a standby now? Then the new primary is reached by a new connection. */
export function isReadOnly(thrown: unknown): boolean {
  return postgresCode(thrown) === "25006"
}

/**
 * Does a row with the key exist already? Also when a transaction looked for it and found none, because others at the same
 * time created it.
 */
export function isTaken(thrown: unknown): boolean {
  return postgresCode(thrown) === "23505"
}

/** Was the transaction rolled back only because of others at the same time? Then it can be tried again. */
export function isConflict(thrown: unknown): boolean {
  return serializationFailures.has(postgresCode(thrown) ?? "")
}
