import { networkOf } from "../network-of.ts"
import { FrameLimit, maxFramesOfPerson } from "./frame-limit.ts"
import type { Ending, EvictionListener } from "./session.ts"

/** Most live connections at once, of one user and from one IP; `null` is no limit. */
export interface ConnectionLimits {
  perPerson: number | null
  perAddress: number | null
  /** Limit the frames of all connections of one user together. */
  limitsFrames: boolean
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
  /** It has sent a frame. Returns whether its user may: a frame that asks for many things counts as so many. */
  used(things?: number): boolean
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

/** A user, while they have connections. */
interface Person {
  readonly userId: string
  readonly connections: OneConnection[]
  /** Made with their first frame: most only read. */
  frames: FrameLimit | undefined
}

/** All live connections of this process: pages, streams, and the sockets of programs. */
export class OpenConnections {
  readonly #limits: ConnectionLimits
  readonly #counters: LimitCounters
  readonly #byAddress = new Map<string, Origin>()
  readonly #byPerson = new Map<string, Person>()
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
    return this.#byPerson.get(userId)?.connections.length ?? 0
  }

  /** For the connection itself. Returns whose it is. */
  addOf(userId: string, connection: OneConnection): Person {
    const { perPerson } = this.#limits
    const person = this.#byPerson.get(userId) ?? { userId, connections: [], frames: undefined }
    this.#byPerson.set(userId, person)
    const { connections } = person
    connections.push(connection)
    if (perPerson === null || connections.length <= perPerson) return person

    this.#counters.person.add()
    connections
      .reduce((silent, other) => (other.usedAt < silent.usedAt ? other : silent))
      .end(tooManyOfPerson(perPerson))
    return person
  }

  /** For the connection itself. Counts frames; returns whether they are within the limit. */
  takeFrames(person: Person, things: number): boolean {
    if (!this.#limits.limitsFrames) return true

    person.frames ??= new FrameLimit(maxFramesOfPerson)
    return person.frames.take(things)
  }

  /** For the connection itself. */
  nextUse(): number {
    return ++this.#uses
  }

  /** For the connection itself. */
  delete(connection: OneConnection): void {
    const { origin, person } = connection
    if (--origin.connections === 0) this.#byAddress.delete(origin.address)

    if (!person) return
    if (person.connections.length === 1) this.#byPerson.delete(person.userId)
    else person.connections.splice(person.connections.indexOf(connection), 1)
  }
}

/** A class in place of closures: there are ten thousand at a time. */
class OneConnection implements CountedConnection {
  readonly origin: Origin
  usedAt: number
  person: Person | undefined
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
    if (this.person || this.#isClosed) return

    this.usedAt = this.#all.nextUse()
    this.person = this.#all.addOf(userId, this)
  }

  used(things = 1): boolean {
    this.usedAt = this.#all.nextUse()
    return !this.person || this.#all.takeFrames(this.person, things)
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
