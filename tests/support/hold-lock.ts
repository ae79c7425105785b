import { Database as Sqlite } from "bun:sqlite"

// Run as a process: holds a lock on a database until its input ends.

const [path = ""] = process.argv.slice(2)
const sqlite = new Sqlite(path, { readwrite: true, create: false })
sqlite.run("BEGIN EXCLUSIVE")
process.stdout.write("held\n")
for await (const _ of Bun.stdin.stream()) {
  // Its input is empty.
}
sqlite.run("ROLLBACK")
sqlite.close()
