import { Database as Sqlite } from "bun:sqlite"
import { realpathSync } from "node:fs"
import { storageFailure } from "../failures.ts"

/** Another server uses the file. The message is a sentence. */
export class DatabaseInUse extends Error {
  override readonly name = "DatabaseInUse"

  constructor(path: string) {
    super(
      `The database ${path} is used by another server, and one SQLite file is for one: stop the other, or use Postgres and Redis (docs/scale.md)`,
    )
  }
}

/** How long a server waits for one that is ending, as when it is restarted. */
const patienceMs = 3000

/**
 * Makes this process the only server of an SQLite file: with two, each would show the other's messages late. Other
 * programs may open the file. The lock is one of the operating system on a file beside it, so it ends with the process,
 * also by `kill -9`. Returns what ends it; throws `DatabaseInUse`.
 */
export function lockForServer(path: string): () => void {
  // Another name of the same file leads to the same lock.
  const lock = new Sqlite(`${realpathSync(path)}.lock`, { create: true })
  try {
    lock.run(`PRAGMA busy_timeout = ${patienceMs}`)
    // Nothing is written, so no journal need be left after a `kill -9`.
    lock.run("PRAGMA journal_mode = MEMORY")
    lock.run("BEGIN EXCLUSIVE")
  } catch (error) {
    lock.close()
    throw storageFailure(error)?.code === "SQLITE_BUSY" ? new DatabaseInUse(path) : error
  }
  return () => lock.close()
}
