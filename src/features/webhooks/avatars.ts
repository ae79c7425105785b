import { Cache, untilDeleted } from "../../cache/cache.ts"
import type { Config } from "../../config.ts"
import type { Commits, Db } from "../../db/database.ts"
import type { PublicFetch } from "../../web/public-fetch.ts"
import type { ChangeSet } from "../change-set.ts"
import type { FileStorage } from "../files/storage.ts"
import { fetchPicture } from "../previews/picture.ts"
import { pictureKind } from "../previews/previews.ts"
import { defineWorker } from "../worker.ts"
import {
  deleteOldestAvatar,
  findAvatarByUrl,
  findAvatarUrl,
  insertAvatar,
  updateAvatarKey,
} from "./avatars-store.ts"

/** The longer side of a picture in pixels, twice the displayed size. */
const pictureSize = 96
/** Avatars of one channel; a new one replaces the oldest. A bridge to another chat has one for each of its users. */
const maxPerChannel = 1000
/** Concurrent downloads. */
const maxConcurrent = 2
/** Queued and running downloads; beyond that, a bot's icon is shown. */
const maxPending = 100
/** How long a picture that could not be fetched is not requested again. */
const cooldownMs = 10 * 60_000
const maxCooldowns = 1000

interface AvatarServices {
  db: Db
  commits: Commits
  storage: FileStorage
  outside: { fetcher: PublicFetch }
  /** `linkPreviews` says whether the server may fetch URLs that users and programs name. */
  config: Pick<Config, "linkPreviews">
  report(error: unknown, where: string): unknown
}

/**
 * Fetches the avatars that webhooks' messages name. A message is stored at once with a URL of this server, so that
 * readers never contact the named host. Each URL is fetched once per channel; requests during the download wait for it.
 */
export class AvatarFetcher {
  readonly #pending = new Map<string, Promise<void>>()
  readonly #cooldownUntil = new Cache<number>({ maxEntries: maxCooldowns })
  readonly #lanes: Promise<void>[] = Array.from({ length: maxConcurrent }, () => Promise.resolve())
  #nextLane = 0
  #isClosed = false

  constructor(private readonly services: AvatarServices) {}

  /** The URL of an avatar for a message in that channel, fetched after the commit. Runs inside a shared commit. */
  async urlFor(changes: ChangeSet, channelId: string, url: string): Promise<string | undefined> {
    if (!this.services.config.linkPreviews) return undefined

    const { tx } = changes
    const stored = await findAvatarByUrl(tx, channelId, url)
    const id = stored?.id ?? crypto.randomUUID()
    if (!stored) {
      await deleteOldestAvatar(tx, channelId, maxPerChannel)
      await insertAvatar(tx, { id, channelId, url })
    }
    if (!stored?.imageKey) changes.afterCommit(() => void this.ensureFetched(id))
    return `/avatars/${id}`
  }

  /** Resolves when the picture is stored or could not be fetched. Never rejects. */
  ensureFetched(id: string): Promise<void> {
    const pending = this.#pending.get(id)
    if (pending) return pending

    const isCoolingDown = (this.#cooldownUntil.get(id, untilDeleted) ?? 0) > Date.now()
    if (this.#isClosed || isCoolingDown || this.#pending.size >= maxPending) return Promise.resolve()

    const lane = this.#nextLane++ % maxConcurrent
    const download = (this.#lanes[lane] ?? Promise.resolve())
      .then(() => this.#fetch(id))
      .catch((error) => this.#isClosed || this.services.report(error, "fetching a webhook's avatar"))
      .then(() => void this.#pending.delete(id))
    this.#pending.set(id, download)
    this.#lanes[lane] = download
    return download
  }

  close(): void {
    this.#isClosed = true
  }

  async #fetch(id: string): Promise<void> {
    const { db, commits, storage, outside } = this.services
    const url = this.#isClosed ? undefined : await findAvatarUrl(db, id)
    if (url === undefined) return

    const picture = await fetchPicture(outside.fetcher, url, pictureSize)
    if (this.#isClosed) return
    if (!picture) return this.#startCooldown(id)

    const key = `${pictureKind}/${id}`
    await storage.put(key, picture.bytes, "image/webp")
    const isStored = await commits.note("nothing", (tx) => updateAvatarKey(tx, id, key))
    if (!isStored) await storage.delete(key)
  }

  #startCooldown(id: string): void {
    this.#cooldownUntil.set(id, untilDeleted, Date.now() + cooldownMs)
  }
}

export const avatarFetcher = defineWorker((services: AvatarServices) => new AvatarFetcher(services))
