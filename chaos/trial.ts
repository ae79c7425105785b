import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Fault, injectFault, planFaults } from "./faults.ts"
import { executeOutage, type Outage, planOutages } from "./outages.ts"
import { createParticipants, type Participants } from "./participants.ts"
import { Random } from "./random.ts"
import { writeReport } from "./report.ts"
import { ServerProcess } from "./server-process.ts"
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
  folder: string
  server: ServerProcess
  participants: Participants
  random: Random
  trace: Trace
}

class Trial {
  readonly #parts: TrialParts
  readonly #faultsByKind: Record<string, number> = {}

  private constructor(parts: TrialParts) {
    this.#parts = parts
  }

  static async open(options: TrialOptions): Promise<Trial> {
    const trace = new Trace()
    const folder = mkdtempSync(join(tmpdir(), "covenant-chaos-"))
    const port = freePort()
    const server = new ServerProcess(port, join(folder, "chat.db"), trace)
    await server.start()
    const roomCount = Math.ceil(options.readers / readersPerRoom)
    const world = await createWorld(server.origin, roomCount)
    const random = new Random(options.seed)
    const participants = await createParticipants({ world, port, counts: options, random, trace })
    return new Trial({ options, folder, server, participants, random, trace })
  }

  async run(): Promise<TrialResult> {
    const { options, server, participants, random, trace } = this.#parts
    const everyone = [...participants.readers, ...participants.senders]
    const running = everyone.map((participant) => participant.run())
    const faults = planFaults(random.fork("faults"))
    const outages = planOutages(random.fork("outages"))
    const totalMs = options.seconds * 1000
    const rounds = Math.ceil(totalMs / maxRoundMs)
    for (let round = 1; round <= rounds; round++) {
      const untilMs = Date.now() + totalMs / rounds
      await Promise.all([this.#injectFaults(faults, untilMs), this.#executeOutages(outages, untilMs)])
      await this.#checkpoint()
      if (round < rounds) await server.start()
    }
    for (const participant of everyone) participant.stop()
    await Promise.all(running)

    const summary = summarize({ ...participants, trace, server, faultsByKind: this.#faultsByKind })
    const { violations } = trace
    const reportPath =
      violations.length > 0 ? await writeReport({ ...participants, trace, summary, options }) : undefined
    return { summary, violations, reportPath }
  }

  async close(): Promise<void> {
    const { participants, server, folder } = this.#parts
    for (const { proxy } of [...participants.readers, ...participants.senders]) proxy.close()
    await server.kill()
    rmSync(folder, { recursive: true, force: true })
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

  /** Failures of the server. */
  async #executeOutages(outages: Generator<Outage, never>, untilMs: number): Promise<void> {
    const { participants, server, trace } = this.#parts
    while (Date.now() < untilMs) {
      const outage = outages.next().value
      await Bun.sleep(outage.waitMs)
      const count = (kind: string) => this.#count(kind, { delayMs: outage.delayMs })
      await executeOutage(server, outage, { senders: participants.senders, count })
      await server.start()
      trace.event("server ready")
    }
  }

  /** Waits until all clients are complete, stops the server and compares every client with the store. */
  async #checkpoint(): Promise<void> {
    const { participants, trace, server } = this.#parts
    const { senders } = participants
    const deadlineMs = Date.now() + maxCheckpointMs
    trace.event("checkpoint")
    const finished = await Promise.all(senders.map((sender) => sender.pause(deadlineMs)))
    for (const [index, isFinished] of finished.entries()) {
      if (isFinished) continue
      trace.violation({ kind: "late", who: senders[index]?.name ?? "", what: "A request was never answered" })
    }
    // The server may still receive a send of a sender that vanished: then there is more to catch up with.
    while (!(await this.#catchUp(readHeads(server.databasePath), deadlineMs))) await Bun.sleep(pollMs)
    await server.stop()
    verify(readStore(server.databasePath), participants, trace)
    for (const sender of senders) sender.resume()
  }

  /** Waits until all readers have all changes; resolves to whether the log has not grown meanwhile. */
  async #catchUp(heads: Map<string, number>, deadlineMs: number): Promise<boolean> {
    const { participants, trace, server } = this.#parts
    await Promise.all(
      participants.readers.map(async (reader) => {
        const head = heads.get(reader.room.channelId) ?? 0
        if (await reader.catchUp(head, deadlineMs)) return
        const what = `Has change ${reader.log.cursor} of ${head}`
        trace.violation({ kind: "late", who: reader.name, what })
      }),
    )
    const newHeads = readHeads(server.databasePath)
    return (
      Date.now() > deadlineMs || [...heads].every(([channelId, head]) => newHeads.get(channelId) === head)
    )
  }

  #count(kind: string, details: Record<string, unknown>): void {
    this.#faultsByKind[kind] = (this.#faultsByKind[kind] ?? 0) + 1
    this.#parts.trace.event(kind, details)
  }
}

function freePort(): number {
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() })
  const { port } = server
  server.stop(true)
  return port ?? 0
}
