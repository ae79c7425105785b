/** Someone who may be online. */
export interface NamedUser {
  userId: string
  username: string
}

export type Status = "online" | "idle" | "offline"

/** What has become of someone. */
export interface StatusChange extends NamedUser {
  status: Status
}

interface Known extends NamedUser {
  connections: number
  status: Exclude<Status, "offline">
  leaving: ReturnType<typeof setTimeout> | undefined
  /** They have had no page since they came. */
  isSaid: boolean
}

/** Going from page to page closes one connection and opens the next: shorter absences are not announced. */
const graceMs = 4000

/**
 * Changes are announced at once, but no more often than this: when a thousand people come at a time, and each of them
 * is told of each other, that makes a million.
 */
const gatherMs = 250

/** How long someone is there who only says so: a program, which has no page that is open. */
export const saidSeconds = 60

/**
 * Who is online: whoever has a live page, in however many tabs, or has said so within a minute. Kept in memory only.
 */
export class Presence {
  readonly #known = new Map<string, Known>()
  /** What is to be announced, in its order. */
  #waiting: StatusChange[] = []
  #gathering: ReturnType<typeof setTimeout> | undefined
  #changes = 0

  /** `announce` is told what has become of people. */
  constructor(
    private readonly announce: (changes: StatusChange[]) => void,
    private readonly grace: number = graceMs,
  ) {}

  /** Counts one live connection; call what it returns, once, when that connection ends. */
  enter({ userId, username }: NamedUser): () => void {
    const known = this.#known.get(userId)
    const fresh = { userId, username, connections: 0, status: "online", leaving: undefined } as const
    const person: Known = known ?? { ...fresh, isSaid: false }
    clearTimeout(person.leaving)
    person.connections++
    person.isSaid = false
    if (!known) {
      this.#known.set(userId, person)
      this.#announce(person, "online")
    }

    return () => this.#leave(person)
  }

  /** Says that someone is at the keyboard or away from it; without a page it holds for a minute. */
  set({ userId, username }: NamedUser, status: Exclude<Status, "offline">): void {
    const known = this.#known.get(userId)
    const person = known ?? { userId, username, connections: 0, status, leaving: undefined, isSaid: true }
    if (person.isSaid) this.#leaveIn(person, saidSeconds * 1000)
    if (known?.status === status) return

    person.status = status
    this.#known.set(userId, person)
    this.#announce(person, status)
  }

  /** How often anyone's status has changed: the same number means the same statuses. */
  get changes(): number {
    return this.#changes
  }

  #announce({ userId, username }: NamedUser, status: Status): void {
    this.#changes++
    this.#waiting.push({ userId, username, status })
    if (!this.#gathering) this.#tell()
  }

  #tell(): void {
    this.#gathering = undefined
    const changes = this.#waiting
    if (changes.length === 0) return

    this.#waiting = []
    this.#gathering = setTimeout(() => this.#tell(), gatherMs)
    this.announce(changes)
  }

  /** How many live connections someone has. */
  connectionsOf(userId: string): number {
    return this.#known.get(userId)?.connections ?? 0
  }

  of(userId: string): Status {
    return this.#known.get(userId)?.status ?? "offline"
  }

  /** Stops waiting for people to come back, for shutting down. */
  close(): void {
    clearTimeout(this.#gathering)
    for (const { leaving } of this.#known.values()) clearTimeout(leaving)
    this.#known.clear()
  }

  #leave(person: Known): void {
    person.connections--
    if (person.connections === 0) this.#leaveIn(person, this.grace)
  }

  #leaveIn(person: Known, ms: number): void {
    clearTimeout(person.leaving)
    person.leaving = setTimeout(() => {
      this.#known.delete(person.userId)
      this.#announce(person, "offline")
    }, ms)
  }
}
