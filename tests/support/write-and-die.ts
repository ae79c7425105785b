import { openDatabase } from "../../src/db/open.ts"
import { ChangeSet } from "../../src/features/change-set.ts"
import { appendMessage } from "../../src/features/messages/append.ts"

// Run as a process: stores a message and kills itself, as `kill -9` would, as soon as the commit is confirmed.

const [database = "", draft = ""] = process.argv.slice(2)
const { commits } = await openDatabase(JSON.parse(database))
await commits.decide((tx) =>
  appendMessage(new ChangeSet(tx), { ...JSON.parse(draft), createdAt: new Date() }),
)
process.kill(process.pid, "SIGKILL")
