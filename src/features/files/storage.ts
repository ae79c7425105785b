import { accessSync, constants, existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs"
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises"
import { dirname, join } from "node:path"
import type { S3Config, StorageConfig } from "../../config.ts"

/** One part of what is written to S3 as it comes, in bytes. Source: S3, parts of at least 5 MiB. */
const partSize = 8 * 1024 * 1024
/** An unfinished file of that age belongs to a process that died. */
const unfinishedMs = 3_600_000

/** The content under a key. */
export interface StoredBytes {
  bytes: number
  /** The bytes from `from` to `to`, exclusive. Default: all. Read while they are sent, not before. */
  body(from?: number, to?: number): Blob | ReadableStream<Uint8Array>
}

/**
 * Stores bytes by key. The bytes of a key never change, so they can be linked and cached. Callers check permissions.
 */
export interface FileStorage {
  /** Resolves when the bytes survive power loss. */
  put(key: string, bytes: Uint8Array, type?: string): Promise<void>
  /** Stores bytes as they come, without holding them all. Nothing is stored when `chunks` fails. Resolves to their number. */
  write(key: string, chunks: AsyncIterable<Uint8Array>, type?: string): Promise<number>
  get(key: string): Promise<StoredBytes | undefined>
  /** Succeeds also when the key does not exist. */
  delete(key: string): Promise<void>
  /** The keys of a kind after the key `after`, sorted, each with the time when it was written. */
  list(kind: string, after?: string): AsyncGenerator<{ key: string; writtenAt: Date }>
}

/** A kind, a random id, and a suffix for derived content such as a preview. */
const keyPattern = /^[a-z]+\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:\.[a-z0-9]{1,12})?$/

/** A new random key such as `files/8f3c…`. Keys never contain user input. */
export function newKey(kind: string): string {
  return assertKey(`${kind}/${crypto.randomUUID()}`)
}

export function createStorage(config: StorageConfig): FileStorage {
  return "folder" in config ? new FolderStorage(config.folder) : new S3Storage(config)
}

/** Creates the folder for files. Throws an Error that names `FILES_URL` when it cannot be used. A bucket is not asked. */
export function requireFolder(config: StorageConfig): void {
  if (!("folder" in config)) return

  try {
    mkdirSync(config.folder, { recursive: true, mode: 0o700 })
    accessSync(config.folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    const cause = error instanceof Error ? error.message : error
    throw new Error(`FILES_URL=${config.folder} is not valid: the folder cannot be used (${cause})`)
  }
}

/** Keys become paths: refuses everything else, such as `../`. */
function assertKey(key: string): string {
  if (!keyPattern.test(key)) throw new Error(`${JSON.stringify(key)} is not a storage key`)

  return key
}

/** Stores files in a folder, in 256 subfolders for each kind, readable only by the server's user. */
class FolderStorage implements FileStorage {
  readonly #unfinished: string

  constructor(private readonly folder: string) {
    this.#unfinished = join(folder, "unfinished")
    deleteUnfinished(this.#unfinished)
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    await this.write(key, oneOf(bytes))
  }

  async write(key: string, chunks: AsyncIterable<Uint8Array>): Promise<number> {
    const path = this.#pathOf(key)
    const partial = join(this.#unfinished, crypto.randomUUID())
    await mkdir(this.#unfinished, { recursive: true, mode: 0o700 })
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    let bytes = 0
    try {
      const file = await open(partial, "wx", 0o600)
      try {
        for await (const chunk of chunks) {
          await file.appendFile(chunk)
          bytes += chunk.byteLength
        }
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
    return bytes
  }

  async get(key: string): Promise<StoredBytes | undefined> {
    const path = this.#pathOf(key)
    const info = await stat(path).catch(undefinedIfMissing)
    if (!info) return undefined

    return { bytes: info.size, body: (from = 0, to = info.size) => Bun.file(path).slice(from, to) }
  }

  async delete(key: string): Promise<void> {
    await rm(this.#pathOf(key), { force: true })
  }

  async *list(kind: string, after = "") {
    for (const shard of await listNames(join(this.folder, kind))) {
      if (`${kind}/${shard}` < after.slice(0, kind.length + 1 + shard.length)) continue
      for (const name of await listNames(join(this.folder, kind, shard))) {
        const key = `${kind}/${name}`
        if (key <= after || !keyPattern.test(key)) continue
        const info = await stat(this.#pathOf(key)).catch(undefinedIfMissing)
        if (info) yield { key, writtenAt: info.mtime }
      }
    }
  }

  #pathOf(key: string): string {
    const [kind = "", name = ""] = assertKey(key).split("/")
    return join(this.folder, kind, name.slice(0, 2), name)
  }
}

/** Stores objects in an S3 bucket. */
class S3Storage implements FileStorage {
  readonly #client: Bun.S3Client
  readonly #prefix: string

  constructor({ prefix, ...options }: S3Config) {
    this.#client = new Bun.S3Client(options)
    this.#prefix = prefix
  }

  async put(key: string, bytes: Uint8Array, type = "application/octet-stream"): Promise<void> {
    await this.#client.write(this.#prefix + assertKey(key), bytes, { type })
  }

  async write(key: string, chunks: AsyncIterable<Uint8Array>, type = "application/octet-stream") {
    const file = this.#client.file(this.#prefix + assertKey(key))
    let writer: Bun.NetworkSink | undefined
    let [bytes, unsent] = [0, 0]
    for await (const chunk of chunks) {
      // Parts of one object, which exists once the last was sent: what fails before leaves nothing.
      writer ??= file.writer({ type, partSize, queueSize: 2, retry: 3 })
      writer.write(chunk)
      bytes += chunk.byteLength
      unsent += chunk.byteLength
      if (unsent < partSize) continue
      await writer.flush()
      unsent = 0
    }
    if (writer) await writer.end()
    else await this.put(key, new Uint8Array(), type)
    return bytes
  }

  async get(key: string): Promise<StoredBytes | undefined> {
    const file = this.#client.file(this.#prefix + assertKey(key))
    // Before the response begins: afterwards it could no longer be a 404.
    const info = await file.stat().catch(undefinedIfMissing)
    if (!info) return undefined

    // A stream: Bun answers with an S3 object by a redirect to a signed URL, which works without our permissions.
    return { bytes: info.size, body: (from = 0, to = info.size) => file.slice(from, to).stream() }
  }

  async delete(key: string): Promise<void> {
    await this.#client.delete(this.#prefix + assertKey(key)).catch(undefinedIfMissing)
  }

  async *list(kind: string, after?: string) {
    let startAfter = after && this.#prefix + after
    for (;;) {
      const page = await this.#client.list({ prefix: `${this.#prefix}${kind}/`, startAfter, maxKeys: 500 })
      for (const { key: name, lastModified } of page.contents ?? []) {
        const key = name.slice(this.#prefix.length)
        if (keyPattern.test(key)) yield { key, writtenAt: new Date(lastModified ?? Date.now()) }
        startAfter = name
      }
      if (!page.isTruncated || !page.contents?.length) return
    }
  }
}

async function* oneOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

function undefinedIfMissing(error: unknown): undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined
  if (code === "ENOENT" || code === "NoSuchKey" || code === "NotFound") return undefined

  throw error
}

async function listNames(folder: string): Promise<string[]> {
  return ((await readdir(folder).catch(undefinedIfMissing)) ?? []).toSorted()
}

/** Deletes the partial files of processes that died. Young ones may belong to a running process. */
function deleteUnfinished(folder: string): void {
  if (!existsSync(folder)) return

  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    const info = statSync(path, { throwIfNoEntry: false })
    if (info && info.mtimeMs < Date.now() - unfinishedMs) rmSync(path, { force: true })
  }
}

/** Resolves when the names in a folder survive power loss. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY)
  await folder.sync().finally(() => folder.close())
}
