import type { Config } from "../../config.ts"
import type { Commits } from "../../db/commits.ts"
import type { Db } from "../../db/open.ts"
import { Refusal } from "../../kernel/index.ts"
import type { Limits } from "../limits.ts"
import { sizeText } from "./contract.ts"
import { type Picture, readPicture } from "./images.ts"
import { fileLimit } from "./limits.ts"
import { pictureName, safeName } from "./names.ts"
import { type FileStorage, newKey } from "./storage.ts"
import { type FileRow, insertFile, usedBy } from "./store.ts"
import { fileKind, idOf, keysOf } from "./sweeper.ts"
import { typeOf } from "./types.ts"

/** Of one person at once. A browser's page sends two files at a time. */
const maxUploads = 4
/** Files of one person that wait for their message. */
const maxUnsent = 50
/** What a form has around its files. */
const formBytes = 256 * 1024
/** Most that one form may bring, however many files are in it; a script sends each by itself. */
const maxTogether = 50 * 1024 * 1024
/** Forms of the largest size that are taken in at once: until a form is read, all of it is in memory. */
const formsAtOnce = 3

interface Dependencies {
  db: Db
  commits: Commits
  storage: FileStorage
  config: Pick<Config, "maxFileBytes" | "maxBytesPerPerson">
  limits: Limits
}

/** The largest body of a form with files. */
export function maxUploadBytes(maxFileBytes: number): number {
  return Math.max(maxFileBytes, Math.min(10 * maxFileBytes, maxTogether)) + formBytes
}

/** Takes files in, and bounds what that costs: memory for what is on its way, and for pictures that are unpacked. */
export class Uploads {
  readonly #underway = new Map<string, { forms: number; bytes: number }>()
  #bytes = 0
  #pictures: Promise<unknown> = Promise.resolve()

  constructor(private readonly dependencies: Dependencies) {}

  /** May someone send so many bytes now? Returns what to call when they are through. Throws a `Refusal`: 413, 429, 503. */
  admit(userId: string, bytes: number): () => void {
    const most = maxUploadBytes(this.dependencies.config.maxFileBytes)
    if (bytes > most) throw tooLarge(most - formBytes, "Files")
    const own = this.#underway.get(userId) ?? { forms: 0, bytes: 0 }
    // Nobody may take up all of it alone.
    if (own.forms >= maxUploads || own.bytes + bytes > most) {
      throw busy(429, "You are sending several files already. Wait for them")
    }
    if (this.#bytes + bytes > formsAtOnce * most)
      throw busy(503, "Too many files are being sent just now. Try again")

    this.#underway.set(userId, own)
    own.forms++
    own.bytes += bytes
    this.#bytes += bytes
    return () => {
      own.forms--
      own.bytes -= bytes
      this.#bytes -= bytes
      if (own.forms === 0) this.#underway.delete(userId)
    }
  }

  /**
   * Stores a file for a message that will be sent to a channel. What it is, is told by its content; a picture is
   * made anew. Throws a `Refusal` that names it: 400, 404 (no such channel for them), 413, 429.
   */
  async receive(userId: string, channelId: string, given: File): Promise<FileRow> {
    const { db, commits, storage, config, limits } = this.dependencies
    const name = safeName(given.name ?? "")
    if (given.size === 0) throw new Refusal(`${name} is empty`, 400)
    if (given.size > config.maxFileBytes) throw tooLarge(config.maxFileBytes, name)
    const retryAfterSeconds = limits.get(fileLimit).take(userId)
    if (retryAfterSeconds > 0) {
      throw new Refusal("You have sent many files. Wait a moment, then try again", 429, { retryAfterSeconds })
    }
    this.#requireRoom(userId, given.size)

    const bytes = new Uint8Array(await given.arrayBuffer())
    const picture = await this.#picture(bytes)
    const key = newKey(fileKind)
    const file: FileRow = {
      id: idOf(key),
      channelId,
      userId,
      messageId: null,
      name: picture ? pictureName(name, picture.type) : name,
      type: picture?.type ?? plainType(bytes),
      bytes: picture?.bytes.length ?? bytes.length,
      width: picture?.width ?? null,
      height: picture?.height ?? null,
      alt: "",
      key,
      createdAt: new Date(),
    }
    try {
      await storage.put(key, picture?.bytes ?? bytes, file.type)
      for (const { size, bytes } of picture?.previews ?? [])
        await storage.put(`${key}.${size}`, bytes, "image/webp")
      const stored = await commits.run(() => {
        this.#requireRoom(userId, file.bytes)
        return insertFile(db, file)
      })
      if (!stored) throw new Refusal("There is no such channel for you any more", 404)
      return stored
    } catch (error) {
      for (const each of keysOf(key)) await storage.delete(each)
      throw error
    }
  }

  #requireRoom(userId: string, more: number): void {
    const { db, config } = this.dependencies
    const { bytes, unsent } = usedBy(db, userId)
    if (unsent >= maxUnsent) throw new Refusal("Send the files first that you have attached already", 429)
    if (bytes + more <= config.maxBytesPerPerson) return

    const sizes = `${sizeText(bytes)} of ${sizeText(config.maxBytesPerPerson)}`
    throw new Refusal(`Your files take ${sizes}. Delete messages with files to make room`, 413)
  }

  /** One at a time: a picture of the largest size takes 200 MB while it is unpacked. */
  #picture(bytes: Uint8Array): Promise<Picture | null> {
    const read = this.#pictures.then(() => readPicture(bytes))
    this.#pictures = read.catch(() => {})
    return read
  }
}

/** Of what is no picture that can be orThrow, whatever it claims to be. */
function plainType(bytes: Uint8Array): string {
  const type = typeOf(bytes)
  return type.startsWith("image/") ? "application/octet-stream" : type
}

function tooLarge(bytes: number, what: string): Refusal {
  return new Refusal(`${what} is too large: at most ${sizeText(bytes)} can be sent`, 413)
}

function busy(code: number, message: string): Refusal {
  return new Refusal(message, code, { retryAfterSeconds: 2 })
}
