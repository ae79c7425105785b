import type { Config } from "../../config.ts"
import type { Db } from "../../db/open.ts"
import type { PublicFetch } from "../../web/public-fetch.ts"
import type { ChangeSet } from "../change-set.ts"
import type { FileStorage } from "../files/storage.ts"
import { findMessage, updateExtras } from "../messages/store.ts"
import type { Publisher } from "../publisher.ts"
import { defineWorker } from "../worker.ts"
import { linksIn } from "./links.ts"
import type { LinkPreview } from "./message-fields.ts"
import { type Found, LinkReader } from "./reader.ts"
import { insertPreview, knownPictures, listPreviewed } from "./store.ts"

/** Messages looked at together, and those that wait; of more, links are shown as links. */
const maxAtOnce = 4
const maxWaiting = 500

/** What pictures from out there are stored under; the rest of the key is the id of the preview, or of an avatar. */
export const pictureKind = "previews"

const hourMs = 3_600_000
/** A picture comes before its row: younger ones may be about to get it. */
const settledMs = hourMs
const batch = 500

interface Options {
  db: Db
  publisher: Publisher
  storage: FileStorage
  outside: { fetcher: PublicFetch }
  config: Pick<Config, "publicOrigin">
  report(error: unknown, where: string): unknown
}

/** A preview that is ready to be orThrow, and its picture's key when it has one. */
interface Ready {
  preview: LinkPreview
  imageKey: string | null
}

/** Shows with messages what the pages they link to say of themselves: after they were sent, as a change of the log. */
export class PreviewFetcher {
  readonly #waiting: { messageId: string; links?: string[] }[] = []
  #running = 0
  #isClosed = false
  #timer: ReturnType<typeof setInterval> | undefined

  readonly #reader: LinkReader
  /** This chat has nothing to show to a stranger. */
  readonly #ownHost: string | undefined

  constructor(private readonly options: Options) {
    const { outside, config } = options
    this.#reader = new LinkReader(outside.fetcher)
    this.#ownHost = config.publicOrigin && new URL(config.publicOrigin).host
  }

  /** Fetches previews of a message's links: all of them, or these. Call it after the commit. */
  ask(messageId: string, links?: string[]): void {
    if (this.#waiting.length >= maxWaiting) return

    this.#waiting.push({ messageId, links })
    // Not before the message itself is announced.
    setImmediate(() => this.#next())
  }

  /** Deletes pictures that no preview has any more. Call it after the commit. */
  drop(keys: string[]): void {
    if (keys.length > 0) this.#guard(this.#deleteUnknown(keys))
  }

  /** Deletes what belongs to nothing (of deleted channels, or of a crash between a picture and its row), hourly. */
  start(): void {
    this.#guard(this.sweep(new Date()))
    this.#timer = setInterval(() => this.#guard(this.sweep(new Date())), hourMs)
    this.#timer.unref()
  }

  close(): void {
    this.#isClosed = true
    this.#waiting.length = 0
    clearInterval(this.#timer)
  }

  async sweep(now: Date): Promise<void> {
    let settled: string[] = []
    for await (const { key, at } of this.options.storage.list(pictureKind)) {
      if (at.getTime() < now.getTime() - settledMs) settled.push(key)
      if (settled.length < batch) continue
      await this.#deleteUnknown(settled)
      settled = []
    }
    await this.#deleteUnknown(settled)
  }

  #next(): void {
    if (this.#isClosed || this.#running >= maxAtOnce) return
    const job = this.#waiting.shift()
    if (!job) return

    this.#running++
    this.#guard(
      this.#show(job.messageId, job.links).finally(() => {
        this.#running--
        this.#next()
      }),
    )
  }

  async #show(messageId: string, asked?: string[]): Promise<void> {
    const { db, publisher } = this.options
    const message = await findMessage(db, messageId)
    if (!message || message.deletedAt) return

    const known = listPreviewed(db, messageId)
    const links = linksIn(message.content).filter((url) => !known.has(url) && (asked?.includes(url) ?? true))
    const found = await Promise.all(links.map((url) => this.#ready(url)))
    const ready = found.filter((one) => one !== undefined)
    if (ready.length === 0 || this.#isClosed) return

    await publisher.publish((changes) => addPreviews(changes, messageId, ready))
    // The message may have been edited or deleted meanwhile: then some pictures have no row.
    await this.#deleteUnknown(ready.flatMap(({ imageKey }) => imageKey ?? []))
  }

  async #ready(url: string): Promise<Ready | undefined> {
    const { storage } = this.options
    const isOwn = URL.parse(url)?.host === this.#ownHost
    const found = isOwn ? null : await this.#reader.read(url)
    if (!found || this.#isClosed) return undefined

    const id = crypto.randomUUID()
    const imageKey = found.picture ? `${pictureKind}/${id}` : null
    if (found.picture && imageKey) await storage.put(imageKey, found.picture.bytes, "image/webp")
    return { preview: previewOf(id, url, found), imageKey }
  }

  async #deleteUnknown(keys: string[]): Promise<void> {
    const { db, storage } = this.options
    if (keys.length === 0) return

    const known = knownPictures(db, keys)
    for (const key of keys) if (!known.has(key)) await storage.delete(key)
  }

  #guard(work: Promise<void>): void {
    work.catch((error) => this.#isClosed || this.options.report(error, "link previews"))
  }
}

export const previewFetcher = defineWorker((services: Options) => new PreviewFetcher(services))

/** Adds previews to a message, in the order of its links, as far as it still has those links. */
function addPreviews(changes: ChangeSet, messageId: string, ready: Ready[]): void {
  updateExtras(changes, messageId, (extras, { content }) => {
    const links = linksIn(content)
    const known = listPreviewed(changes.tx, messageId)
    const fresh = ready.filter(({ preview: { url } }) => links.includes(url) && !known.has(url))
    if (fresh.length === 0) return extras

    for (const { preview, imageKey } of fresh) {
      insertPreview(changes.tx, { id: preview.id, messageId, url: preview.url, imageKey })
    }
    const all = [...(extras.previews ?? []), ...fresh.map(({ preview }) => preview)]
    return { ...extras, previews: links.flatMap((url) => all.find((one) => one.url === url) ?? []) }
  })
}

function previewOf(id: string, url: string, { title, description, siteName, picture }: Found): LinkPreview {
  const image = picture && { width: picture.width, height: picture.height }
  return { id, url, title, description, siteName, image }
}
