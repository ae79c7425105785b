import type { Commits, Db } from "../../db/database.ts"
import type { FileStorage } from "../files/storage.ts"
import { resource } from "../permissions/resources.ts"
import { RecurringDuty } from "../recurring-duty.ts"
import { defineWorker, type Workers } from "../worker.ts"
import { fetchHours } from "./contract.ts"
import {
  deleteExpiredExports,
  type ExportRow,
  filterExportIds,
  finishExport,
  hasExpiredExports,
  hasPendingExports,
  takeExport,
} from "./store.ts"

/** How often expired archives are deleted. */
const sweepMs = 600_000
const hourMs = 3_600_000
/** What could not be made in a day never will be. */
const maxAgeMs = 24 * hourMs
/** Keys that are compared with rows at once. */
const batchSize = 500

/** The kind in the storage keys of archives; the rest of a key is the row's id. */
const exportKind = "exports"
const keyOf = (id: string) => `${exportKind}/${id}`

interface DutyServices {
  db: Db
  commits: Commits
  storage: FileStorage
  workers: Pick<Workers, "isOnDuty" | "wake">
  server: { updateResources(resources: string[]): Promise<void> }
  report(error: unknown, where: string): unknown
}

/** Thrown where the work notices that it was stopped: the next one on duty begins the archive again. */
class Stopped extends Error {}

/**
 * Makes archives, one after another, and deletes them when they expire. An archive that a killed process had begun is
 * made again; the rest of it was never stored.
 */
export class ExportDuty extends RecurringDuty {
  protected readonly name = "making archives"
  protected readonly intervalMs = sweepMs
  readonly #services: DutyServices

  constructor(services: DutyServices) {
    super(services)
    this.#services = services
  }

  /** Makes what was asked for, and deletes what has expired at a time, unless it is stopped. */
  async run(now = new Date(), isStopped = () => false): Promise<void> {
    const { db, commits } = this.#services
    // Commits nothing when there is nothing to do: each commit invalidates all cached pages.
    if (await hasExpiredExports(db, now)) await this.#deleteExpired(now)
    await this.#deleteOrphans()
    while (!isStopped() && (await hasPendingExports(db))) {
      const row = await commits.decide((tx) => takeExport(tx, now))
      if (!row) return
      await this.#make(row, now, isStopped)
    }
  }

  async #make(row: ExportRow, now: Date, isStopped: () => boolean): Promise<void> {
    const { storage, report } = this.#services
    const check = () => {
      if (isStopped()) throw new Stopped()
    }
    try {
      if (now.getTime() - row.createdAt.getTime() > maxAgeMs)
        throw new Error("An archive took more than a day")
      // Loaded now, because it brings the package for ZIP files, which few servers ever need.
      const { writeArchive } = await import("./write-archive.ts")
      const bytes = await writeArchive(keyOf(row.id), row, { ...this.#services, now, check })
      const isOurs = await this.#finish(row, { state: "ready", key: keyOf(row.id), bytes, failure: null })
      // Its person deleted their account meanwhile. When another process has it now, that one stores its own.
      if (!isOurs && !(await filterExportIds(this.#services.db, [row.id])).has(row.id))
        await storage.delete(keyOf(row.id))
    } catch (error) {
      if (error instanceof Stopped) return
      report(error, "making an archive")
      const failure =
        "The archive could not be created. Request it again. If it fails again, tell an administrator"
      await this.#finish(row, { state: "failed", key: null, bytes: null, failure })
    }
  }

  async #finish(
    row: ExportRow,
    result: Pick<ExportRow, "state" | "key" | "bytes" | "failure">,
  ): Promise<boolean> {
    const finishedAt = new Date()
    const expiresAt = new Date(finishedAt.getTime() + fetchHours * hourMs)
    const { commits, server } = this.#services
    const isOurs = await commits.decide((tx) => finishExport(tx, row, { ...result, finishedAt, expiresAt }))
    await server.updateResources([resource.account(row.userId)])
    return isOurs
  }

  async #deleteExpired(now: Date): Promise<void> {
    const { commits, server, storage } = this.#services
    const expired = await commits.decide((tx) => deleteExpiredExports(tx, now))
    for (const { id } of expired) await storage.delete(keyOf(id))
    await server.updateResources([...new Set(expired.map(({ userId }) => resource.account(userId)))])
  }

  /** Deletes archives without a row, which a crash or the deletion of an account leaves behind. */
  async #deleteOrphans(): Promise<void> {
    let keys: string[] = []
    for await (const { key } of this.#services.storage.list(exportKind)) {
      keys.push(key)
      if (keys.length < batchSize) continue
      await this.#deleteWithoutRow(keys)
      keys = []
    }
    await this.#deleteWithoutRow(keys)
  }

  async #deleteWithoutRow(keys: string[]): Promise<void> {
    const { db, storage } = this.#services
    if (keys.length === 0) return
    const ids = keys.map((key) => key.slice(exportKind.length + 1))
    const existing = await filterExportIds(db, ids)
    for (const id of ids) if (!existing.has(id)) await storage.delete(keyOf(id))
  }
}

export const exportDuty = defineWorker((services: DutyServices) => new ExportDuty(services))
