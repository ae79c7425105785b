import { networkOf } from "../network-of.ts"
import type { Ending, EvictionListener } from "./session.ts"

/** Most live connections at once, of one user and from one IP; `null` is no limit. */
export interface ConnectionLimits {
  perPerson: number | null
  perAddress: number | null
}

/** Counts connections that were refused or ended for a limit. */
interface LimitCounters {
  person: { add(): void }
  address: { add(): void }
}

/** A live connection, counted until it is closed. */
export interface CountedConnection {
  /** Counts it as this user's, once. If they have too many, the one that has sent nothing for longest is ended. */
  belongsTo(userId: string): void
  /** It has sent something. */
  used(): void
  /** Counts it no longer. */
  close(): void
}

/** Too many come from one IP: it may try again. */
export const tooManyOfAddress: Ending = {
  code: 429,
  message: "Too many connections come from your network. Close some, or try again later",
}

/** 409 and not 429: the page must not come back by itself, because it would end another connection of its user. */
const tooManyOfPerson = (limit: number): Ending => ({
  code: 409,
  message: `You have more than ${limit} live connections. The least recently active one was closed`,
})

/** An IP, or an IPv6 network, shared by all of its connections. */
interface Origin {
  readonly address: string
  connections: number
}

/** All live connections of this process: pages, streams, and the sockets of programs. */
export class OpenConnections {
  readonly #limits: ConnectionLimits
  readonly #counters: LimitCounters
  readonly #byAddress = new Map<string, Origin>()
  readonly #byPerson = new Map<string, OneConnection[]>()
  /** Orders uses: two can have the same time. */
  #uses = 0

  constructor(limits: ConnectionLimits, counters: LimitCounters) {
    this.#limits = limits
    this.#counters = counters
  }

  /** Counts a connection from an IP, or refuses it. Calls `listener` when the connection has to end. */
  open(ip: string, listener: EvictionListener): CountedConnection | Ending {
    const { perAddress } = this.#limits
    const address = networkOf(ip)
    const origin = this.#byAddress.get(address) ?? { address, connections: 0 }
    // Calls inside the process have no IP.
    if (address && perAddress !== null && origin.connections >= perAddress) {
      this.#counters.address.add()
      return tooManyOfAddress
    }
    this.#byAddress.set(origin.address, origin)
    origin.connections++
    return new OneConnection(this, origin, listener)
  }

  /** How many connections a user has. */
  countOf(userId: string): number {
    return this.#byPerson.get(userId)?.length ?? 0
  }

  /** For the connection itself. */
  addOf(userId: string, connection: OneConnection): void {
    const own = this.#byPerson.get(userId)
    if (own) own.push(connection)
    else this.#byPerson.set(userId, [connection])

    const { perPerson } = this.#limits
    if (!own || perPerson === null || own.length <= perPerson) return

    this.#counters.person.add()
    own
      .reduce((silent, other) => (other.usedAt < silent.usedAt ? other : silent))
      .end(tooManyOfPerson(perPerson))
  }

  /** For the connection itself. */
  nextUse(): number {
    return ++this.#uses
  }

  /** For the connection itself. */
  delete(connection: OneConnection): void {
    const { origin, userId } = connection
    if (--origin.connections === 0) this.#byAddress.delete(origin.address)

    const own = userId === undefined ? undefined : this.#byPerson.get(userId)
    if (!own || userId === undefined) return
    if (own.length === 1) this.#byPerson.delete(userId)
    else own.splice(own.indexOf(connection), 1)
  }
}

/** A class in place of closures: there are ten thousand at a time. */
class OneConnection implements CountedConnection {
  readonly origin: Origin
  usedAt: number
  userId: string | undefined
  readonly #all: OpenConnections
  readonly #listener: EvictionListener
  #isClosed = false

  constructor(all: OpenConnections, origin: Origin, listener: EvictionListener) {
    this.#all = all
    this.#listener = listener
    this.origin = origin
    this.usedAt = all.nextUse()
  }

  belongsTo(userId: string): void {
    if (this.userId !== undefined || this.#isClosed) return

    this.userId = userId
    this.used()
    this.#all.addOf(userId, this)
  }

  used(): void {
    this.usedAt = this.#all.nextUse()
  }

  close(): void {
    if (this.#isClosed) return

    this.#isClosed = true
    this.#all.delete(this)
  }

  /** Ends it from this side. */
  end(ending: Ending): void {
    this.close()
    this.#listener.onEvict(ending)
  }
}
