import type { Named } from "../../../views/people.ts"

/** A user with their name, as those who read a channel see them. */
export interface NamedUser {
  userId: string
  username: string
}

/** Who is typing, with the names that the readers of the channel see. */
export type Typist = NamedUser & Named

/** What others see of a user's presence. */
export type Status = "online" | "idle" | "doNotDisturb" | "offline"

/** What a user lets others see of it: `invisible` looks offline; `online` is idle while all their pages are. */
export type Choice = "online" | "idle" | "doNotDisturb" | "invisible"

/** A user whose status changed. */
export interface StatusChange extends NamedUser {
  status: Status
}

interface PresentUser extends NamedUser {
  connections: number
  /** Of their connections. */
  status: "online" | "idle"
  choice: Choice
  /** What was announced last. */
  shown: Status
  leaving: ReturnType<typeof setTimeout> | undefined
  /** They declared their status without a live connection. */
  isDeclared: boolean
}

/** Going from page to page closes one connection and opens the next: shorter absences are not announced. */
const graceMs = 4000

/**
 * Changes are announced at once, but no more often than this: when a thousand users come at a time, announcing each
 * to each would make a million updates.
 */
const throttleMs = 250

/** How often those who are online are looked up in the lists of large servers: see `listVersion`. */
const listMs = 5000

/** How long a declared status lasts: of a program, which has no live connection. */
export const declaredSeconds = 60

/** Who is online at other processes of the same chat. */
export interface OtherPresence {
  of(userId: string): Status
  /** Those who are online or were lately. */
  readonly userIds: Iterable<string>
  /** How many changes there were so far. */
  readonly version: number
}

interface PresenceOptions {
  /** For tests. */
  graceMs?: number
  listMs?: number
  others?: OtherPresence
}

/** Of the statuses of one person, the one that counts: what they chose, online if one is, idle if all that are there are. */
export function highestStatus(statuses: readonly Status[]): Status {
  if (statuses.includes("doNotDisturb")) return "doNotDisturb"
  if (statuses.includes("online")) return "online"
  return statuses.includes("idle") ? "idle" : "offline"
}

/** Who is online: users with a live connection, in any number of tabs, or with a status declared within a minute. */
export class Presence {
  readonly #announceChanges: (changes: StatusChange[]) => void
  readonly #graceMs: number
  readonly #listMs: number
  readonly #others: OtherPresence | undefined
  readonly #users = new Map<string, PresentUser>()
  /** Changes to announce, in their order. */
  #waiting: StatusChange[] = []
  #throttle: ReturnType<typeof setTimeout> | undefined
  #changes = 0
  #list = { version: 0, changes: 0, renewableAt: 0 }

  /** `announce` is called with changes of users of this process. */
  constructor(announce: (changes: StatusChange[]) => void, options: PresenceOptions = {}) {
    this.#announceChanges = announce
    this.#others = options.others
    this.#graceMs = options.graceMs ?? graceMs
    this.#listMs = options.listMs ?? listMs
  }

  /** Counts one live connection. Call `leave` once when it ends. */
  enter(entering: NamedUser & { presence?: Choice }): void {
    const user = this.#users.get(entering.userId) ?? newUser(entering, "online")
    clearTimeout(user.leaving)
    user.connections++
    user.isDeclared = false
    user.choice = entering.presence ?? "online"
    this.#users.set(user.userId, user)
    this.#show(user)
  }

  /** Counts one live connection less. */
  leave(userId: string): void {
    const user = this.#users.get(userId)
    if (!user) return

    user.connections--
    if (user.connections === 0) this.#leaveAfter(user, this.#graceMs)
  }

  /** Sets a status; without a live connection it lasts for `declaredSeconds`. */
  set(setting: NamedUser & { presence?: Choice }, status: "online" | "idle"): void {
    const user = this.#users.get(setting.userId) ?? { ...newUser(setting, status), isDeclared: true }
    if (user.isDeclared) this.#leaveAfter(user, declaredSeconds * 1000)
    user.status = status
    user.choice = setting.presence ?? "online"
    this.#users.set(user.userId, user)
    this.#show(user)
  }

  /** Changes what a user lets others see. */
  choose(userId: string, choice: Choice): void {
    const user = this.#users.get(userId)
    if (!user) return

    user.choice = choice
    this.#show(user)
  }

  /** The version of all statuses and of `listVersion`, for caches. */
  get version(): number {
    return this.#allChanges + this.listVersion
  }

  /**
   * The version of `online` for lists whose members take long to look up: it changes at most every `listMs`. It is renewed
   * when it is asked for, so that no timer is needed.
   */
  get listVersion(): number {
    const [changes, now] = [this.#allChanges, performance.now()]
    const { version, renewableAt } = this.#list
    if (changes !== this.#list.changes && now >= renewableAt) {
      this.#list = { version: version + 1, changes, renewableAt: now + this.#listMs }
    }
    return this.#list.version
  }

  /** The ids of all who are not offline, at any process. */
  online(): string[] {
    const userIds = new Set([...this.#users.keys(), ...(this.#others?.userIds ?? [])])
    return [...userIds].filter((userId) => this.of(userId) !== "offline")
  }

  of(userId: string): Status {
    const own = this.#users.get(userId)?.shown ?? "offline"
    return this.#others && own !== "online" ? highestStatus([own, this.#others.of(userId)]) : own
  }

  /** How many statuses have changed so far. */
  get #allChanges(): number {
    return this.#changes + (this.#others?.version ?? 0)
  }

  /** Ends all timers, for shutting down. */
  close(): void {
    clearTimeout(this.#throttle)
    for (const { leaving } of this.#users.values()) clearTimeout(leaving)
    this.#users.clear()
  }

  /** Announces what others see of a user, where that changed. */
  #show(user: PresentUser, status = visibleStatus(user)): void {
    if (status === user.shown) return

    const { userId, username } = user
    user.shown = status
    this.#changes++
    this.#waiting.push({ userId, username, status })
    if (!this.#throttle) this.#flush()
  }

  #flush(): void {
    this.#throttle = undefined
    const changes = this.#waiting
    if (changes.length === 0) return

    this.#waiting = []
    this.#throttle = setTimeout(() => this.#flush(), throttleMs)
    this.#announceChanges(changes)
  }

  #leaveAfter(user: PresentUser, ms: number): void {
    clearTimeout(user.leaving)
    user.leaving = setTimeout(() => {
      this.#users.delete(user.userId)
      this.#show(user, "offline")
    }, ms)
  }
}

function newUser(
  { userId, username, presence: choice = "online" }: NamedUser & { presence?: Choice },
  status: "online" | "idle",
): PresentUser {
  const nothing = { connections: 0, leaving: undefined, isDeclared: false, shown: "offline" } as const
  return { userId, username, status, choice, ...nothing }
}

function visibleStatus({ status, choice }: PresentUser): Status {
  if (choice === "online") return status
  return choice === "invisible" ? "offline" : choice
}
