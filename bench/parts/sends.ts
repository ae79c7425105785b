import { Database } from "bun:sqlite"
import { fdatasyncSync, openSync, writeSync } from "node:fs"
import { join } from "node:path"
import { ours } from "../contenders.ts"
import { load } from "../load.ts"
import type { Part } from "../run.ts"
import { roomOf, startChat } from "../servers.ts"

const disk = "the disk: append and fdatasync"
const seconds = 2
const text = "x".repeat(128)

/** Confirmed, durable messages, each sender waiting for its confirmation before the next. */
export const sends: Part = {
  name: "sends",
  title: "Durable sends, confirmed one after another",
  note: "SQLite alone commits one row at a time with synchronous=FULL; the disk alone appends 128 bytes and waits.",
  columns: [{ name: "messages/s", against: disk }],
  rounds: 3,
  async prepare(folder) {
    const server = await startChat(folder)
    const { path, header } = await roomOf(server)
    const sqlite = rawDatabase(join(folder, "raw.db"))
    const insert = sqlite.prepare("insert into log (content) values (?)")
    const sync = syncing(folder)

    const senders = (count: number) => async () => {
      const entering = { port: server.port, path: `${path}/live`, header, ready: '"live"' }
      const sending = { send: '{"content":"%m","id":"%i"}', confirm: '"stored"', senders: count, seconds }
      const result = await load("rooms", { ...entering, ...sending }, { mayMisorder: true })
      return { "messages/s": result?.perSecond }
    }
    const alone = (work: () => void) => async () => ({ "messages/s": perSecond(work, seconds) })
    return {
      contenders: {
        [`${ours}, 64 senders`]: senders(64),
        [`${ours}, 1 sender`]: senders(1),
        "SQLite alone": alone(() => insert.run(text)),
        [disk]: alone(sync),
      },
      close() {
        sqlite.close()
        server.stop()
      },
    }
  },
}

function rawDatabase(path: string): Database {
  const sqlite = new Database(path, { create: true })
  sqlite.run("pragma journal_mode = WAL")
  sqlite.run("pragma synchronous = FULL")
  sqlite.run("create table log (id integer primary key, content text)")
  return sqlite
}

/** Appends to a file in that folder and waits until the disk has it. */
export function syncing(folder: string): () => void {
  const file = openSync(join(folder, "raw"), "a")
  return () => {
    writeSync(file, text)
    fdatasyncSync(file)
  }
}

/** How often a second it can be done, one after another. */
export function perSecond(work: () => void, seconds: number): number {
  const startedAt = performance.now()
  let count = 0
  while (performance.now() - startedAt < seconds * 1000) {
    work()
    count++
  }
  return (count * 1000) / (performance.now() - startedAt)
}
