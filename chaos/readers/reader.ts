import type { Line } from "../line.ts"
import type { Random } from "../random.ts"
import type { Trace } from "../trace.ts"
import type { Person, Room } from "../world.ts"
import { Hearing } from "./hearing.ts"
import { ReaderLog } from "./log.ts"

/** In a room where somebody always writes, nothing for so long means that the line is dead. */
const silenceMs = 3000
const watchMs = 200
const pollMs = 20

export interface Seat {
  name: string
  room: Room
  person: Person
  line: Line
  trace: Trace
  random: Random
}

/** Someone who reads a room, whatever happens: who loses the connection comes back with their cursor. */
export abstract class Reader {
  readonly log = new ReaderLog()
  reconnects = 0
  longestRecoveryMs = 0
  freshStarts = 0
  tooSlow = 0
  #hearing: Hearing | undefined
  #lostAtMs: number | undefined
  #awayUntilMs = 0
  #isOver = false

  constructor(protected readonly seat: Seat) {}

  /** Hears until the connection ends. Rejects never: that connections end is what this is about. */
  protected abstract hear(hearing: Hearing): Promise<void>
  /** Reads what was written before its log begins; resolves to whether it could. */
  protected abstract scrollBack(): Promise<boolean>
  protected abstract readonly isOrdered: boolean

  get name(): string {
    return this.seat.name
  }
  get room(): Room {
    return this.seat.room
  }
  get line(): Line {
    return this.seat.line
  }
  get isLive(): boolean {
    return this.#hearing?.isLive ?? false
  }

  async run(): Promise<void> {
    const watch = setInterval(() => this.#watch(), watchMs)
    while (!this.#isOver) {
      const hearing = this.#begin()
      await this.hear(hearing)
      hearing.end()
      this.#lose(hearing)
      await Bun.sleep(this.seat.random.between(50, 250))
      while (Date.now() < this.#awayUntilMs && !this.#isOver) await Bun.sleep(pollMs)
    }
    clearInterval(watch)
  }

  stop(): void {
    this.#isOver = true
    this.#hearing?.end()
  }

  /** Stands still like a stopped process: reads nothing, notices nothing, does nothing. */
  freeze(ms: number): void {
    this.#awayUntilMs = Date.now() + ms
    this.line.stall(ms)
  }

  /** Goes without a word, and is back later. */
  vanish(ms: number): void {
    this.#awayUntilMs = Date.now() + ms
    this.line.silence()
    this.#hearing?.end()
  }

  /** Resolves once it shows everything up to that change, from the beginning on; to `false` when it never does. */
  async catchUp(seq: number, deadlineMs: number): Promise<boolean> {
    this.#awayUntilMs = 0
    this.line.heal()
    while (!(this.isLive && this.log.cursor >= seq && (await this.scrollBack()))) {
      if (Date.now() > deadlineMs) return false
      await Bun.sleep(pollMs)
    }
    return true
  }

  #begin(): Hearing {
    const { name: who, trace } = this.seat
    const { log, isOrdered } = this
    trace.note("connects", { who, cursor: log.cursor, newest: log.newest?.position })
    const hearing = new Hearing({ who, log, trace, isOrdered, onLive: () => this.#recover() })
    this.#hearing = hearing
    return hearing
  }

  #lose({ isLive, freshStarts }: Hearing): void {
    this.freshStarts += freshStarts
    // Who comes and is sent away again is still not back.
    if (isLive) this.#lostAtMs ??= Math.max(Date.now(), this.#awayUntilMs)
  }

  #recover(): void {
    if (this.#lostAtMs === undefined) return

    this.reconnects++
    const recoveryMs = Date.now() - this.#lostAtMs
    this.longestRecoveryMs = Math.max(this.longestRecoveryMs, recoveryMs)
    this.seat.trace.note("recovered", { who: this.name, recoveryMs })
    this.#lostAtMs = undefined
  }

  #watch(): void {
    const hearing = this.#hearing
    const sinceMs = Math.max(hearing?.heardAtMs ?? 0, this.#awayUntilMs)
    if (!hearing || Date.now() - sinceMs < silenceMs) return

    if (hearing.isLive) this.#lostAtMs ??= sinceMs
    hearing.end()
  }
}
