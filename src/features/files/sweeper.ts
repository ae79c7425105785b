import type { Commits, Db } from "../../db/database.ts"
import { avatarKind, filterAvatarKeys } from "../profiles/store.ts"
import { filterImageKeys, type ImageName, imageKinds } from "../servers/store.ts"
import { defineWorker } from "../worker.ts"
import { previewSizes } from "./images.ts"
import type { FileStorage } from "./storage.ts"
import { deleteUnsent, filterExistingFileIds, listAbandonedFiles } from "./store.ts"

/** How long an unsent file is retained. */
const unsentMs = 24 * 3_600_000
/** Bytes are stored before their row. Younger bytes without a row may still get one. */
const minOrphanAgeMs = 3_600_000
const hourMs = 3_600_000
/** Limits of one run; the next one continues after the last key. */
const maxAbandoned = 1000
const maxKeys = 20_000
const batchSize = 500

/** The kind in the storage keys of files; the rest of a key is the row's id. */
export const fileKind = "files"

interface SweeperServices {
  db: Db
  commits: Commits
  storage: FileStorage
  report: (error: unknown, where: string) => unknown
}

/** The storage keys of a file and its previews. */
export function storageKeysOf(key: string): string[] {
  return [key, ...previewSizes.map((size) => `${key}.${size}`)]
}

/**
 * Deletes the bytes of files: of deleted messages at once, of files in no message, not even a scheduled one, after a day, and once an hour of all stored
 * bytes without a row, which a crash or the deletion of a channel or a server leaves behind; also of the images of servers and the pictures of users.
 */
export class Sweeper {
  #pendingKeys: string[] = []
  #deletion: Promise<unknown> = Promise.resolve()
  /** By kind, where the last run stopped; missing after a whole one. */
  readonly #lastKeys = new Map<string, string>()
  #timer: ReturnType<typeof setInterval> | undefined
  #isStopped = false

  constructor(private readonly services: SweeperServices) {}

  /** Runs now and once an hour, until `close`. */
  start(): void {
    this.#isStopped = false
    const run = () => this.#reportErrors(() => this.sweep(new Date()))
    void run()
    this.#timer = setInterval(run, hourMs)
    this.#timer.unref()
  }

  stop(): void {
    this.close()
  }

  close(): void {
    this.#isStopped = true
    clearInterval(this.#timer)
  }

  /** Deletes the bytes of files whose rows are being deleted, after the commit and only if that succeeded. */
  deleteLater(keys: string[]): void {
    if (this.#pendingKeys.length === 0) {
      // By then the current commit has succeeded or failed.
      setImmediate(() => {
        const keys = this.#pendingKeys
        this.#pendingKeys = []
        this.#deletion = this.#reportErrors(() => this.#deleteOrphans(keys))
      })
    }
    this.#pendingKeys.push(...keys)
  }

  /** Resolves when the deletions of earlier turns of the event loop are done. */
  async settled(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    await this.#deletion
  }

  async sweep(now: Date): Promise<void> {
    const { db, commits } = this.services
    const abandoned = await listAbandonedFiles(db, new Date(now.getTime() - unsentMs), maxAbandoned)
    for (const { id, key } of abandoned) {
      if (this.#isStopped) return
      const deleted = await commits.note("nothing", (tx) => deleteUnsent(tx, id))
      if (deleted) await this.#deleteOrphans([key])
    }

    await this.#sweepKind(now, fileKind, (keys) => this.#deleteOrphans(keys))
    for (const image of ["icon", "banner"] as const) {
      await this.#sweepKind(now, imageKinds[image], (keys) => this.#deleteOrphanImages(image, keys))
    }
    await this.#sweepKind(now, avatarKind, (keys) => this.#deleteOrphanAvatars(keys))
  }

  /** Hands the keys of a kind that are old enough to `deleteOrphans`, in batches. */
  async #sweepKind(now: Date, kind: string, deleteOrphans: (keys: string[]) => Promise<void>): Promise<void> {
    let [visited, last] = [0, ""]
    let candidates: string[] = []
    for await (const { key, writtenAt } of this.services.storage.list(kind, this.#lastKeys.get(kind))) {
      if (this.#isStopped) return
      if (writtenAt.getTime() < now.getTime() - minOrphanAgeMs) candidates.push(key)
      last = key
      if (candidates.length >= batchSize) {
        await deleteOrphans(candidates)
        candidates = []
      }
      if (++visited >= maxKeys) break
    }
    await deleteOrphans(candidates)
    if (visited >= maxKeys) this.#lastKeys.set(kind, last)
    else this.#lastKeys.delete(kind)
  }

  /** Each size of an image has a key of its own, which is that in the row and a suffix. */
  async #deleteOrphanImages(image: ImageName, keys: string[]): Promise<void> {
    const keyOf = (stored: string) => stored.replace(/\..*$/, "")
    const { db, storage } = this.services
    const used = await filterImageKeys(db, image, [...new Set(keys.map(keyOf))])
    for (const key of keys) if (!used.has(keyOf(key))) await storage.delete(key)
  }

  async #deleteOrphanAvatars(keys: string[]): Promise<void> {
    const { db, storage } = this.services
    const used = await filterAvatarKeys(db, keys)
    for (const key of keys) if (!used.has(key)) await storage.delete(key)
  }

  async #deleteOrphans(keys: string[]): Promise<void> {
    const { db, storage } = this.services
    const existing = await filterExistingFileIds(db, [...new Set(keys.map(fileIdOf))])
    for (const key of keys.filter((key) => !existing.has(fileIdOf(key)))) {
      // The key of a file includes its previews; the key of a preview stands only for itself.
      for (const orphan of key.includes(".") ? [key] : storageKeysOf(key)) await storage.delete(orphan)
    }
  }

  async #reportErrors(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      // The next run finds the remaining files.
      this.services.report(error, "deleting files")
    }
  }
}

/** The id of the file that a storage key belongs to. */
export function fileIdOf(key: string): string {
  return key.replace(/^\w+\//, "").replace(/\..*$/, "")
}

export const fileSweeper = defineWorker((services: SweeperServices) => new Sweeper(services))
