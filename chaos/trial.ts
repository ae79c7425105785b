import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gather } from "./cast.ts"
import { type Fault, planFaults, strike, type Victims } from "./faults.ts"
import { type Figures, figuresOf } from "./figures.ts"
import { end, type Outage, planOutages } from "./outages.ts"
import { Random } from "./random.ts"
import { writeRecord } from "./record.ts"
import { ServerProcess } from "./server.ts"
import { readHeads, readStore } from "./store.ts"
import { Trace, type Violation } from "./trace.ts"
import { judge } from "./verdict.ts"
import { enterWorld } from "./world.ts"

export interface TrialOptions {
  seconds: number
  seed: number
  readers: number
  senders: number
}

export interface Outcome {
  figures: Figures
  violations: Violation[]
  /** What is needed to look into it, and to try again; written when something was wrong. */
  record?: string
}

/** Between two checkpoints everything fails for at most so long. */
const maxRoundMs = 20_000
/** Whoever has not everything by then never will. */
const maxCalmMs = 30_000
/** Between two looks whether something came in late. */
const settleMs = 50
/** One room for so many readers. */
const readersPerRoom = 8

/**
 * Runs the real server and lets everything fail that can. Which faults come, in which order, how strong and aimed at
 * whom, and what is written, is fixed by the seed. When exactly each one strikes depends on the machine, and so does
 * what it then hits: a seed that found something may have to be tried more than once.
 */
export async function runTrial(options: TrialOptions): Promise<Outcome> {
  const trial = await Trial.open(options)
  try {
    return await trial.run()
  } finally {
    await trial.close()
  }
}

class Trial {
  readonly #faultsByKind: Record<string, number> = {}

  private constructor(
    private readonly options: TrialOptions,
    private readonly folder: string,
    private readonly server: ServerProcess,
    private readonly cast: Victims,
    private readonly random: Random,
    private readonly trace: Trace,
  ) {}

  static async open(options: TrialOptions): Promise<Trial> {
    const trace = new Trace()
    const folder = mkdtempSync(join(tmpdir(), "covenant-chaos-"))
    const port = freePort()
    const server = new ServerProcess(port, join(folder, "chat.db"), trace)
    await server.start()
    const roomCount = Math.ceil(options.readers / readersPerRoom)
    const world = await enterWorld(server.origin, roomCount)
    const random = new Random(options.seed)
    const cast = await gather({ world, port, counts: options, random, trace })
    return new Trial(options, folder, server, cast, random, trace)
  }

  async run(): Promise<Outcome> {
    const everyone = [...this.cast.readers, ...this.cast.senders]
    const running = everyone.map((one) => one.run())
    const faults = planFaults(this.random.fork("faults"))
    const outages = planOutages(this.random.fork("outages"))
    const totalMs = this.options.seconds * 1000
    const rounds = Math.ceil(totalMs / maxRoundMs)
    for (let round = 1; round <= rounds; round++) {
      const stormUntil = Date.now() + totalMs / rounds
      await Promise.all([this.#strike(faults, stormUntil), this.#breakDown(outages, stormUntil)])
      await this.#check()
      if (round < rounds) await this.server.start()
    }
    for (const one of everyone) one.stop()
    await Promise.all(running)

    const { cast, trace, server } = this
    const figures = figuresOf({ ...cast, trace, server, faultsByKind: this.#faultsByKind })
    const isFine = trace.violations.length === 0
    const record = isFine ? undefined : await writeRecord({ ...cast, trace, figures, options: this.options })
    return { figures, violations: trace.violations, record }
  }

  async close(): Promise<void> {
    for (const { line } of [...this.cast.readers, ...this.cast.senders.map(({ desk }) => desk)]) line.close()
    await this.server.kill()
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** What fails between the clients and the server. */
  async #strike(faults: Generator<Fault, never>, untilMs: number): Promise<void> {
    while (Date.now() < untilMs) {
      const fault = faults.next().value
      await Bun.sleep(fault.waitMs)
      const who = strike(fault, this.cast)
      if (who) this.#count(fault.kind, { who, strength: fault.strength })
    }
  }

  /** What fails of the server itself. */
  async #breakDown(outages: Generator<Outage, never>, untilMs: number): Promise<void> {
    while (Date.now() < untilMs) {
      const outage = outages.next().value
      await Bun.sleep(outage.waitMs)
      const count = (kind: string) => this.#count(kind, { delayMs: outage.delayMs })
      await end(this.server, outage, { senders: this.cast.senders, count })
      await this.server.start()
      this.trace.note("the server is ready")
    }
  }

  /** Lets everything come to rest, then looks whether everyone agrees with what is on disk. Ends the server. */
  async #check(): Promise<void> {
    const { cast, trace, server } = this
    const deadlineMs = Date.now() + maxCalmMs
    trace.note("checkpoint")
    const finished = await Promise.all(cast.senders.map((sender) => sender.pause(deadlineMs)))
    for (const [index, isFinished] of finished.entries()) {
      if (!isFinished) trace.violate("late", cast.senders[index]?.name ?? "", "Something was never answered")
    }
    // Someone who has vanished may have been heard late: then there is more to catch up with.
    while (!(await this.#catchUp(readHeads(server.databasePath), deadlineMs))) await Bun.sleep(settleMs)
    await server.stop()
    judge(readStore(server.databasePath), cast.senders, cast.readers, trace)
    for (const sender of cast.senders) sender.resume()
  }

  /** Resolves to whether that was all there is to have. */
  async #catchUp(heads: Map<string, number>, deadlineMs: number): Promise<boolean> {
    const { cast, trace, server } = this
    await Promise.all(
      cast.readers.map(async ({ name, room, log }, index) => {
        const head = heads.get(room.channelId) ?? 0
        if (await cast.readers[index]?.catchUp(head, deadlineMs)) return
        trace.violate("late", name, `Has change ${log.cursor} of ${head}`)
      }),
    )
    const now = readHeads(server.databasePath)
    return Date.now() > deadlineMs || [...heads].every(([channelId, head]) => now.get(channelId) === head)
  }

  #count(kind: string, details: Record<string, unknown>): void {
    this.#faultsByKind[kind] = (this.#faultsByKind[kind] ?? 0) + 1
    this.trace.note(kind, details)
  }
}

function freePort(): number {
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() })
  const { port } = server
  server.stop(true)
  return port ?? 0
}
