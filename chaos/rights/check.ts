import type { Caller } from "../cluster/caller.ts"
import type { Check } from "../cluster/check.ts"
import { type Disturbance, scopesOf } from "../cluster/disturbance.ts"
import { Rounds } from "../cluster/rounds.ts"
import { Tap, until } from "../cluster/tap.ts"
import type { Random } from "../random.ts"
import type { ServerProcess } from "../server-process.ts"
import type { Trace } from "../trace.ts"
import { responseTimeoutMs } from "../wire.ts"
import type { Person } from "../world.ts"
import { type RightsPlace, type Way, ways } from "./ways.ts"

/** How long someone may stay connected who lost the view, at a node that works; measuring takes time too. */
const maxLossMs = 1500
/** A node that was cut off may notice only when a query's deadline passes. */
const maxCutOffMs = 8000
/** Queries that a fault left hanging may take so long to fail. */
const faultGraceMs = 6000
const pollMs = 10

interface RightsOptions {
  caller: Caller
  owner: Person
  /** Members with the role. */
  guests: [Person, Person, ...Person[]]
  place: RightsPlace
  servers: ServerProcess[]
  /** What fails now or failed lately, where that is known. */
  disturbance?: Disturbance
  random: Random
  trace: Trace
}

/** Takes the view of a room from members while they read it, and checks that they get nothing that was said afterwards. */
export class RightsCheck extends Rounds implements Check {
  readonly #options: RightsOptions
  readonly #losses: Record<string, number> = {}
  #kept = 0
  #longestMs = 0
  #turn = 0

  constructor(options: RightsOptions) {
    super(options.caller, pollMs)
    this.#options = options
  }

  protected step(): Promise<void> {
    const way = this.#options.random.pick<Way | "timeout">([...ways, "timeout"])
    return way === "timeout" ? this.#timeOut() : this.#lose(way)
  }

  summary() {
    const entries = Object.entries(this.#losses).toSorted()
    return {
      "rights taken while reading": entries.reduce((sum, [, count]) => sum + count, 0),
      ...Object.fromEntries(entries.map(([name, count]) => [`  ${name}`, count])),
      "  others who stayed connected": this.#kept,
      "  longest until it was over, ms": this.#longestMs,
    }
  }

  async settle(): Promise<void> {}

  async #lose(way: Way): Promise<void> {
    const { caller, owner, guests, servers, place } = this.#options
    const guest = guests[this.#turn % guests.length] ?? guests[0]
    const other = guests[(this.#turn + 1) % guests.length] ?? guests[1]
    const server = servers[this.#turn++ % servers.length]
    if (!server) return

    await caller.call(owner, async (client) => (await way.prepare?.(client, place)) ?? done)
    const tap = await Tap.open(guest, place.room, server.port)
    const keeper = await Tap.open(way.isForAll ? owner : other, place.room, server.port)
    const before = await this.#say("before")
    const heard =
      (await tap.hears(before, responseTimeoutMs)) && (await keeper.hears(before, responseTimeoutMs))
    if (heard && !tap.isClosed) {
      await caller.call(owner, (client) => way.take(client, place, guest.userId))
      const takenAtMs = Date.now()
      const after = await this.#say("after")
      const read = await this.#readAsGuest(guest)
      await until(() => tap.isClosed, maxCutOffMs)
      this.#check({ way, tap, keeper, after, read, takenAtMs, server })
    }
    tap.close()
    keeper.close()
    await caller.call(owner, (client) => way.giveBack(client, place, guest.userId))
  }

  /** Times a member out, who may then read and not write. */
  async #timeOut(): Promise<void> {
    const { caller, owner, guests, servers, place, trace } = this.#options
    const { room } = place
    const guest = guests[this.#turn % guests.length] ?? guests[0]
    const server = servers[this.#turn++ % servers.length]
    if (!server) return

    const of = { serverId: room.serverId, userId: guest.userId }
    const tap = await Tap.open(guest, room, server.port)
    await caller.call(owner, (client) => client.mutate("timeOutMember", { ...of, seconds: 600 }))
    const content = `timed out ${crypto.randomUUID()}`
    const isRefused = await caller.send(guest, room, { id: crypto.randomUUID(), content }).then(
      () => false,
      () => true,
    )
    const after = await this.#say("after")
    await tap.hears(after, responseTimeoutMs)
    if (!caller.isStopped) {
      const who = `timeout at ${server.name}`
      this.#losses.timeout = (this.#losses.timeout ?? 0) + 1
      if (!isRefused || tap.heard(content))
        trace.violation({ kind: "leaked", who, what: `Wrote ${content} while timed out` })
      if (tap.isRefused) trace.violation({ kind: "different", who, what: "A timeout ended reading" })
    }
    tap.close()
    await caller.call(owner, (client) => client.mutate("endTimeout", of))
  }

  #check({ way, tap, keeper, after, read, takenAtMs, server }: Taken): void {
    const { trace, disturbance, caller } = this.#options
    if (caller.isStopped) return

    this.#losses[way.name] = (this.#losses[way.name] ?? 0) + 1
    const who = `${way.name} at ${server.name}`
    if (tap.heard(after))
      trace.violation({ kind: "leaked", who, what: `Got ${after} without the right to view` })
    if (read.includes(after))
      trace.violation({ kind: "leaked", who, what: `Read ${after} without the right` })
    if (keeper.isRefused)
      trace.violation({ kind: "different", who, what: "Somebody else lost their connection too" })
    else if (!keeper.isClosed) this.#kept++

    // Where it is not known what fails, a connection that stays may be one that a server had no time to end.
    if (!disturbance || disturbance.since(takenAtMs - faultGraceMs, scopesOf(server.name))) return
    const ms = (tap.closedAtMs ?? Date.now()) - takenAtMs
    this.#longestMs = Math.max(this.#longestMs, ms)
    if (ms > maxLossMs) trace.violation({ kind: "late", who, what: `Was connected for ${ms} ms` })
  }

  /** What the guest can read by asking. */
  async #readAsGuest(guest: Person): Promise<string> {
    const { caller, place } = this.#options
    const { channelId } = place.room
    const read = await caller.call(guest, (client) => client.query("getMessages", { channelId }))
    const found = await caller.call(guest, (client) => client.query("searchMessages", { query: "after" }))
    return JSON.stringify([read, found])
  }

  async #say(word: string): Promise<string> {
    const { caller, owner, place } = this.#options
    const content = `${word} ${crypto.randomUUID()}`
    await caller.send(owner, place.room, { id: crypto.randomUUID(), content })
    return content
  }
}

const done = { success: true as const, data: null }

interface Taken {
  way: Way
  tap: Tap
  keeper: Tap
  after: string
  /** What the guest could read afterwards. */
  read: string
  takenAtMs: number
  server: ServerProcess
}
