import type { BaseSQLiteDatabase } from "drizzle-orm/sqlite-core"
import type { DataVersions } from "../cache/versions.ts"
import type { StorageFailure } from "./failures.ts"

type Drizzle = BaseSQLiteDatabase<"async", unknown>

/**
 * Drizzle's handle for reading, which sees only what is committed. It has no methods that write: those are on `Tx`.
 * All databases take the SQL of Drizzle's SQLite dialect.
 */
export type Db = Pick<Drizzle, "select" | "selectDistinct" | "with" | "$with" | "$count" | "all" | "get">

declare const inCommit: unique symbol

/**
 * Drizzle's handle inside a commit, which only `Commits` hands out. Functions that write take it, so that writing
 * outside a commit does not compile. It sees what its own commit has written so far.
 */
export type Tx = Db & Pick<Drizzle, "insert" | "update" | "delete" | "run"> & { readonly [inCommit]: true }

/** What a write of `note` changes that caches depend on, see `DataVersions`. */
export type Noted = "nothing" | "unread" | "directory"

export interface AppendOptions {
  /** The work reads nothing that another independent work on the same log writes, such as sending a plain message. */
  isIndependent?: boolean
}

/**
 * Durable writes. Each kind of commit resolves with what `work` returned once that is on disk, and rejects with what it
 * threw; then nothing of it is stored. Inside, `work` awaits statements of its `tx` and nothing else, and may run more
 * than once: when a commit that it shares with others fails, each is tried alone.
 */
export interface Commits {
  /**
   * Changes of one channel's log. No other change of that log comes between: the log is locked before `work` reads.
   * What comes to a log while it is being written shares the next commit, one `work` after another, but those that are
   * independent may run at the same time.
   */
  append<T>(channelId: string, work: (tx: Tx) => Promise<T>, options?: AppendOptions): Promise<T>
  /** Writes that depend on what they read: as if no other write happened meanwhile. */
  decide<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** A write that depends on nothing it reads, in one statement: how far someone has read, when a token was used. */
  note<T>(changed: Noted, work: (tx: Tx) => Promise<T>): Promise<T>

  /** Resolves once all writes that wait now are committed or have failed, for a shutdown. */
  flush(): Promise<void>
  /** When the last commit was done, on the clock of `performance.now()`. */
  readonly committedAt: number
  /** Why the last commit failed; `null` when it succeeded or failed for a reason other than the database. */
  readonly failure: (StorageFailure & { at: number }) | null
  /** Called after each commit with its duration in milliseconds and the number of writes. */
  onCommit(ms: number, writes: number): void
}

/** An open database, see `openDatabase`. */
export interface Database {
  readonly db: Db
  readonly commits: Commits
  readonly dataVersions: DataVersions
  /** Reads and writes; rejects when either is impossible now. */
  ping(): Promise<void>
  close(): Promise<void>
}
