import { Cache, immutable } from "../../cache/cache.ts"
import type { Db } from "../../db/open.ts"
import { findKind } from "../channels/store.ts"
import type { Message } from "../messages/contract.ts"
import { defineWorker } from "../worker.ts"
import type { News } from "./contract.ts"

/** A server's news is told at most so often, but for mentions. */
const quietMs = 1000
/** Authors and mentions named in one piece of news: what is left out is counted when a page asks. */
const maxNamed = 50
/** Channels whose kind, which does not change, is cached. */
const maxEntries = 20_000

type Kind = "listed" | "conversation"

interface Waiting {
  news: Map<string, News>
  timer: ReturnType<typeof setTimeout>
}

interface Options {
  db: Db
  server: {
    postChannelMessage(
      channel: "activity",
      params: { serverId: string },
      data: { isConversation: boolean; news: News[] },
    ): Promise<unknown>
  }
  report(error: unknown, where: string): unknown
}

/**
 * Gathers what happens in servers for the people in them who look elsewhere: told once for all of them, however many
 * there are, and however much is said in a second.
 */
export class Activity {
  readonly #waiting = new Map<string, Waiting>()
  readonly #kinds = new Cache<Kind | "unlisted">({ maxEntries })

  constructor(private readonly options: Options) {}

  onAnnounced({ serverId, channelId, userId, ordinal, extras, seq, position }: Message): void {
    const isNew = seq === position
    if (!isNew) return

    const known = this.#waiting.get(serverId)
    const waiting = known ?? { news: new Map(), timer: this.#later(serverId) }
    this.#waiting.set(serverId, waiting)
    const of = (extras?.mentions ?? []).map((mention) => mention.userId)
    add(waiting.news, { channelId, userId, ordinal, of })
    // The first after a second of silence is told at once, and so is whoever is mentioned.
    if (!known || of.length > 0) this.#tellSafely(serverId, waiting)
  }

  close(): void {
    for (const { timer } of this.#waiting.values()) clearTimeout(timer)
    this.#waiting.clear()
  }

  #later(serverId: string) {
    return setTimeout(() => {
      const waiting = this.#waiting.get(serverId)
      if (!waiting || waiting.news.size === 0) return void this.#waiting.delete(serverId)

      waiting.timer = this.#later(serverId)
      this.#tellSafely(serverId, waiting)
    }, quietMs)
  }

  #tellSafely(serverId: string, waiting: Waiting): void {
    this.#tell(serverId, waiting).catch((error) => this.options.report(error, "activity"))
  }

  async #tell(serverId: string, { news }: Waiting): Promise<void> {
    const all = [...news.values()]
    news.clear()
    const listed: News[] = []
    let isConversation = false
    for (const one of all) {
      const kind = await this.#kindOf(one.channelId)
      if (kind !== "unlisted") listed.push(one)
      isConversation ||= kind === "conversation"
    }
    if (listed.length === 0) return

    const { server } = this.options
    await server.postChannelMessage("activity", { serverId }, { isConversation, news: listed })
  }

  #kindOf(channelId: string): Promise<Kind | "unlisted" | undefined> {
    const { db } = this.options
    // Threads are in no list of channels: what happens there is no news of the server.
    return this.#kinds.getOrLoad(
      channelId,
      immutable,
      async () => (await findKind(db, channelId)) ?? "unlisted",
    )
  }
}

export const serverActivity = defineWorker((services: Options) => new Activity(services))

interface Said {
  channelId: string
  userId: string
  ordinal: number
  of: string[]
}

function add(news: Map<string, News>, { channelId, userId, ordinal, of }: Said): void {
  const one = news.get(channelId) ?? { channelId, from: ordinal - 1, to: ordinal, by: {}, mentions: [] }
  news.set(channelId, one)
  one.to = Math.max(one.to, ordinal)
  one.from = Math.min(one.from, ordinal - 1)
  if (userId in one.by || Object.keys(one.by).length < maxNamed) one.by[userId] = (one.by[userId] ?? 0) + 1
  if (of.length > 0 && one.mentions.length < maxNamed) one.mentions.push({ by: userId, of })
}
