/** Someone who may be online. */
export interface Person {
  userId: string
  username: string
}

export type Status = "online" | "idle" | "offline"

interface Known extends Person {
  connections: number
  status: Exclude<Status, "offline">
  leaving: ReturnType<typeof setTimeout> | undefined
}

/** Going from page to page closes one connection and opens the next: shorter absences are not announced. */
const graceMs = 4000

/** Who is online: whoever has a live connection, in however many tabs. Kept in memory only. */
export class Presence {
  readonly #known = new Map<string, Known>()
  #changes = 0

  /** `announce` is told of every change. */
  constructor(
    private readonly announce: (person: Person, status: Status) => void,
    private readonly grace: number = graceMs,
  ) {}

  /** Counts one live connection; call what it returns, once, when that connection ends. */
  enter({ userId, username }: Person): () => void {
    const known = this.#known.get(userId)
    const person = known ?? { userId, username, connections: 0, status: "online", leaving: undefined }
    clearTimeout(person.leaving)
    person.connections++
    if (!known) {
      this.#known.set(userId, person)
      this.#announce(person, "online")
    }

    return () => this.#leave(person)
  }

  /** Says that someone who is online is away from the keyboard, or back. */
  set(userId: string, status: Exclude<Status, "offline">): void {
    const person = this.#known.get(userId)
    if (!person || person.status === status) return

    person.status = status
    this.#announce(person, status)
  }

  /** How often anyone's status has changed: the same number means the same statuses. */
  get changes(): number {
    return this.#changes
  }

  #announce(person: Person, status: Status): void {
    this.#changes++
    this.announce(person, status)
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
    for (const { leaving } of this.#known.values()) clearTimeout(leaving)
    this.#known.clear()
  }

  #leave(person: Known): void {
    person.connections--
    if (person.connections > 0) return

    person.leaving = setTimeout(() => {
      this.#known.delete(person.userId)
      this.#announce(person, "offline")
    }, this.grace)
  }
}
