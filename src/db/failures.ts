import { postgresCauses, postgresCode } from "./postgres/failures.ts"

/** Why the database cannot be used right now. */
export interface StorageFailure {
  /**
   * SQLite's result code, such as `SQLITE_FULL` (source: https://www.sqlite.org/rescode.html), or a code of Postgres,
   * such as `57P03`, or of the connection to it.
   */
  code: string
  /** For the operator. */
  cause: string
  /** What the operator can do, as a sentence. */
  advice?: string
}

/** How many `cause` levels of an error are searched. */
const maxCauses = 5

const restoreBackup = "Restore a backup with: bun run restore <file>"
const allowWriting =
  "DATABASE_URL must name a file that the server's user may write, in a folder that it may write"
const endOther = "End the program that uses it"

const causes: [codePrefix: string, cause: string, advice: string][] = [
  ["SQLITE_FULL", "the disk is full", "Free some space"],
  ["SQLITE_IOERR", "the disk cannot be read or written", "Check the disk"],
  ["SQLITE_BUSY", "another program holds the database locked", endOther],
  ["SQLITE_LOCKED", "the database is locked", endOther],
  ["SQLITE_CORRUPT", "the database file is damaged", restoreBackup],
  ["SQLITE_NOTADB", "the file is no SQLite database, or a damaged one", restoreBackup],
  ["SQLITE_READONLY", "the database may not be written", allowWriting],
  ["SQLITE_CANTOPEN", "the file cannot be opened", allowWriting],
  ["SQLITE_PERM", "the file may not be accessed", allowWriting],
]

/** What users read while the database cannot be used. */
export const storageUnavailable =
  "The chat cannot store anything right now. What you wrote is kept; try again soon"
/** When clients should try again, in seconds. */
export const storageRetrySeconds = 2

/** The database failure that caused an error; `undefined` when it has another cause. */
export function storageFailure(thrown: unknown): StorageFailure | undefined {
  let error = thrown
  for (let depth = 0; depth < maxCauses && error instanceof Error; depth++) {
    const code = "code" in error ? String(error.code) : ""
    const known = causes.find(([prefix]) => code.startsWith(prefix))
    if (known) return { code, cause: known[1], advice: known[2] }

    error = error.cause
  }
  const code = postgresCode(thrown)
  const known = code && postgresCauses.find(([prefix]) => code.startsWith(prefix))
  return known ? { code, cause: known[1] } : undefined
}
