import { parseArgs } from "node:util"
import { databaseConfigOf, storageConfigOf } from "../config.ts"
import { createStorage } from "../features/files/storage.ts"
import { copyFiles } from "./move/files.ts"
import { moveToPostgres, moveToSqlite } from "./move/move.ts"

// `bun run move <target> [--files <FILES_URL>]`: moves the database of DATABASE_URL from an SQLite file to Postgres or
// back, and copies uploaded files to another place. No server may run.

const usage =
  "Usage: bun run move <postgres://… or path of a new SQLite file> [--files <folder or s3://bucket/prefix>]"

try {
  await move()
  // Timers for statements that take long would keep it running.
  process.exit(0)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exit(1)
}

async function move(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { files: { type: "string" } },
    allowPositionals: true,
  })
  const [address, ...more] = positionals
  if (!address || more.length > 0) throw new Error(usage)

  const [from, to] = [databaseConfigOf(), databaseConfigOf({ DATABASE_URL: address })]
  if ("path" in from && "url" in to) {
    await moveFiles(from.path, values.files)
    const kept = await moveToPostgres(from.path, to.url, say)
    process.stdout.write(`Moved ${from.path} to Postgres. The file is kept as ${kept}\n`)
    process.stdout.write(
      "To keep everybody signed in, set AUTH_SECRET to the content of auth-secret beside it\n",
    )
  } else if ("url" in from && "path" in to) {
    await moveFiles(to.path, values.files)
    await moveToSqlite(from.url, to.path, say)
    process.stdout.write(`Moved from Postgres to ${to.path}. What is in Postgres stays there\n`)
  } else throw new Error(`Only from an SQLite file to Postgres or back. ${usage}`)
}

function say(table: string, rows: number): void {
  process.stdout.write(`${table}: ${rows} rows, compared\n`)
}

/** Before the database, so that all files are there that it refers to. By default they are beside `databasePath`. */
async function moveFiles(databasePath: string, target: string | undefined): Promise<void> {
  if (target === undefined) return

  const environment = { ...process.env, DATABASE_URL: databasePath }
  const from = createStorage(storageConfigOf(environment))
  const to = createStorage(storageConfigOf({ ...environment, FILES_URL: target }))
  process.stdout.write(`${await copyFiles(from, to)} files copied to ${target}\n`)
}
