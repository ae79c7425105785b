import type { Commits } from "../../db/commits.ts"
import type { Db } from "../../db/open.ts"
import { defineWorker } from "../worker.ts"
import { previewSizes } from "./images.ts"
import type { FileStorage } from "./storage.ts"
import { deleteUnsent, knownFiles, listForgotten } from "./store.ts"

/** A file that no message took is kept for so long. */
const unsentMs = 24 * 3_600_000
/** Bytes come before their row: younger ones may be about to get it. */
const settledMs = 3_600_000
const hourMs = 3_600_000
/** Most that one run looks at; the next one goes on from there. */
const maxForgotten = 1000
const maxKeys = 20_000
const batch = 500

/** What files are stored under; the rest of the key is the row's id. */
export const fileKind = "files"

interface Dependencies {
  db: Db
  commits: Commits
  storage: FileStorage
  report: (error: unknown, where: string) => unknown
}

/** The key of a file, and of its previews. */
export function keysOf(key: string): string[] {
  return [key, ...previewSizes.map((size) => `${key}.${size}`)]
}

/**
 * Deletes bytes that belong to nothing: of deleted messages at once, of files nobody sent after a day, and once an
 * hour whatever is stored and has no row, as after a crash between the two, or when a channel was deleted.
 */
export class Sweeper {
  #dropped: string[] = []
  #dropping: Promise<unknown> = Promise.resolve()
  #after = ""
  #timer: ReturnType<typeof setInterval> | undefined
  #isStopped = false

  constructor(private readonly dependencies: Dependencies) {}

  /** Runs now and once an hour, until `close`. */
  start(): void {
    const run = () => this.#guard(() => this.sweep(new Date()))
    void run()
    this.#timer = setInterval(run, hourMs)
    this.#timer.unref()
  }

  close(): void {
    this.#isStopped = true
    clearInterval(this.#timer)
  }

  /** Deletes the bytes of files whose rows are being deleted, after the commit and only if that succeeded. */
  drop(keys: string[]): void {
    if (this.#dropped.length === 0) {
      // The commit that this runs in is done by then, or undone.
      setImmediate(() => {
        const dropped = this.#dropped
        this.#dropped = []
        this.#dropping = this.#guard(() => this.#deleteUnknown(dropped))
      })
    }
    this.#dropped.push(...keys)
  }

  /** Resolves when what was dropped before the last turn is gone. */
  async settled(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    await this.#dropping
  }

  async sweep(now: Date): Promise<void> {
    const { db, commits, storage } = this.dependencies
    const forgotten = listForgotten(db, new Date(now.getTime() - unsentMs), maxForgotten)
    for (const { id, key } of forgotten) {
      if (this.#isStopped) return
      const deleted = await commits.run(() => deleteUnsent(db, id))
      if (deleted) await this.#deleteUnknown([key])
    }

    let [looked, last] = [0, ""]
    let settled: string[] = []
    for await (const { key, at } of storage.list(fileKind, this.#after)) {
      if (this.#isStopped) return
      if (at.getTime() < now.getTime() - settledMs) settled.push(key)
      last = key
      if (settled.length >= batch) {
        await this.#deleteUnknown(settled)
        settled = []
      }
      if (++looked >= maxKeys) break
    }
    await this.#deleteUnknown(settled)
    this.#after = looked >= maxKeys ? last : ""
  }

  async #deleteUnknown(keys: string[]): Promise<void> {
    const { db, storage } = this.dependencies
    const known = knownFiles(db, [...new Set(keys.map(idOf))])
    for (const key of keys.filter((key) => !known.has(idOf(key)))) {
      // A file's own key stands for its previews too; one that comes by itself for itself.
      for (const each of key.includes(".") ? [key] : keysOf(key)) await storage.delete(each)
    }
  }

  async #guard(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      // The next run finds what this one left.
      this.dependencies.report(error, "deleting files")
    }
  }
}

/** The file that a key belongs to. */
export function idOf(key: string): string {
  return key.replace(/^\w+\//, "").replace(/\..*$/, "")
}

export const fileSweeper = defineWorker((services: Dependencies) => new Sweeper(services))
