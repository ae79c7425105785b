/** Why the database cannot do its work right now. */
export interface StorageFailure {
  /** SQLite's own name for it. Source: https://www.sqlite.org/rescode.html */
  code: string
  /** For whoever runs the chat. */
  cause: string
}

/** How deep an error may be wrapped in others. */
const maxCauses = 5

const causes: [prefix: string, cause: string][] = [
  ["SQLITE_FULL", "the disk is full"],
  ["SQLITE_IOERR", "the disk cannot be read or written"],
  ["SQLITE_BUSY", "another program holds the database locked"],
  ["SQLITE_LOCKED", "the database is locked"],
  ["SQLITE_CORRUPT", "the database file is damaged"],
  ["SQLITE_NOTADB", "the file is no SQLite database, or a damaged one"],
  ["SQLITE_READONLY", "the database may not be written"],
  ["SQLITE_CANTOPEN", "the file cannot be opened"],
  ["SQLITE_PERM", "the file may not be accessed"],
]

/** What people read when nothing can be stored or read. What they typed is kept, and sending it again is safe. */
export const unavailable = "The chat cannot store anything right now. What you wrote is kept; try again soon"
export const comeBackSeconds = 2

/** The database's failure behind what was thrown; `undefined` when that is something else. */
export function storageFailure(thrown: unknown): StorageFailure | undefined {
  let error = thrown
  for (let depth = 0; depth < maxCauses && error instanceof Error; depth++) {
    const code = "code" in error ? String(error.code) : ""
    const known = causes.find(([prefix]) => code.startsWith(prefix))
    if (known) return { code, cause: known[1] }

    error = error.cause
  }
  return undefined
}
