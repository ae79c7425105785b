import { Cache, immutable } from "../../cache/cache.ts"
import type { DataVersions } from "../../cache/versions.ts"
import type { Db } from "../../db/database.ts"
import { findKind } from "../channels/store.ts"
import type { Message } from "../messages/contract.ts"
import { mentionedIds } from "../messages/render.ts"
import { isRestrictedChannel } from "../permissions/restricted.ts"
import { defineWorker } from "../worker.ts"
import type { Activities, News } from "./contract.ts"

/** A server's news is published no more often than this, except for mentions. */
const throttleMs = 1000
/** Most authors and mentions named in one piece of news: pages get exact counts with their next snapshot. */
const maxNamed = 50
/** How often it is looked again who may view a channel, while rights change. */
const maxTries = 3
/** Channels whose kind, which does not change, and viewers are cached. */
const maxEntries = 20_000

type Kind = "listed" | "conversation"

interface Waiting {
  news: Map<string, News>
  timer: ReturnType<typeof setTimeout>
}

interface Options {
  db: Db
  dataVersions: DataVersions
  server: {
    postChannelMessage(channel: "activity", params: { serverId: string }, data: Activities): Promise<unknown>
    postChannelMessage(
      channel: "channelActivity",
      params: { channelId: string },
      data: Activities,
    ): Promise<unknown>
  }
  report(error: unknown, where: string): unknown
}

/**
 * Publishes what is new in servers to members who look elsewhere: once for all of them, however many there are, and
 * however much is said in a second. What is new in channels that some members may not view is published apart.
 */
export class Activity {
  readonly #waiting = new Map<string, Waiting>()
  readonly #kinds = new Cache<Kind | "unlisted">({ maxEntries })
  readonly #restricted = new Cache<boolean>({ maxEntries })

  readonly #options: Options

  constructor(options: Options) {
    this.#options = options
  }

  onAnnounced({ serverId, channelId, userId, ordinal, extras, seq, position }: Message): void {
    const isNew = seq === position
    if (!isNew) return

    const known = this.#waiting.get(serverId)
    const waiting = known ?? { news: new Map(), timer: this.#later(serverId) }
    this.#waiting.set(serverId, waiting)
    const mentioned = mentionedIds(extras)
    addTo(waiting.news, { channelId, userId, ordinal, mentioned })
    // The first message after a second of silence is published at once, and so is a mention.
    if (!known || mentioned.length > 0) this.#publish(serverId, waiting)
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
      this.#publish(serverId, waiting)
    }, throttleMs)
  }

  #publish(serverId: string, waiting: Waiting): void {
    this.#post(serverId, waiting).catch((error) => this.#options.report(error, "activity"))
  }

  async #post(serverId: string, { news }: Waiting): Promise<void> {
    const all = [...news.values()]
    news.clear()
    const { server } = this.#options
    const { isConversation, open, restricted } = await this.#sort(all)
    // Nothing is awaited between the last look at who may view these channels and what is posted.
    const posted = restricted.map((one) =>
      server.postChannelMessage(
        "channelActivity",
        { channelId: one.channelId },
        { isConversation, news: [one] },
      ),
    )
    if (open.length > 0)
      posted.push(server.postChannelMessage("activity", { serverId }, { isConversation, news: open }))
    await Promise.all(posted)
  }

  /** The news of listed channels, apart where not all members of the server may view one. */
  async #sort(all: News[]) {
    const { dataVersions } = this.#options
    for (let tries = 0; ; tries++) {
      const version = dataVersions.directory
      const sorted = { isConversation: false, open: [] as News[], restricted: [] as News[] }
      // Where rights change faster than they are read, everything is sent only to users who may view it.
      const isUnsettled = tries === maxTries
      for (const one of all) {
        const kind = await this.#kindOf(one.channelId)
        if (kind === "unlisted") continue
        sorted.isConversation ||= kind === "conversation"
        const isRestricted = isUnsettled || (await this.#isRestricted(one.channelId, version))
        sorted[isRestricted ? "restricted" : "open"].push(one)
      }
      if (isUnsettled || version === dataVersions.directory) return sorted
    }
  }

  #isRestricted(channelId: string, version: string): Promise<boolean> {
    const { db } = this.#options
    return this.#restricted.getOrLoad(channelId, version, () => isRestrictedChannel(db, channelId))
  }

  #kindOf(channelId: string): Promise<Kind | "unlisted" | undefined> {
    const { db } = this.#options
    // Threads are not in the list of channels: their messages are not news of the server.
    return this.#kinds.getOrLoad(
      channelId,
      immutable,
      async () => (await findKind(db, channelId)) ?? "unlisted",
    )
  }
}

export const serverActivity = defineWorker((services: Options) => new Activity(services))

interface NewMessage {
  channelId: string
  userId: string
  ordinal: number
  mentioned: string[]
}

function addTo(news: Map<string, News>, { channelId, userId, ordinal, mentioned }: NewMessage): void {
  const ofChannel = news.get(channelId) ?? { channelId, from: ordinal - 1, to: ordinal, by: {}, mentions: [] }
  news.set(channelId, ofChannel)
  ofChannel.to = Math.max(ofChannel.to, ordinal)
  ofChannel.from = Math.min(ofChannel.from, ordinal - 1)
  const { by, mentions } = ofChannel
  if (userId in by || Object.keys(by).length < maxNamed) by[userId] = (by[userId] ?? 0) + 1
  if (mentioned.length > 0 && mentions.length < maxNamed) mentions.push({ by: userId, of: mentioned })
}
