import { Database as Sqlite } from "bun:sqlite"

// Run as a process: holds a database for itself, as a careless program would, until its input ends.

const [path = ""] = process.argv.slice(2)
const sqlite = new Sqlite(path, { readwrite: true, create: false })
sqlite.run("BEGIN EXCLUSIVE")
process.stdout.write("held\n")
for await (const _ of Bun.stdin.stream()) {
  // Nothing is said to it.
}
sqlite.run("ROLLBACK")
sqlite.close()
