import type { Db } from "../../db/database.ts"
import { findAccessHead, listEndedAccess } from "./access-log.ts"
import { type EndedAccess, isKnownAccess } from "./evictions.ts"

interface AccessFollowerOptions {
  db: Db
  /** Enforces the end of access in this process. */
  end(access: EndedAccess): void
  /** Ends all connections of this process: it cannot be known who lost access. */
  endAll(): void
}

/** Applies the log of ended access in this process, in its order. */
export class AccessFollower {
  readonly #options: AccessFollowerOptions
  /** The last entry that was applied; `undefined` before the log was read first. */
  #seq: number | undefined
  #movedAt = Number.NEGATIVE_INFINITY
  #reading: Promise<void> = Promise.resolve()
  #next: Promise<void> | null = null

  constructor(options: AccessFollowerOptions) {
    this.#options = options
  }

  /** The last entry that was applied. */
  get seq(): number {
    return this.#seq ?? 0
  }

  /** Whether the log was read already. */
  get isStarted(): boolean {
    return this.#seq !== undefined
  }

  /** When an entry was last applied, or the log was read first, on the clock of `performance.now()`. */
  get movedAt(): number {
    return this.#movedAt
  }

  /** Applies what a commit of this process ended, unless something before it was not applied yet: then `catchUp`. */
  apply(head: number, ended: readonly EndedAccess[]): void {
    const before = head - ended.length
    this.#seq ??= before
    if (this.#seq !== before) return

    for (const access of ended) this.#options.end(access)
    this.#moveTo(head)
  }

  /** Resolves once everything was applied whose commit was done before this call. Rejects when it cannot be read. */
  catchUp(): Promise<void> {
    // Not the read under way: it may have begun before what the caller must not miss.
    this.#next ??= this.#reading.then(() => {
      this.#next = null
      return this.#read()
    })
    this.#reading = this.#next.catch(() => {})
    return this.#next
  }

  async #read(): Promise<void> {
    const { db, end, endAll } = this.#options
    if (this.#seq === undefined) {
      this.#moveTo(await findAccessHead(db))
      return
    }
    for (;;) {
      const after: number = this.#seq
      const { head, entries } = await listEndedAccess(db, after)
      if (head === this.#seq) return
      // The oldest entries were deleted, or the database was replaced by an older one.
      if (head < after || entries[0]?.seq !== after + 1) {
        endAll()
        this.#moveTo(head)
        return
      }
      for (const { seq, access } of entries) {
        if (seq <= this.#seq) continue
        // A node of a later version ended something that this one does not know.
        if (isKnownAccess(access)) end(access)
        else endAll()
        this.#moveTo(seq)
      }
    }
  }

  #moveTo(seq: number): void {
    this.#seq = seq
    this.#movedAt = performance.now()
  }
}
