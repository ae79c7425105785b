/** Version of an entry whose inputs never change. */
export const immutable = "immutable:"
/** Version of an entry that the code changing its inputs deletes. Prefer a data version, which needs no such call. */
export const untilDeleted = "until-deleted:"

/** Approximate memory that an entry takes besides its key, version and value. */
const entryBytes = 128

/** Share of the limit that an eviction leaves, so that it is not needed again for each new entry. */
const shareAfterEviction = 0.9

type CacheLimit<T> = { maxEntries: number } | { maxBytes: number; bytesOf(value: T): number }

/** Names a state of the inputs of a cached value. */
type Version = string | number

interface Entry<T> {
  version: Version
  value: T
  size: number
}

/**
 * Caches values by key; an entry is valid for one version of its inputs. Evicts the oldest first.
 *
 * Read the version before the inputs: an input that changes in between then invalidates the entry, and never the
 * other way round. Bound a cache by bytes where someone outside decides how large its keys or values are.
 */
export class Cache<T> {
  readonly #entries = new Map<string, Entry<T>>()
  readonly #loading = new Map<string, { version: Version; loaded: Promise<T | undefined> }>()
  readonly #limit: CacheLimit<T>
  #size = 0

  constructor(limit: CacheLimit<T>) {
    this.#limit = limit
  }

  get(key: string, version: Version): T | undefined {
    const entry = this.#entries.get(key)
    return entry?.version === version ? entry.value : undefined
  }

  /** Replaces the entry of that key, whatever its version; returns the value. */
  set(key: string, version: Version, value: T): T {
    this.delete(key)
    const size = this.#sizeOf(key, version, value)
    this.#entries.set(key, { version, value, size })
    this.#size += size
    if (this.#size > this.#max) this.#evict()
    return value
  }

  getOrCreate(key: string, version: Version, create: () => T): T {
    return this.get(key, version) ?? this.set(key, version, create())
  }

  /**
   * Those who ask while it is being loaded share that: after a restart thousands of people ask at once. `undefined` is not
   * cached: people can request any number of things that do not exist.
   */
  async getOrLoad<Loaded extends T | undefined>(
    key: string,
    version: Version,
    load: () => Promise<Loaded>,
  ): Promise<T | Loaded> {
    const cached = this.get(key, version)
    if (cached !== undefined) return cached

    const loading = this.#loading.get(key)
    if (loading?.version === version) return loading.loaded as Promise<Loaded>

    const loaded = load()
    const begun = { version, loaded }
    this.#loading.set(key, begun)
    try {
      const value = await loaded
      return value === undefined ? value : this.set(key, version, value)
    } finally {
      if (this.#loading.get(key) === begun) this.#loading.delete(key)
    }
  }

  delete(key: string): void {
    const entry = this.#entries.get(key)
    if (!entry) return

    this.#entries.delete(key)
    this.#size -= entry.size
  }

  /** Deletes all entries whose value matches, in the time of a look at each. */
  deleteWhere(matches: (value: T) => boolean): void {
    for (const [key, { value }] of this.#entries) if (matches(value)) this.delete(key)
  }

  get #max(): number {
    return "maxBytes" in this.#limit ? this.#limit.maxBytes : this.#limit.maxEntries
  }

  #sizeOf(key: string, version: Version, value: T): number {
    if (!("maxBytes" in this.#limit)) return 1
    const versionBytes = typeof version === "string" ? version.length : 0
    return entryBytes + key.length + versionBytes + this.#limit.bytesOf(value)
  }

  /** Many at once: iterating a `Map` passes everything that was deleted before its oldest entry (9 µs for 20,000). */
  #evict(): void {
    for (const oldest of this.#entries.keys()) {
      if (this.#size <= this.#max * shareAfterEviction) return
      this.delete(oldest)
    }
  }
}

/** Memory for keys of which it is known that they were requested once, where nothing else is said. */
const maxFilterBytes = 4 * 1024 * 1024

/**
 * Admits to a cache what is requested twice in one version. Most pages and messages of history are requested once
 * before they change: to allocate memory for each takes longer than to create them, and would evict what is requested
 * often.
 */
export class AdmissionFilter {
  readonly #requested: Cache<true>

  constructor(maxBytes = maxFilterBytes) {
    this.#requested = new Cache<true>({ maxBytes, bytesOf: () => 0 })
  }

  /** Was it requested before in this version? */
  admits(key: string, version: Version): boolean {
    if (this.#requested.get(key, version)) return true

    this.#requested.set(key, version, true)
    return false
  }
}
