import type { Config } from "../../config.ts"
import type { Commits, Db } from "../../db/database.ts"
import { Refusal } from "../../kernel/index.ts"
import type { Limits } from "../limits.ts"
import { formatBytes } from "./contract.ts"
import { type Picture, readPicture } from "./images.ts"
import { fileLimit } from "./limits.ts"
import { pictureName, safeName } from "./names.ts"
import { type FileStorage, newKey } from "./storage.ts"
import { type FileRow, fileUsageOf, insertFile } from "./store.ts"
import { fileIdOf, fileKind, storageKeysOf } from "./sweeper.ts"
import { contentTypeOf } from "./types.ts"

/** Concurrent uploads of one user. A page uploads two files at a time. */
const maxUploads = 4
/** Unsent files of one user. */
const maxUnsent = 50
/** Allowance for the parts of a form around its files. */
const formOverheadBytes = 256 * 1024
/** Limit for all files of one form together; scripts send each file in a form of its own. */
const maxFormBytes = 50 * 1024 * 1024
/** Concurrent forms of the largest size. Each is in memory until it is read. */
const maxConcurrentForms = 3

interface UploadServices {
  db: Db
  commits: Commits
  storage: FileStorage
  config: Pick<Config, "maxFileBytes" | "maxBytesPerPerson">
  limits: Limits
}

/** The largest body of a form with files. */
export function maxUploadBytes(maxFileBytes: number): number {
  return Math.max(maxFileBytes, Math.min(10 * maxFileBytes, maxFormBytes)) + formOverheadBytes
}

/** Stores uploaded files. Limits the memory for uploads in progress and for decoded pictures. */
export class Uploads {
  readonly #active = new Map<string, { forms: number; bytes: number }>()
  #bytes = 0
  #pictures: Promise<unknown> = Promise.resolve()

  constructor(private readonly services: UploadServices) {}

  /** Reserves memory for an upload. Returns the function that releases it. Throws a `Refusal`: 413, 429, 503. */
  admit(userId: string, bytes: number): () => void {
    const maxBytes = maxUploadBytes(this.services.config.maxFileBytes)
    if (bytes > maxBytes) throw tooLarge(maxBytes - formOverheadBytes, "Files")
    const own = this.#active.get(userId) ?? { forms: 0, bytes: 0 }
    // One user must not use up the memory for all.
    if (own.forms >= maxUploads || own.bytes + bytes > maxBytes) {
      throw busy(429, "You are already uploading several files. Wait until they are done")
    }
    if (this.#bytes + bytes > maxConcurrentForms * maxBytes)
      throw busy(503, "Too many files are being uploaded right now. Try again in a moment")

    this.#active.set(userId, own)
    own.forms++
    own.bytes += bytes
    this.#bytes += bytes
    return () => {
      own.forms--
      own.bytes -= bytes
      this.#bytes -= bytes
      if (own.forms === 0) this.#active.delete(userId)
    }
  }

  /**
   * Stores a file for a later message. Its type is detected from its content, and a picture is encoded again. Throws a
   * `Refusal` that names the file: 400, 404 (the user may not write in the channel), 413, 429.
   */
  async receive(userId: string, channelId: string, upload: File): Promise<FileRow> {
    const { commits, storage, config, limits } = this.services
    const name = safeName(upload.name ?? "")
    if (upload.size === 0) throw new Refusal(`${name} is empty`, 400)
    if (upload.size > config.maxFileBytes) throw tooLarge(config.maxFileBytes, name)
    const retryAfterSeconds = await limits.get(fileLimit).take(userId)
    if (retryAfterSeconds > 0) {
      throw new Refusal("You have uploaded many files. Wait a moment, then try again", 429, {
        retryAfterSeconds,
      })
    }
    await this.#requireQuota(this.services.db, userId, upload.size)

    const bytes = new Uint8Array(await upload.arrayBuffer())
    const picture = await this.#readPicture(bytes)
    const key = newKey(fileKind)
    const file: FileRow = {
      id: fileIdOf(key),
      channelId,
      userId,
      messageId: null,
      name: picture ? pictureName(name, picture.type) : name,
      type: picture?.type ?? downloadType(bytes),
      bytes: picture?.bytes.length ?? bytes.length,
      width: picture?.width ?? null,
      height: picture?.height ?? null,
      isAnimated: picture?.isAnimated ?? false,
      alt: "",
      key,
      createdAt: new Date(),
    }
    try {
      await storage.put(key, picture?.bytes ?? bytes, file.type)
      for (const { size, bytes } of picture?.previews ?? [])
        await storage.put(`${key}.${size}`, bytes, "image/webp")
      const stored = await commits.decide(async (tx) => {
        await this.#requireQuota(tx, userId, file.bytes)
        return insertFile(tx, file)
      })
      if (!stored) throw new Refusal("There is no such channel, or you can no longer write there", 404)
      return stored
    } catch (error) {
      for (const stored of storageKeysOf(key)) await storage.delete(stored)
      throw error
    }
  }

  async #requireQuota(db: Db, userId: string, added: number): Promise<void> {
    const { config } = this.services
    const { bytes, unsent } = await fileUsageOf(db, userId)
    if (unsent >= maxUnsent) throw new Refusal("Send or remove the files that you have already attached", 429)
    if (bytes + added <= config.maxBytesPerPerson) return

    const sizes = `${formatBytes(bytes)} of ${formatBytes(config.maxBytesPerPerson)}`
    throw new Refusal(`Your files take ${sizes}. Delete messages with files to make room`, 413)
  }

  /** Sequentially: decoding a picture of the largest size takes 200 MB. */
  #readPicture(bytes: Uint8Array): Promise<Picture | null> {
    const read = this.#pictures.then(() => readPicture(bytes))
    this.#pictures = read.catch(() => {})
    return read
  }
}

/** Types that are decoded here: what begins like one and cannot be decoded is none. */
const decoded = /^image\/(png|jpeg|gif|webp|bmp)$/

/** The type of a file that is not shown as a picture, even if it begins like one. */
function downloadType(bytes: Uint8Array): string {
  const type = contentTypeOf(bytes)
  return decoded.test(type) ? "application/octet-stream" : type
}

function tooLarge(bytes: number, what: string): Refusal {
  return new Refusal(`${what} is too large: at most ${formatBytes(bytes)} can be sent`, 413)
}

function busy(code: number, message: string): Refusal {
  return new Refusal(message, code, { retryAfterSeconds: 2 })
}
