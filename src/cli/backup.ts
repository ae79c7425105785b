import { dirname, join } from "node:path"
import { databasePathOf, storageConfigOf } from "../config.ts"
import { backUp, restore, timestamp } from "../db/sqlite/backup.ts"
import { filesOf, shareFiles } from "../db/sqlite/files.ts"

// `bun run backup [target]`, while the server runs or not, and `bun run restore <file>`, while it does not.

const filesElsewhere = ". The uploaded files are in S3 and not part of the backup"

const [command, file] = process.argv.slice(2)
try {
  process.stdout.write(`${run(databasePathOf())}\n`)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exit(1)
}

function run(path: string): string {
  const storage = storageConfigOf()
  const folder = "folder" in storage ? storage.folder : null
  if (command === "backup") {
    const target = file ?? join(dirname(path), "backups", `chat-${timestamp()}.db`)
    const { messages } = backUp(path, target)
    // After the database, so that every file it refers to exists by then.
    const files = folder ? `, ${shareFiles(folder, filesOf(target))} files` : filesElsewhere
    return `Backed up ${path} to ${target}: ${messages} messages${files}`
  }
  if (command !== "restore" || !file) throw new Error("Usage: bun run restore <file>")

  const { messages, aside } = restore(file, path)
  // The server deletes files that its database does not refer to. The previous database still refers to them.
  if (folder && aside) shareFiles(folder, filesOf(aside))
  if (folder) shareFiles(filesOf(file), folder)
  const kept = aside ? ` The previous database is kept as ${aside}` : ""
  return `Restored ${path} from ${file}: ${messages} messages.${kept}`
}
