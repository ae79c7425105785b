import type { Check } from "./cluster/check.ts"
import { measureLag } from "./cluster/lag.ts"
import { openChecks } from "./cluster/open-checks.ts"
import { ClusterSite } from "./cluster/site.ts"
import { type Fault, injectFault, planFaults } from "./faults.ts"
import { createParticipants, type Participants } from "./participants.ts"
import type { PatchName } from "./patches/patches.ts"
import { PushCheck } from "./push-check.ts"
import { Random } from "./random.ts"
import { writeReport } from "./report.ts"
import { openRightsCheck } from "./rights/open-check.ts"
import { SingleServerSite, type Site } from "./site.ts"
import { readHeads, readStore } from "./store.ts"
import { summarize, type TrialSummary } from "./summary.ts"
import { Trace, type Violation } from "./trace.ts"
import { verify } from "./verify.ts"
import { createWorld } from "./world.ts"

export interface TrialOptions {
  seconds: number
  seed: number
  readers: number
  senders: number
  /** Nodes on Postgres and Redis. Default: one server on SQLite. */
  nodes?: number
  /** A bug to plant in the nodes. */
  plant?: PatchName
}

export interface TrialResult {
  summary: TrialSummary
  violations: Violation[]
  /** Only with violations: a file with everything needed to investigate and to run the trial again. */
  reportPath?: string
}

/** Longest time under faults between two checkpoints. */
const maxRoundMs = 20_000
/** Deadline of a checkpoint: a client that is not complete by then is reported as late. */
const maxCheckpointMs = 30_000
/** Interval at which a checkpoint looks for changes that arrived late. */
const pollMs = 50
const readersPerRoom = 8
/** With the connections that faults leave half-open, a person stays far below the limit of live connections. */
const clientsPerPerson = 4
/** Before the lag is measured, clients and their networks do not fail for so long: they notice a dead connection after 3 s. */
const calmMs = 4500

/**
 * Runs the real server under faults and verifies the promises of delivery. The seed fixes which faults come, their
 * order, strength and targets, and the content of messages. When exactly a fault strikes depends on the machine, and
 * so does its effect: a seed that found a bug may have to be run more than once.
 */
export async function runTrial(options: TrialOptions): Promise<TrialResult> {
  const trial = await Trial.open(options)
  try {
    return await trial.run()
  } finally {
    await trial.close()
  }
}

interface TrialParts {
  options: TrialOptions
  site: Site
  participants: Participants
  checks: Check[]
  random: Random
  trace: Trace
}

class Trial {
  readonly #parts: TrialParts
  readonly #faultsByKind: Record<string, number> = {}
  #longestLagMs = 0

  private constructor(parts: TrialParts) {
    this.#parts = parts
  }

  static async open(options: TrialOptions): Promise<Trial> {
    const { nodes, plant, seed } = options
    const trace = new Trace()
    const random = new Random(seed)
    const patches: PatchName[] = ["local webhooks", ...(plant ? [plant] : [])]
    const cluster = nodes ? await ClusterSite.open({ nodeCount: nodes, patches, random, trace }) : undefined
    const site = cluster ?? (await SingleServerSite.open({ random, trace, patches: plant ? [plant] : [] }))
    try {
      await site.start()
      const world = await createWorld(
        `http://127.0.0.1:${site.nextPort()}`,
        Math.ceil(options.readers / readersPerRoom),
        Math.ceil((options.readers + options.senders) / clientsPerPerson),
      )
      const nextPort = () => site.nextPort()
      const participants = await createParticipants({ world, nextPort, counts: options, random, trace })
      const disturbance = cluster?.disturbance
      const rights = await openRightsCheck({ site, disturbance, world, random, trace })
      const others = disturbance ? await openChecks({ site, disturbance, world, trace }) : []
      const checks = [rights, await PushCheck.open({ site, world, trace }), ...others]
      return new Trial({ options, site, participants, checks, random, trace })
    } catch (error) {
      await site.close()
      throw error
    }
  }

  async run(): Promise<TrialResult> {
    const { options, site, participants, checks, random, trace } = this.#parts
    const everyone = [...participants.readers, ...participants.senders, ...checks]
    const running = everyone.map((participant) => participant.run())
    const faults = planFaults(random.fork("faults"))
    const totalMs = options.seconds * 1000
    const rounds = Math.ceil(totalMs / maxRoundMs)
    for (let round = 1; round <= rounds; round++) {
      const untilMs = Date.now() + totalMs / rounds
      const count = this.#count.bind(this)
      await Promise.all([
        this.#injectFaults(faults, options.nodes ? untilMs - calmMs : untilMs),
        site.disturb(untilMs, participants, count),
      ])
      if (options.nodes) {
        const lagMs = await measureLag(site.store, participants, trace)
        this.#longestLagMs = Math.max(this.#longestLagMs, lagMs)
      }
      await this.#checkpoint()
      if (round < rounds) await site.start()
    }
    for (const participant of everyone) participant.stop()
    await Promise.all(running)

    const { servers } = site
    const summary = summarize({
      ...participants,
      trace,
      servers,
      faultsByKind: this.#faultsByKind,
      longestLagMs: this.#longestLagMs,
      checked: Object.assign({}, ...checks.map((check) => check.summary())),
    })
    const { violations } = trace
    const reportPath =
      violations.length > 0 ? await writeReport({ ...participants, trace, summary, options }) : undefined
    return { summary, violations, reportPath }
  }

  async close(): Promise<void> {
    const { participants, site } = this.#parts
    for (const { proxy } of [...participants.readers, ...participants.senders]) proxy.close()
    await site.close()
  }

  /** Failures of clients and of their networks. */
  async #injectFaults(faults: Generator<Fault, never>, untilMs: number): Promise<void> {
    while (Date.now() < untilMs) {
      const fault = faults.next().value
      await Bun.sleep(fault.waitMs)
      const who = injectFault(fault, this.#parts.participants)
      if (who) this.#count(fault.kind, { who, strength: fault.strength })
    }
  }

  /** Waits until all clients are complete, stops the servers and compares every client with the store. */
  async #checkpoint(): Promise<void> {
    const { participants, checks, trace, site } = this.#parts
    const { senders } = participants
    const { store } = site
    const deadlineMs = Date.now() + maxCheckpointMs
    trace.event("checkpoint")
    const paused = checks.map((check) => check.pause())
    const finished = await Promise.all(senders.map((sender) => sender.pause(deadlineMs)))
    for (const [index, isFinished] of finished.entries()) {
      if (isFinished) continue
      trace.violation({ kind: "late", who: senders[index]?.name ?? "", what: "A request was never answered" })
    }
    await Promise.all(paused)
    // The server may still receive a send of a sender that vanished: then there is more to catch up with.
    while (!(await this.#catchUp(await readHeads(store), deadlineMs))) await Bun.sleep(pollMs)
    for (const check of checks) await check.settle(() => readStore(store), deadlineMs)
    await site.stop()
    verify(await readStore(store), participants, trace)
    for (const participant of [...senders, ...checks]) participant.resume()
  }

  /** Waits until all readers have all changes; resolves to whether the log has not grown meanwhile. */
  async #catchUp(heads: Map<string, number>, deadlineMs: number): Promise<boolean> {
    const { participants, trace, site } = this.#parts
    await Promise.all(
      participants.readers.map(async (reader) => {
        const head = heads.get(reader.room.channelId) ?? 0
        if (await reader.catchUp(head, deadlineMs)) return
        const what = `Has change ${reader.log.cursor} of ${head}`
        trace.violation({ kind: "late", who: reader.name, what })
      }),
    )
    const newHeads = await readHeads(site.store)
    return (
      Date.now() > deadlineMs || [...heads].every(([channelId, head]) => newHeads.get(channelId) === head)
    )
  }

  #count(kind: string, details: Record<string, unknown>): void {
    this.#faultsByKind[kind] = (this.#faultsByKind[kind] ?? 0) + 1
    this.#parts.trace.event(kind, details)
  }
}
