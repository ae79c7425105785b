import { Cache, immutable } from "../../cache/cache.ts"
import type { Message } from "../messages/contract.ts"
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
  /** Threads are in no list of channels: what happens there is no news of the server. */
  kindOf(channelId: string): Promise<Kind | undefined>
  /** Tells everyone who is in the server, wherever they look. */
  tell(serverId: string, told: { isConversation: boolean; news: News[] }): Promise<unknown>
  report(error: unknown): void
}

/**
 * Gathers what happens in servers for the people in them who look elsewhere: told once for all of them, however many
 * there are, and however much is said in a second.
 */
export class Activity {
  readonly #waiting = new Map<string, Waiting>()
  readonly #kinds = new Cache<Kind | "unlisted">({ maxEntries })

  constructor(private readonly options: Options) {}

  /** A message was stored. Costs a look into memory. */
  note({ serverId, channelId, userId, ordinal, extras }: Message): void {
    const known = this.#waiting.get(serverId)
    const waiting = known ?? { news: new Map(), timer: this.#later(serverId) }
    this.#waiting.set(serverId, waiting)
    const of = (extras?.mentions ?? []).map((mention) => mention.userId)
    add(waiting.news, { channelId, userId, ordinal, of })
    // The first after a second of silence is told at once, and so is whoever is mentioned.
    if (!known || of.length > 0) this.#tell(serverId, waiting).catch(this.options.report)
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
      this.#tell(serverId, waiting).catch(this.options.report)
    }, quietMs)
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
    if (listed.length > 0) await this.options.tell(serverId, { isConversation, news: listed })
  }

  #kindOf(channelId: string): Promise<Kind | "unlisted" | undefined> {
    const { kindOf } = this.options
    return this.#kinds.getOrLoad(channelId, immutable, async () => (await kindOf(channelId)) ?? "unlisted")
  }
}

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
