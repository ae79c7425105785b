import { createApp } from "../../src/app.ts"
import { createChat } from "../../src/chat.ts"
import { openDatabase } from "../../src/db/open.ts"
import { ChangeSet } from "../../src/features/change-set.ts"
import { appendMessage } from "../../src/features/messages/append.ts"
import { type Outside, type Person, silent } from "./chat.ts"
import { assets, createTestServer } from "./server.ts"

export type TestSite = Awaited<ReturnType<typeof createTestSite>>

/** The chat of `createTestServer` that can be stopped, and started again on its port and database. */
export async function createTestSite(environment: Record<string, string> = {}, outside?: Outside) {
  const server = await createTestServer(environment, outside)
  const { config } = server.chat
  const port = Number(new URL(server.origin).port)
  let running = { app: server.app, chat: server.chat, database: server.database }

  /** As when the process dies: every connection is cut. */
  async function stop() {
    await running.app.server?.stop(true)
    running.chat.close()
    if (running.database !== server.database) await running.database.close()
  }

  async function start() {
    const database = await openDatabase(config.database)
    const chat = createChat({ config, database, log: silent, outside })
    running = { app: createApp(chat, assets), chat, database }
    running.app.listen({ port, hostname: "127.0.0.1" })
  }

  /** The session's cookie, without the cost of signing in. better-auth's: `token.HMAC-SHA-256`. */
  function cookieOf({ token }: Person): string {
    const signature = new Bun.CryptoHasher("sha256", config.authSecret).update(token).digest("base64")
    return encodeURIComponent(`${token}.${signature}`)
  }

  /** Stores messages without announcing them: `text 1` to `text count`. All are of now, unless `at` says when each was sent. */
  async function write(
    { id: userId, username }: Person,
    text: string,
    count: number,
    at = (_number: number, now: Date) => now,
  ): Promise<string[]> {
    const { commits } = server.database
    const ids = Array.from({ length: count }, () => crypto.randomUUID())
    const now = new Date()
    const draft = { ...server.room, userId, username }
    await Promise.all(
      ids.map((id, i) =>
        commits.decide((tx) =>
          appendMessage(new ChangeSet(tx), {
            ...draft,
            id,
            content: `${text} ${i + 1}`,
            createdAt: at(i + 1, now),
          }),
        ),
      ),
    )
    return ids
  }

  async function close() {
    await stop()
    server.close()
  }
  return { ...server, port, cookieOf, write, stop, start, close }
}
