import { Database as Sqlite } from "bun:sqlite"
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
} from "node:fs"
import { basename, dirname, join } from "node:path"
import { storageFailure } from "../failures.ts"
import { replacedJump } from "../log-numbers.ts"
import { sync } from "./sync.ts"

/** Name of the file with the secret that signs cookies; it lies beside the database and beside each backup. */
const secretName = "auth-secret"
const secretOf = (backup: string) => `${backup}.${secretName}`
/** File mode: a backup holds sessions and password hashes. */
const ownerOnly = 0o600
/** How long a backup waits for another program's lock, in milliseconds. */
const lockTimeoutMs = 10_000

/**
 * Copies a database, while it may be in use, as it is at one moment, checks the copy, and puts the cookie secret
 * beside it. `target` appears only once it is complete. Returns the number of messages. Throws an Error that says
 * why the backup failed.
 */
export function backUp(path: string, target: string): { messages: number } {
  if (!existsSync(path)) throw new Error(`There is no database ${path}`)
  if (existsSync(target)) throw new Error(`${target} exists already: name another file`)

  mkdirSync(dirname(target), { recursive: true })
  const partial = `${target}.partial`
  try {
    copyDatabase(path, partial)
    const messages = checkIntegrity(partial)

    const secret = join(dirname(path), secretName)
    if (existsSync(secret)) copyFile(secret, secretOf(target))
    sync(partial)
    renameSync(partial, target)
    sync(dirname(target))
    return { messages }
  } catch (error) {
    rmSync(partial, { force: true })
    const cause = storageFailure(error)?.cause
    throw cause ? new Error(`${path} cannot be backed up to ${target}: ${cause}`) : error
  }
}

function copyDatabase(path: string, target: string): void {
  rmSync(target, { force: true })
  // SQLite would create it readable by everyone, and takes an empty file.
  closeSync(openSync(target, "wx", ownerOnly))
  const sqlite = new Sqlite(path, { readwrite: true, create: false })
  try {
    sqlite.run(`PRAGMA busy_timeout = ${lockTimeoutMs}`)
    sqlite.run("VACUUM INTO ?", [target])
  } finally {
    sqlite.close()
  }
}

/**
 * Replaces a database by a backup. The previous database is kept; `aside` is its new path, or `null` when there was
 * none. Throws an Error when the backup is damaged or the database is in use; then nothing has changed.
 */
export function restore(backup: string, path: string): { messages: number; aside: string | null } {
  if (!existsSync(backup)) throw new Error(`There is no backup ${backup}`)

  const messages = checkIntegrity(backup)
  mkdirSync(dirname(path), { recursive: true })
  const next = `${path}.restoring`
  copyFile(backup, next)
  advanceSequences(next)
  const exists = existsSync(path)
  const held = exists ? lockDatabase(path) : null
  const aside = exists ? `${path}.before-${timestamp()}` : null
  // The old file gets a second name before the new one replaces it: if the path were empty for a moment, a server
  // that starts right then would create a new database.
  if (aside) linkSync(path, aside)
  for (const ending of ["-wal", "-shm"]) {
    if (aside && existsSync(path + ending)) renameSync(path + ending, aside + ending)
    else rmSync(path + ending, { force: true })
  }
  renameSync(next, path)
  held?.close()

  const secret = join(dirname(path), secretName)
  if (existsSync(secretOf(backup))) {
    if (aside && existsSync(secret)) copyFile(secret, secretOf(aside))
    copyFile(secretOf(backup), secret)
  }
  sync(dirname(path))
  return { messages, aside }
}

/** The current time for use in a file name; such names sort by time. */
export function timestamp(): string {
  return new Date().toISOString().replaceAll(/[:.]/g, "-")
}

/** Returns the number of messages. Throws when the file is damaged or no database of this chat. */
function checkIntegrity(path: string): number {
  const sqlite = new Sqlite(path, { readonly: true })
  try {
    const [problem] = sqlite.query<{ integrity_check: string }, []>("PRAGMA integrity_check").all()
    if (problem?.integrity_check !== "ok") throw new Error(`it is damaged: ${problem?.integrity_check}`)

    const counted = sqlite.query<{ count: number }, []>("select count(*) as count from messages").get()
    return counted?.count ?? 0
  } catch (error) {
    const cause = storageFailure(error)?.cause ?? (error instanceof Error ? error.message : error)
    throw new Error(`${path} is not a usable backup: ${cause}`)
  } finally {
    sqlite.close()
  }
}

/**
 * Raises each channel's sequence number above any that was used after the backup. Open pages reconnect with the last
 * number they saw; if it were assigned again, they would miss that change.
 */
function advanceSequences(path: string): void {
  const sqlite = new Sqlite(path, { readwrite: true, create: false })
  try {
    sqlite.run("UPDATE channels SET seq = seq + ?", [replacedJump])
  } finally {
    sqlite.close()
  }
}

/**
 * Locks a database against all other programs until the returned handle is closed. Throws when another one has it
 * open. Leaving WAL mode needs exclusive access and merges everything into one file. Returns `null` for a damaged
 * database, which cannot be locked.
 */
export function lockDatabase(path: string): Sqlite | null {
  const sqlite = new Sqlite(path, { readwrite: true, create: false })
  try {
    sqlite.run("PRAGMA journal_mode = DELETE")
    sqlite.run("BEGIN EXCLUSIVE")
    return sqlite
  } catch (error) {
    const { code = "" } = storageFailure(error) ?? {}
    sqlite.close()
    if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) return null
    if (!/^SQLITE_(BUSY|LOCKED)/.test(code)) throw error

    throw new Error(`${path} is in use: stop the server first`)
  }
}

function copyFile(from: string, to: string): void {
  const partial = join(dirname(to), `.${basename(to)}.partial`)
  copyFileSync(from, partial)
  chmodSync(partial, ownerOnly)
  sync(partial)
  renameSync(partial, to)
}
