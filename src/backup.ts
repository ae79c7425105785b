import { dirname, join } from "node:path"
import { databasePathOf } from "./config.ts"
import { backUp, restore, timestamp } from "./db/backup.ts"

// `bun run backup [target]` and `bun run restore <file>`, while the server runs or not.

const [command, file] = process.argv.slice(2)
try {
  process.stdout.write(`${run(databasePathOf())}\n`)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exit(1)
}

function run(path: string): string {
  if (command === "backup") {
    const target = file ?? join(dirname(path), "backups", `chat-${timestamp()}.db`)
    const { messages } = backUp(path, target)
    return `Backed up ${path} to ${target}: ${messages} messages`
  }
  if (command !== "restore" || !file) throw new Error("Use it as: bun run restore <file>")

  const { messages, aside } = restore(file, path)
  const kept = aside ? ` What was there is kept as ${aside}` : ""
  return `Restored ${path} from ${file}: ${messages} messages.${kept}`
}
