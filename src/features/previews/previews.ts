import type { Config } from "../../config.ts"
import type { Db } from "../../db/database.ts"
import type { PublicFetch } from "../../web/public-fetch.ts"
import type { ChangeSet } from "../change-set.ts"
import type { FileStorage } from "../files/storage.ts"
import { findMessage, updateExtras } from "../messages/store.ts"
import type { Publisher } from "../publisher.ts"
import { defineWorker } from "../worker.ts"
import { linksIn } from "./links.ts"
import type { LinkPreview } from "./message-fields.ts"
import { LinkReader, type LinkSummary } from "./reader.ts"
import { filterReferencedPictures, insertPreview, listPreviewedUrls } from "./store.ts"

/** Concurrent and queued messages. Messages beyond that get no previews. */
const maxConcurrent = 4
const maxQueued = 500

/** The kind in the storage keys of fetched pictures; the rest of a key is the id of a preview or a webhook's avatar. */
export const pictureKind = "previews"

const hourMs = 3_600_000
/** A picture is stored before its row. Younger pictures without a row may still get one. */
const minOrphanAgeMs = hourMs
const batchSize = 500

interface PreviewServices {
  db: Db
  publisher: Publisher
  storage: FileStorage
  outside: { fetcher: PublicFetch }
  config: Pick<Config, "publicOrigin">
  report(error: unknown, where: string): unknown
}

/** A fetched preview and the storage key of its picture. */
interface FetchedPreview {
  preview: LinkPreview
  imageKey: string | null
}

/** Fetches previews of the pages that messages link to, and adds them to the messages as changes of the log. */
export class PreviewFetcher {
  readonly #queue: { messageId: string; links?: string[] }[] = []
  #running = 0
  #isClosed = false
  #timer: ReturnType<typeof setInterval> | undefined

  readonly #reader: LinkReader
  /** Links to this chat get no preview: its pages need a session. */
  readonly #ownHost: string | undefined

  constructor(private readonly services: PreviewServices) {
    const { outside, config } = services
    this.#reader = new LinkReader(outside.fetcher)
    this.#ownHost = config.publicOrigin && new URL(config.publicOrigin).host
  }

  /** Queues a message whose links need previews: `links`, or all by default. Call it after the commit. */
  request(messageId: string, links?: string[]): void {
    if (this.#queue.length >= maxQueued) return

    this.#queue.push({ messageId, links })
    // The message itself must be announced first.
    setImmediate(() => this.#startNext())
  }

  /** Deletes pictures whose previews were removed. Call it after the commit. */
  deletePictures(keys: string[]): void {
    if (keys.length > 0) this.#reportErrors(this.#deleteOrphans(keys))
  }

  /** Deletes orphaned pictures every hour: of deleted channels, or of a crash between storing a picture and its row. */
  start(): void {
    this.#reportErrors(this.sweep(new Date()))
    this.#timer = setInterval(() => this.#reportErrors(this.sweep(new Date())), hourMs)
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  close(): void {
    this.#isClosed = true
    this.#queue.length = 0
    this.stop()
  }

  async sweep(now: Date): Promise<void> {
    let candidates: string[] = []
    for await (const { key, writtenAt } of this.services.storage.list(pictureKind)) {
      if (writtenAt.getTime() < now.getTime() - minOrphanAgeMs) candidates.push(key)
      if (candidates.length < batchSize) continue
      await this.#deleteOrphans(candidates)
      candidates = []
    }
    await this.#deleteOrphans(candidates)
  }

  #startNext(): void {
    if (this.#isClosed || this.#running >= maxConcurrent) return
    const job = this.#queue.shift()
    if (!job) return

    this.#running++
    this.#reportErrors(
      this.#addPreviewsTo(job.messageId, job.links).finally(() => {
        this.#running--
        this.#startNext()
      }),
    )
  }

  async #addPreviewsTo(messageId: string, requested?: string[]): Promise<void> {
    const { db, publisher } = this.services
    const message = await findMessage(db, messageId)
    if (!message || message.deletedAt) return

    const previewed = await listPreviewedUrls(db, messageId)
    const links = linksIn(message.content).filter(
      (url) => !previewed.has(url) && (requested?.includes(url) ?? true),
    )
    const results = await Promise.all(links.map((url) => this.#fetchPreview(url)))
    const fetched = results.filter((result) => result !== undefined)
    if (fetched.length === 0 || this.#isClosed) return

    await publisher.append(message.channelId, (changes) => addPreviews(changes, messageId, fetched))
    // The message may have been edited or deleted meanwhile; then some pictures have no row.
    await this.#deleteOrphans(fetched.flatMap(({ imageKey }) => imageKey ?? []))
  }

  async #fetchPreview(url: string): Promise<FetchedPreview | undefined> {
    const { storage } = this.services
    const isOwn = URL.parse(url)?.host === this.#ownHost
    const summary = isOwn ? null : await this.#reader.read(url)
    if (!summary || this.#isClosed) return undefined

    const id = crypto.randomUUID()
    const imageKey = summary.picture ? `${pictureKind}/${id}` : null
    if (summary.picture && imageKey) await storage.put(imageKey, summary.picture.bytes, "image/webp")
    return { preview: previewOf(id, url, summary), imageKey }
  }

  async #deleteOrphans(keys: string[]): Promise<void> {
    const { db, storage } = this.services
    if (keys.length === 0) return

    const referenced = await filterReferencedPictures(db, keys)
    for (const key of keys) if (!referenced.has(key)) await storage.delete(key)
  }

  #reportErrors(work: Promise<void>): void {
    work.catch((error) => this.#isClosed || this.services.report(error, "fetching link previews"))
  }
}

export const previewFetcher = defineWorker((services: PreviewServices) => new PreviewFetcher(services))

/** Adds previews to a message in the order of its links. Skips links that an edit removed meanwhile. */
async function addPreviews(changes: ChangeSet, messageId: string, fetched: FetchedPreview[]): Promise<void> {
  await updateExtras(changes, messageId, async (extras, { content }) => {
    const links = linksIn(content)
    const previewed = await listPreviewedUrls(changes.tx, messageId)
    const added = fetched.filter(({ preview: { url } }) => links.includes(url) && !previewed.has(url))
    if (added.length === 0) return extras

    for (const { preview, imageKey } of added) {
      await insertPreview(changes.tx, { id: preview.id, messageId, url: preview.url, imageKey })
    }
    const previews = [...(extras.previews ?? []), ...added.map(({ preview }) => preview)]
    return {
      ...extras,
      previews: links.flatMap((url) => previews.find((preview) => preview.url === url) ?? []),
    }
  })
}

function previewOf(
  id: string,
  url: string,
  { title, description, siteName, picture }: LinkSummary,
): LinkPreview {
  const image = picture && { width: picture.width, height: picture.height }
  return { id, url, title, description, siteName, image }
}
