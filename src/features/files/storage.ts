import { constants, existsSync, readdirSync, rmSync, statSync } from "node:fs"
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises"
import { dirname, join } from "node:path"
import type { S3Config, StorageConfig } from "../../config.ts"

/** What is being written for so long is not being written any more. */
const unfinishedMs = 3_600_000

/** Bytes that are stored. */
export interface Stored {
  bytes: number
  /** From one byte up to another, exclusive; all of them when not said. Not read before they are sent. */
  body(from?: number, to?: number): Blob | ReadableStream<Uint8Array>
}

/**
 * Keeps bytes under keys. What is stored under a key never changes, so it can be linked and cached. Whether someone
 * may have it is not asked here.
 */
export interface FileStorage {
  /** Resolves when the bytes survive power loss. */
  put(key: string, bytes: Uint8Array, type?: string): Promise<void>
  get(key: string): Promise<Stored | undefined>
  /** Also of what is not there. */
  delete(key: string): Promise<void>
  /** The keys of a kind that follow another, in their order, each with when it was written. */
  list(kind: string, after?: string): AsyncGenerator<{ key: string; at: Date }>
}

/** A kind of thing, a random id, and for what was made from another (a preview) an ending. */
const keyPattern = /^[a-z]+\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:\.[a-z0-9]{1,12})?$/

/** Where something new goes: `files/8f3c…`. Keys are random, never anything that people chose. */
export function newKey(kind: string): string {
  return checked(`${kind}/${crypto.randomUUID()}`)
}

export function createStorage(config: StorageConfig): FileStorage {
  return "folder" in config ? new FolderStorage(config.folder) : new S3Storage(config)
}

/** A key becomes a path: one that is not ours must not. */
function checked(key: string): string {
  if (!keyPattern.test(key)) throw new Error(`${JSON.stringify(key)} is no key of a file`)

  return key
}

/** Files in a folder, 256 folders to a kind, readable by the server's user alone. */
class FolderStorage implements FileStorage {
  readonly #unfinished: string

  constructor(private readonly folder: string) {
    this.#unfinished = join(folder, "unfinished")
    forgetUnfinished(this.#unfinished)
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    const path = this.#pathOf(key)
    const partial = join(this.#unfinished, crypto.randomUUID())
    await mkdir(this.#unfinished, { recursive: true, mode: 0o700 })
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    try {
      const file = await open(partial, "wx", 0o600)
      try {
        await file.writeFile(bytes)
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(partial, path)
    } catch (error) {
      await rm(partial, { force: true })
      throw error
    }
    await syncFolder(dirname(path))
  }

  async get(key: string): Promise<Stored | undefined> {
    const path = this.#pathOf(key)
    const found = await stat(path).catch(undefinedIfMissing)
    if (!found) return undefined

    return { bytes: found.size, body: (from = 0, to = found.size) => Bun.file(path).slice(from, to) }
  }

  async delete(key: string): Promise<void> {
    await rm(this.#pathOf(key), { force: true })
  }

  async *list(kind: string, after = "") {
    for (const shard of await names(join(this.folder, kind))) {
      if (`${kind}/${shard}` < after.slice(0, kind.length + 1 + shard.length)) continue
      for (const name of await names(join(this.folder, kind, shard))) {
        const key = `${kind}/${name}`
        if (key <= after || !keyPattern.test(key)) continue
        const found = await stat(this.#pathOf(key)).catch(undefinedIfMissing)
        if (found) yield { key, at: found.mtime }
      }
    }
  }

  #pathOf(key: string): string {
    const [kind = "", name = ""] = checked(key).split("/")
    return join(this.folder, kind, name.slice(0, 2), name)
  }
}

/** Objects in a bucket. */
class S3Storage implements FileStorage {
  readonly #client: Bun.S3Client
  readonly #prefix: string

  constructor({ prefix, ...options }: S3Config) {
    this.#client = new Bun.S3Client(options)
    this.#prefix = prefix
  }

  async put(key: string, bytes: Uint8Array, type = "application/octet-stream"): Promise<void> {
    await this.#client.write(this.#prefix + checked(key), bytes, { type })
  }

  async get(key: string): Promise<Stored | undefined> {
    const file = this.#client.file(this.#prefix + checked(key))
    // Asked before the answer begins: what is missing could not be told any more.
    const found = await file.stat().catch(undefinedIfMissing)
    if (!found) return undefined

    // As a stream: a response made of the object itself would redirect to an address anyone could use.
    return { bytes: found.size, body: (from = 0, to = found.size) => file.slice(from, to).stream() }
  }

  async delete(key: string): Promise<void> {
    await this.#client.delete(this.#prefix + checked(key)).catch(undefinedIfMissing)
  }

  async *list(kind: string, after?: string) {
    let startAfter = after && this.#prefix + after
    for (;;) {
      const page = await this.#client.list({ prefix: `${this.#prefix}${kind}/`, startAfter, maxKeys: 500 })
      for (const { key: name, lastModified } of page.contents ?? []) {
        const key = name.slice(this.#prefix.length)
        if (keyPattern.test(key)) yield { key, at: new Date(lastModified ?? Date.now()) }
        startAfter = name
      }
      if (!page.isTruncated || !page.contents?.length) return
    }
  }
}

function undefinedIfMissing(error: unknown): undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined
  if (code === "ENOENT" || code === "NoSuchKey" || code === "NotFound") return undefined

  throw error
}

async function names(folder: string): Promise<string[]> {
  return ((await readdir(folder).catch(undefinedIfMissing)) ?? []).toSorted()
}

/** Of processes that died while they wrote; another one may be writing just now. */
function forgetUnfinished(folder: string): void {
  if (!existsSync(folder)) return

  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    const found = statSync(path, { throwIfNoEntry: false })
    if (found && found.mtimeMs < Date.now() - unfinishedMs) rmSync(path, { force: true })
  }
}

/** Until its names survive power loss. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY)
  await folder.sync().finally(() => folder.close())
}
