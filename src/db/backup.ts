import { Database as Sqlite } from "bun:sqlite"
import { chmodSync, copyFileSync, existsSync, linkSync, mkdirSync, renameSync, rmSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import { storageFailure } from "./failures.ts"
import { sync } from "./sync.ts"

/** What keeps people signed in, beside the database, and beside a backup of it. */
const secretName = "auth-secret"
const secretOf = (backup: string) => `${backup}.${secretName}`
/** Sessions and password hashes are in it. */
const ownerOnly = 0o600
/** More changes than a channel sees between a backup and its return. */
const changesAfterBackup = 1_000_000
/** How long a backup waits where another program checkpoints or locks. */
const busyMs = 10_000

/**
 * Copies a database as it is at one moment, while it is in use, and checks the copy; the secret that belongs to it
 * goes beside. `target` is there only once it is whole. Throws an Error that says why not.
 */
export function backUp(path: string, target: string): { messages: number } {
  if (!existsSync(path)) throw new Error(`There is no database ${path}`)
  if (existsSync(target)) throw new Error(`${target} is there already: name another file`)

  mkdirSync(dirname(target), { recursive: true })
  const partial = `${target}.partial`
  rmSync(partial, { force: true })
  const sqlite = new Sqlite(path, { readwrite: true, create: false })
  try {
    sqlite.run(`PRAGMA busy_timeout = ${busyMs}`)
    sqlite.run("VACUUM INTO ?", [partial])
  } finally {
    sqlite.close()
  }
  chmodSync(partial, ownerOnly)
  const messages = checkWhole(partial)

  const secret = join(dirname(path), secretName)
  if (existsSync(secret)) copyFile(secret, secretOf(target))
  sync(partial)
  renameSync(partial, target)
  sync(dirname(target))
  return { messages }
}

/**
 * Puts a backup in a database's place. What was there is kept aside, under the name that is returned. Throws an
 * Error that says why not, and then nothing has changed: the backup is damaged, or the database is in use.
 */
export function restore(backup: string, path: string): { messages: number; aside: string | null } {
  if (!existsSync(backup)) throw new Error(`There is no backup ${backup}`)

  const messages = checkWhole(backup)
  mkdirSync(dirname(path), { recursive: true })
  const next = `${path}.restoring`
  copyFile(backup, next)
  numberOn(next)
  const isThere = existsSync(path)
  const held = isThere ? hold(path) : null
  const aside = isThere ? `${path}.before-${timestamp()}` : null
  // A second name for the old file, and then the new one under the first: the path is never empty, or a server
  // that starts just now would make a database of its own.
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

/** For names: sorts by time, and is allowed everywhere. */
export function timestamp(): string {
  return new Date().toISOString().replaceAll(/[:.]/g, "-")
}

/** Whether a file is a whole database of this chat, and how many messages are in it. */
function checkWhole(path: string): number {
  const sqlite = new Sqlite(path, { readonly: true })
  try {
    const [problem] = sqlite.query<{ integrity_check: string }, []>("PRAGMA integrity_check").all()
    if (problem?.integrity_check !== "ok") throw new Error(`it is damaged: ${problem?.integrity_check}`)

    const counted = sqlite.query<{ count: number }, []>("select count(*) as count from messages").get()
    return counted?.count ?? 0
  } catch (error) {
    const cause = storageFailure(error)?.cause ?? (error instanceof Error ? error.message : error)
    throw new Error(`${path} is no backup that could be restored: ${cause}`)
  } finally {
    sqlite.close()
  }
}

/**
 * Lets each channel's log go on beyond any number it can have had since: pages that stayed open ask for what came
 * after theirs, and must not be told that there is nothing when it has been given out again.
 */
function numberOn(path: string): void {
  const sqlite = new Sqlite(path, { readwrite: true, create: false })
  try {
    sqlite.run("UPDATE channels SET seq = seq + ?", [changesAfterBackup])
  } finally {
    sqlite.close()
  }
}

/**
 * Makes sure that no other program has a database open, and that none can use it until what is returned is closed.
 * Leaving WAL needs the file for oneself alone, and leaves all of it in one file. A damaged database is let go.
 */
function hold(path: string): Sqlite | null {
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
