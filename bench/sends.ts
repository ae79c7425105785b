import { Database } from "bun:sqlite"
import { join } from "node:path"
import { createTestChat } from "../tests/support/chat.ts"
import { listen } from "../tests/support/listen.ts"
import type { Part } from "./main.ts"

const messages = 2000

/** Confirmed, durable messages through the contract, beside what SQLite alone does on this disk. */
export const sends: Part = async (folder) => {
  const chat = await createTestChat()
  const { send } = await listen(chat.cast.alice, chat.room)
  const sqlite = rawDatabase(join(folder, "raw.db"))
  const insert = sqlite.prepare("insert into log (content) values (?)")

  /** So many senders, each waiting for its own confirmation before the next. */
  const senders = (count: number) => async () => {
    const started = performance.now()
    let left = messages
    const one = async () => {
      while (left-- > 0) await send("What is said here is on disk before anyone hears of it")
    }
    await Promise.all(Array.from({ length: count }, one))
    return perSecond(messages, started)
  }

  return {
    unit: "confirmed messages/s",
    contenders: {
      "64 senders": senders(64),
      "1 sender": senders(1),
      "SQLite alone, one row a commit, synchronous=FULL": async () => {
        const started = performance.now()
        for (let i = 0; i < messages; i++)
          insert.run("What is said here is on disk before anyone hears of it")
        return perSecond(messages, started)
      },
    },
    close: () => {
      sqlite.close()
      chat.close()
    },
  }
}

function rawDatabase(path: string): Database {
  const sqlite = new Database(path, { create: true })
  sqlite.run("pragma journal_mode = WAL")
  sqlite.run("pragma synchronous = FULL")
  sqlite.run("create table log (id integer primary key, content text)")
  return sqlite
}

export function perSecond(count: number, started: number): number {
  return (count * 1000) / (performance.now() - started)
}
