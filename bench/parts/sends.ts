import { Database } from "bun:sqlite"
import { fdatasyncSync, openSync, writeSync } from "node:fs"
import { join } from "node:path"
import { chat } from "../contenders.ts"
import { load } from "../load.ts"
import type { Part } from "../run.ts"
import { startPeopledChat } from "../servers.ts"

const disk = "the disk: append and fdatasync"
const seconds = 2
const manySenders = 64
const text = "x".repeat(128)
/** About as many messages as 64 senders have in one commit of the chat. */
const rowsPerCommit = 32

/** Durable, confirmed messages: each sender waits for the confirmation before the next message. */
export const sends: Part = {
  name: "sends",
  title: "Durable sends, confirmed one after another",
  note: "SQLite alone commits with synchronous=FULL. The disk alone appends 128 bytes and syncs them.",
  columns: [{ name: "messages/s", relativeTo: disk }],
  rounds: 3,
  async prepare(folder) {
    const { server, path, header } = await startPeopledChat(folder, manySenders)
    const sqlite = openRawDatabase(join(folder, "raw.db"))
    const insert = sqlite.prepare("insert into log (content) values (?)")
    const insertMany = sqlite.transaction(() => {
      for (let row = 0; row < rowsPerCommit; row++) insert.run(text)
    })
    const sync = diskSync(folder)

    const senders = (count: number) => async () => {
      const entering = { port: server.port, path: `${path}/live`, header, ready: '"live"' }
      const sending = { send: '{"content":"%m","id":"%i"}', confirm: '"stored"', senders: count, seconds }
      const report = await load("rooms", { ...entering, ...sending }, { mayMisorder: true })
      await server.settled()
      return { "messages/s": report?.perSecond }
    }
    const repeated =
      (work: () => void, rows = 1) =>
      async () => ({ "messages/s": ratePerSecond(work, seconds) * rows })
    return {
      contenders: {
        [`${chat}, ${manySenders} senders`]: senders(manySenders),
        [`${chat}, 1 sender`]: senders(1),
        "SQLite alone": repeated(() => insert.run(text)),
        [`SQLite alone, ${rowsPerCommit} rows a commit`]: repeated(() => insertMany(), rowsPerCommit),
        [disk]: repeated(sync),
      },
      close() {
        sqlite.close()
        server.stop()
      },
    }
  },
}

function openRawDatabase(path: string): Database {
  const sqlite = new Database(path, { create: true })
  sqlite.run("pragma journal_mode = WAL")
  sqlite.run("pragma synchronous = FULL")
  sqlite.run("create table log (id integer primary key, content text)")
  return sqlite
}

/** Returns a function that appends to a file in that folder and syncs it. */
export function diskSync(folder: string): () => void {
  const file = openSync(join(folder, "raw"), "a")
  return () => {
    writeSync(file, text)
    fdatasyncSync(file)
  }
}

/** Repeats the work for that time and returns how often a second it was done. */
export function ratePerSecond(work: () => void, seconds: number): number {
  const startedAt = performance.now()
  let count = 0
  while (performance.now() - startedAt < seconds * 1000) {
    work()
    count++
  }
  return (count * 1000) / (performance.now() - startedAt)
}
