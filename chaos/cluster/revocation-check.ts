import type { ServerProcess } from "../server-process.ts"
import type { Trace } from "../trace.ts"
import { responseTimeoutMs } from "../wire.ts"
import type { Person, Room } from "../world.ts"
import type { Caller } from "./caller.ts"
import type { Check } from "./check.ts"
import { type Disturbance, scopesOf } from "./disturbance.ts"
import { Rounds } from "./rounds.ts"
import { Tap, until } from "./tap.ts"

/** How long someone who was removed may stay connected to a node that reaches Postgres. */
const maxRevocationMs = 1000
/** Measuring takes time too: the answer to the removal may come late on a busy machine. */
const measuringMs = 500
/** A node that was cut off may notice only when a query's deadline passes. */
const maxCutOffMs = 8000
/** Queries that a fault left hanging may take so long to fail. */
const faultGraceMs = 6000
const pollMs = 10

interface RevocationOptions {
  caller: Caller
  owner: Person
  guests: Person[]
  room: Room
  inviteCode: string
  servers: ServerProcess[]
  disturbance: Disturbance
  trace: Trace
}

/** Removes members while they read, and checks that they get nothing that was said afterwards. */
export class RevocationCheck extends Rounds implements Check {
  #revocations = 0
  #undisturbed = 0
  #longestMs = 0
  readonly #options: RevocationOptions
  #turn = 0

  constructor(options: RevocationOptions) {
    super(options.caller, pollMs)
    this.#options = options
  }

  protected step(): Promise<void> {
    return this.#revoke()
  }

  summary() {
    return {
      "members removed while reading": this.#revocations,
      "  at a node that reached Postgres": this.#undisturbed,
      "  longest until disconnected, ms": this.#longestMs,
    }
  }

  async settle(): Promise<void> {}

  async #revoke(): Promise<void> {
    const { caller, owner, guests, servers, room, inviteCode } = this.#options
    const guest = guests[this.#turn % guests.length]
    const server = servers[this.#turn++ % servers.length]
    if (!guest || !server) return

    await caller.call(guest, (client) => client.mutate("joinServer", { code: inviteCode }))
    const joinedAtMs = Date.now()
    const tap = await Tap.open(guest, room, server.port)
    if (tap.isRefused) this.#refused(server, joinedAtMs)
    const before = await this.#say("before")
    if ((await tap.hears(before, responseTimeoutMs)) && !tap.isClosed) {
      const { serverId } = room
      await caller.call(owner, (client) => client.mutate("removeMember", { serverId, userId: guest.userId }))
      const removedAtMs = Date.now()
      const after = await this.#say("after")
      await until(() => tap.isClosed, maxCutOffMs)
      this.#check({ tap, after, removedAtMs, server })
    }
    tap.close()
  }

  #check({ tap, after, removedAtMs, server }: Revoked): void {
    const { trace, disturbance, caller } = this.#options
    if (caller.isStopped) return

    this.#revocations++
    const ms = (tap.closedAtMs ?? Date.now()) - removedAtMs
    const isUndisturbed = !disturbance.since(removedAtMs - faultGraceMs, scopesOf(server.name))
    if (isUndisturbed) {
      this.#undisturbed++
      this.#longestMs = Math.max(this.#longestMs, ms)
    }
    const who = `a removed member at ${server.name}`
    if (tap.heard(after)) trace.violation({ kind: "leaked", who, what: `Got ${after} after the removal` })
    if (isUndisturbed && ms > maxRevocationMs + measuringMs)
      trace.violation({ kind: "late", who, what: `Was connected for ${ms} ms after the removal` })
  }

  /** A user who joined at one node is a member at all nodes. */
  #refused({ name }: ServerProcess, joinedAtMs: number): void {
    const { trace, disturbance } = this.#options
    if (disturbance.since(joinedAtMs - faultGraceMs, scopesOf(name))) return
    trace.violation({ kind: "different", who: `a new member at ${name}`, what: "Was refused after joining" })
  }

  async #say(word: string): Promise<string> {
    const { caller, owner, room } = this.#options
    const content = `${word} ${crypto.randomUUID()}`
    await caller.send(owner, room, { id: crypto.randomUUID(), content })
    return content
  }
}

interface Revoked {
  tap: Tap
  after: string
  removedAtMs: number
  server: ServerProcess
}
