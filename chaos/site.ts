import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { findFreePort } from "../src/cli/services/supervised.ts"
import { executeOutage, type Outage, planOutages } from "./outages.ts"
import type { Participants } from "./participants.ts"
import { type PatchName, patchedWith } from "./patches/patches.ts"
import type { Random } from "./random.ts"
import { ServerProcess } from "./server-process.ts"
import { type Store, sqliteStore } from "./store.ts"
import type { Trace } from "./trace.ts"

/** Counts a fault. */
export type CountFault = (kind: string, details: Record<string, unknown>) => void

/** What a trial runs against: one server, or a cluster. Its data and ports survive its deaths. */
export interface Site {
  readonly store: Store
  readonly servers: ServerProcess[]
  /** The port that the next connection of a client leads to. */
  nextPort(): number
  /** Starts what does not run, and resolves once everything is ready. */
  start(): Promise<void>
  /** Stops the servers as a deployment does. */
  stop(): Promise<void>
  /** Lets servers and what they depend on fail, until then. Everything runs afterwards. */
  disturb(untilMs: number, participants: Participants, count: CountFault): Promise<void>
  close(): Promise<void>
}

interface SiteParts {
  random: Random
  trace: Trace
  patches: PatchName[]
  port: number
}

/** One server with its SQLite file. */
export class SingleServerSite implements Site {
  readonly store: Store
  readonly #folder = mkdtempSync(join(tmpdir(), "covenant-chaos-"))
  readonly #port: number
  readonly #server: ServerProcess
  readonly #outages: Generator<Outage, never>
  readonly #trace: Trace

  static async open(parts: Omit<SiteParts, "port">): Promise<SingleServerSite> {
    return new SingleServerSite({ ...parts, port: await findFreePort() })
  }

  private constructor({ random, trace, patches, port }: SiteParts) {
    const { bunArguments, CHAOS_PATCHES } = patchedWith(patches)
    const path = join(this.#folder, "chat.db")
    this.store = sqliteStore(path)
    this.#outages = planOutages(random.fork("outages"))
    this.#trace = trace
    this.#port = port
    this.#server = new ServerProcess({
      name: "server",
      port,
      // As in production after the first start: without the seed, better-auth is loaded after the first request.
      environment: () => ({ DATABASE_URL: path, SEED: String(!existsSync(path)), CHAOS_PATCHES }),
      bunArguments: patches.length > 0 ? bunArguments : [],
      trace,
    })
  }

  get servers(): ServerProcess[] {
    return [this.#server]
  }

  nextPort(): number {
    return this.#port
  }

  start(): Promise<void> {
    return this.#server.start()
  }

  stop(): Promise<void> {
    return this.#server.stop()
  }

  async disturb(untilMs: number, { senders }: Participants, count: CountFault): Promise<void> {
    while (Date.now() < untilMs) {
      const outage = this.#outages.next().value
      await Bun.sleep(outage.waitMs)
      await executeOutage(this.#server, outage, {
        senders,
        count: (kind) => count(kind, { delayMs: outage.delayMs }),
      })
      await this.#server.start()
      this.#trace.event("server ready")
    }
  }

  async close(): Promise<void> {
    await this.#server.kill()
    await this.store.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
