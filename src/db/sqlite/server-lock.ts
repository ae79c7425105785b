import { Database as Sqlite } from "bun:sqlite"
import { realpathSync } from "node:fs"
import { storageFailure } from "../failures.ts"

/**
 * Marks this process as a server of an SQLite file, by a lock of the operating system on a file beside it: it ends with the
 * process, also by `kill -9`. `isOnly` is false while another server has it.
 */
export function lockForServer(path: string): { isOnly: boolean; unlock(): void } {
  let lock: Sqlite | undefined
  const unlock = () => lock?.close()
  try {
    // Another name of the same file leads to the same lock.
    lock = new Sqlite(`${realpathSync(path)}.lock`, { create: true })
    // Nothing is written, so no journal need be left after a `kill -9`.
    lock.run("PRAGMA journal_mode = MEMORY")
    lock.run("BEGIN EXCLUSIVE")
    return { isOnly: true, unlock }
  } catch (error) {
    // It only serves to warn: where there can be none, as for a database in memory, the server starts without it.
    return { isOnly: storageFailure(error)?.code !== "SQLITE_BUSY", unlock }
  }
}
