import { openDatabase } from "../../src/db/open.ts"
import { appendMessage } from "../../src/features/messages/store.ts"
import { ChangeSet } from "../../src/features/publishing/change-set.ts"

// Run as a process: stores a message and is killed, as by `kill -9`, as soon as it is told that it is stored.

const [path = "", draft = ""] = process.argv.slice(2)
const { db, commits } = openDatabase(path)
await commits.run(() => appendMessage(new ChangeSet(db), { ...JSON.parse(draft), createdAt: new Date() }))
process.kill(process.pid, "SIGKILL")
