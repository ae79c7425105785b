import {
  highestStatus,
  type NamedUser,
  type Status,
  type StatusChange,
} from "../features/presence/presence.ts"

/** A status in which someone is there. */
export type PresentStatus = Exclude<Status, "offline">

interface RosterEntry {
  username: string
  statuses: Map<string, PresentStatus>
  /** The status that was last returned as a change. */
  known: Status
}

/**
 * Who is online at which node. Someone is online if any node says so, and idle if all nodes that have them say idle. Its
 * methods that change something return the people whose status that changed.
 */
export class PresenceRoster {
  readonly #users = new Map<string, RosterEntry>()

  get userIds(): Iterable<string> {
    return this.#users.keys()
  }

  /** The status of someone at all nodes but `except`. */
  of(userId: string, except: string): Status {
    const entry = this.#users.get(userId)
    return entry
      ? highestStatus([...entry.statuses].filter(([node]) => node !== except).map(([, s]) => s))
      : "offline"
  }

  /** Applies changes at one node. */
  apply(node: string, changes: readonly StatusChange[]): StatusChange[] {
    for (const change of changes) this.#set(node, change, change.status)
    return this.#changesOf(changes.map(({ userId }) => userId))
  }

  /** Replaces everyone at one node. */
  replace(node: string, users: readonly (NamedUser & { status: PresentStatus })[]): StatusChange[] {
    const before = this.#usersAt(node)
    for (const userId of before) this.#users.get(userId)?.statuses.delete(node)
    for (const user of users) this.#set(node, user, user.status)
    return this.#changesOf([...before, ...users.map(({ userId }) => userId)])
  }

  #set(node: string, { userId, username }: NamedUser, status: Status): void {
    const entry = this.#users.get(userId) ?? { username, statuses: new Map(), known: "offline" }
    entry.username = username
    if (status === "offline") entry.statuses.delete(node)
    else entry.statuses.set(node, status)
    this.#users.set(userId, entry)
  }

  #changesOf(userIds: readonly string[]): StatusChange[] {
    return [...new Set(userIds)].flatMap((userId) => {
      const entry = this.#users.get(userId)
      if (!entry) return []

      const status = highestStatus([...entry.statuses.values()])
      if (status === "offline") this.#users.delete(userId)
      if (status === entry.known) return []
      entry.known = status
      return [{ userId, username: entry.username, status }]
    })
  }

  #usersAt(node: string): string[] {
    return [...this.#users].filter(([, { statuses }]) => statuses.has(node)).map(([userId]) => userId)
  }
}
