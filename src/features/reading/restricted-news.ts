import type { Db } from "../../db/database.ts"
import type { InternalSidekick } from "../../kernel/index.ts"
import { SideTopic, type Subscriptions } from "../../web/live/subscriptions.ts"
import type { EndedAccess } from "../permissions/evictions.ts"
import { resource } from "../permissions/resources.ts"
import { listRestrictedChannels, listViewers } from "../permissions/restricted.ts"
import type { Activities } from "./contract.ts"
import { newsUpdate } from "./updates.ts"

interface Dependencies {
  db: Db
  sidekick: InternalSidekick
  publish: (topic: string, data: string) => void
  report: (error: unknown) => void
}

/** A user with a live page. */
interface Reader {
  readonly userId: string
  readonly subscriptions: Subscriptions
}

/** The users with a live page who may view channels of one form. */
interface Viewers {
  topic: SideTopic
  readers: Set<Reader>
  /** Users whose permission is not known yet. */
  unchecked: Set<Reader>
}

/** How many topics were made: their names must differ. */
let topics = 0

/**
 * The news of channels that not every member of a server may view, for the pages of those who may. Channels with the same
 * viewers share a topic. Users who lose a channel are unsubscribed at once, see `end`; who gained one is found when there is
 * news. So changes of roles cost nothing here but in channels where something is said.
 */
export class RestrictedNews {
  readonly #serverId: string
  readonly #dependencies: Dependencies
  readonly #readers = new Set<Reader>()
  /** The restricted channels with their forms, and what ends the subscription to each. */
  #channels = new Map<string, { form: string; unsubscribe: () => void }>()
  readonly #viewers = new Map<string, Viewers>()
  readonly #unsubscribes: (() => void)[]
  /** Counts what may have changed who may view what. */
  #changes = 0
  #loaded = -1
  #loading: Promise<void> | undefined
  #isClosed = false
  /** News in their order. */
  #delivering: Promise<void> = Promise.resolve()

  constructor(serverId: string, dependencies: Dependencies) {
    const { sidekick } = dependencies
    this.#serverId = serverId
    this.#dependencies = dependencies
    this.#unsubscribes = [resource.channels(serverId), resource.members(serverId)].map((changed) =>
      sidekick.subscribeToResource(changed, () => this.#changed()),
    )
    this.#load()
  }

  add(reader: Reader): void {
    this.#readers.add(reader)
    for (const { unchecked } of this.#viewers.values()) unchecked.add(reader)
  }

  delete(reader: Reader): void {
    this.#readers.delete(reader)
    for (const viewers of this.#viewers.values()) {
      viewers.unchecked.delete(reader)
      remove(viewers, reader)
    }
  }

  /** Ends what readers lost with a commit, before this returns. */
  end({ channelIds, userIds }: Extract<EndedAccess, { of: "view" }>): void {
    const losers = userIds && new Set(userIds)
    for (const channelId of channelIds) {
      const viewers = this.#viewersOf(channelId)
      if (!viewers) continue
      for (const reader of viewers.readers) {
        if (losers && !losers.has(reader.userId)) continue
        remove(viewers, reader)
        viewers.unchecked.add(reader)
      }
    }
    this.#changed()
  }

  close(): void {
    this.#isClosed = true
    for (const unsubscribe of this.#unsubscribes) unsubscribe()
    for (const { unsubscribe } of this.#channels.values()) unsubscribe()
    this.#channels.clear()
  }

  #viewersOf(channelId: string): Viewers | undefined {
    return this.#viewers.get(this.#channels.get(channelId)?.form ?? "")
  }

  #changed(): void {
    this.#changes++
    for (const { unchecked } of this.#viewers.values())
      for (const reader of this.#readers) unchecked.add(reader)
    this.#load()
  }

  /** Reads which channels are restricted, unless that is under way. */
  #load(): void {
    this.#loading ??= this.#read()
  }

  async #read(): Promise<void> {
    try {
      await this.#readChannels()
    } catch (error) {
      this.#dependencies.report(error)
    } finally {
      this.#loading = undefined
    }
  }

  async #readChannels(): Promise<void> {
    const { db, sidekick } = this.#dependencies
    while (this.#loaded !== this.#changes) {
      const changes = this.#changes
      const listed = await listRestrictedChannels(db, this.#serverId)
      if (this.#isClosed) return
      const before = this.#channels
      this.#channels = new Map(
        listed.map(({ channelId, form }) => {
          const unsubscribe =
            before.get(channelId)?.unsubscribe ??
            sidekick.subscribe("channelActivity", { channelId }, (data) => {
              this.#deliver(channelId, data as Activities)
            })
          return [channelId, { form, unsubscribe }]
        }),
      )
      for (const [channelId, { unsubscribe }] of before) if (!this.#channels.has(channelId)) unsubscribe()
      this.#forgetForms()
      this.#loaded = changes
    }
  }

  /** Ends the topics of forms that no channel has any more. */
  #forgetForms(): void {
    const forms = new Set([...this.#channels.values()].map(({ form }) => form))
    for (const [form, viewers] of this.#viewers) {
      if (forms.has(form)) continue
      for (const reader of viewers.readers) remove(viewers, reader)
      this.#viewers.delete(form)
    }
  }

  #deliver(channelId: string, activities: Activities): void {
    const update = newsUpdate(activities, this.#serverId)
    this.#delivering = this.#delivering
      .then(async () => (await this.#currentViewers(channelId))?.topic.publish(update))
      .catch(this.#dependencies.report)
  }

  /** Those who may view the channel, as of now: nothing is awaited after it was last looked whether something changed. */
  async #currentViewers(channelId: string): Promise<Viewers | undefined> {
    const { db, publish } = this.#dependencies
    for (;;) {
      if (this.#loaded !== this.#changes) {
        this.#load()
        await this.#loading
        // It could not be read: news are a hint that may be lost.
        if (this.#loaded !== this.#changes) return undefined
      }
      const form = this.#channels.get(channelId)?.form
      if (form === undefined) return undefined

      const viewers = this.#viewers.get(form) ?? {
        topic: new SideTopic(`restricted news ${++topics}`, publish),
        readers: new Set<Reader>(),
        unchecked: new Set(this.#readers),
      }
      this.#viewers.set(form, viewers)
      if (viewers.unchecked.size === 0) return viewers

      const changes = this.#changes
      const asked = [...viewers.unchecked]
      const found = await listViewers(
        db,
        channelId,
        asked.map(({ userId }) => userId),
      )
      if (changes !== this.#changes) continue
      for (const reader of asked) {
        // Those who left meanwhile are not asked about any more.
        if (!viewers.unchecked.delete(reader)) continue
        if (!found.has(reader.userId)) remove(viewers, reader)
        else if (!viewers.readers.has(reader)) {
          viewers.readers.add(reader)
          reader.subscriptions.addTopic(viewers.topic)
        }
      }
    }
  }
}

function remove({ readers, topic }: Viewers, reader: Reader): void {
  if (readers.delete(reader)) reader.subscriptions.deleteTopic(topic)
}
