import { Cache, untilDeleted } from "../../cache/cache.ts"
import type { Config } from "../../config.ts"
import type { Commits } from "../../db/commits.ts"
import type { Db } from "../../db/open.ts"
import type { PublicFetch } from "../../web/public-fetch.ts"
import type { ChangeSet } from "../change-set.ts"
import type { FileStorage } from "../files/storage.ts"
import { fetchPicture } from "../previews/picture.ts"
import { pictureKind } from "../previews/previews.ts"
import { defineWorker } from "../worker.ts"
import {
  deleteOldestAvatar,
  findAvatarAt,
  findAvatarUrl,
  insertAvatar,
  updateAvatarKey,
} from "./avatars-store.ts"

/** The longer side of a picture, twice what is shown. */
const pictureSize = 96
/** Pictures of one channel; a new one takes the place of the oldest. A bridge has one for each who writes through it. */
const maxPerChannel = 1000
/** Pictures asked for at the same time, and those that wait; of more, a program's is shown. */
const lanes = 2
const maxWaiting = 100
/** What could not be had is not asked for again for so long. */
const restMs = 10 * 60_000
const maxResting = 1000

interface Options {
  db: Db
  commits: Commits
  storage: FileStorage
  outside: { fetcher: PublicFetch }
  /** May addresses that people name be asked at all? */
  config: Pick<Config, "linkPreviews">
  report(error: unknown, where: string): unknown
}

/**
 * Shows whom webhooks say they write as. A message is stored with an address of ours at once; what is to be seen there
 * is fetched once for each address that is named in a channel, and whoever looks before it is there waits for it.
 */
export class AvatarFetcher {
  readonly #underway = new Map<string, Promise<void>>()
  readonly #restsUntil = new Cache<number>({ maxEntries: maxResting })
  readonly #lanes: Promise<void>[] = Array.from({ length: lanes }, () => Promise.resolve())
  #turn = 0
  #isClosed = false

  constructor(private readonly options: Options) {}

  /** The URL of a picture for a message of that channel. Runs inside a shared commit. */
  addressOf(changes: ChangeSet, channelId: string, url: string): string | undefined {
    if (!this.options.config.linkPreviews) return undefined

    const { tx } = changes
    const known = findAvatarAt(tx, channelId, url)
    const id = known?.id ?? crypto.randomUUID()
    if (!known) {
      deleteOldestAvatar(tx, channelId, maxPerChannel)
      insertAvatar(tx, { id, channelId, url })
    }
    if (!known?.imageKey) changes.afterCommit(() => void this.fetched(id))
    return `/avatars/${id}`
  }

  /** Resolves when it is there, or will not be for now. Never rejects. */
  fetched(id: string): Promise<void> {
    const underway = this.#underway.get(id)
    if (underway) return underway

    const isResting = (this.#restsUntil.get(id, untilDeleted) ?? 0) > Date.now()
    if (this.#isClosed || isResting || this.#underway.size >= maxWaiting) return Promise.resolve()

    const lane = this.#turn++ % lanes
    const work = (this.#lanes[lane] ?? Promise.resolve())
      .then(() => this.#fetch(id))
      .catch((error) => this.#isClosed || this.options.report(error, "a webhook's picture"))
      .then(() => void this.#underway.delete(id))
    this.#underway.set(id, work)
    this.#lanes[lane] = work
    return work
  }

  close(): void {
    this.#isClosed = true
  }

  async #fetch(id: string): Promise<void> {
    const { db, commits, storage, outside } = this.options
    const url = this.#isClosed ? undefined : findAvatarUrl(db, id)
    if (url === undefined) return

    const picture = await fetchPicture(outside.fetcher, url, pictureSize)
    if (this.#isClosed) return
    if (!picture) return this.#rest(id)

    const key = `${pictureKind}/${id}`
    await storage.put(key, picture.bytes, "image/webp")
    const isWanted = await commits.run(() => updateAvatarKey(db, id, key))
    if (!isWanted) await storage.delete(key)
  }

  #rest(id: string): void {
    this.#restsUntil.set(id, untilDeleted, Date.now() + restMs)
  }
}

export const avatarFetcher = defineWorker((services: Options) => new AvatarFetcher(services))
