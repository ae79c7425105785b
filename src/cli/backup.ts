import { dirname, join } from "node:path"
import { databasePathOf, storageConfigOf } from "../config.ts"
import { backUp, restore, timestamp } from "../db/backup.ts"
import { filesOf, shareFiles } from "../db/files.ts"

// `bun run backup [target]` and `bun run restore <file>`, while the server runs or not.

const elsewhere = ". Its files are in the S3 that FILES_URL names, and no part of it"

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
    // After the database: whatever it knows of was there by then.
    const files = folder ? `, ${shareFiles(folder, filesOf(target))} files` : elsewhere
    return `Backed up ${path} to ${target}: ${messages} messages${files}`
  }
  if (command !== "restore" || !file) throw new Error("Use it as: bun run restore <file>")

  const { messages, aside } = restore(file, path)
  // The server deletes files that its database does not know: who goes back to what was there still needs them.
  if (folder && aside) shareFiles(folder, filesOf(aside))
  if (folder) shareFiles(filesOf(file), folder)
  const kept = aside ? ` What was there is kept as ${aside}` : ""
  return `Restored ${path} from ${file}: ${messages} messages.${kept}`
}
