import type { Commits, Db } from "../../db/database.ts"
import type { ShownRooms } from "../presence/shown-rooms.ts"
import { type DuePush, holdPushes, listDuePushes } from "./due-queue.ts"
import { findSubjects, type NoticeSubject } from "./payload.ts"

/** Notices that are read from the queue at a time. */
const pageSize = 64
/**
 * For how long a notice is postponed while a page shows its channel. When the page is hidden or closed, it is due at once:
 * this is for a process that ended without saying so.
 */
const holdMs = 30_000

interface Services {
  db: Db
  commits: Commits
  shownRooms: Pick<ShownRooms, "which">
}

/** A due notice with what it says; `undefined`: the message is gone. */
export interface PushToClaim extends DuePush {
  subject: NoticeSubject | undefined
}

/** Gives out the notices that are due at a time, one by one to whoever is free, and postpones those that a page shows. */
export class DuePushes {
  readonly #services: Services
  readonly #now: Date
  #list: PushToClaim[] = []
  /** What was given out, or postponed: it may be in the queue until that is committed. */
  readonly #taken = new Set<string>()
  #reading: Promise<boolean> | undefined

  constructor(services: Services, now: Date) {
    this.#services = services
    this.#now = now
  }

  /** The next one; `undefined` when nothing is due. */
  async next(): Promise<PushToClaim | undefined> {
    while (this.#list.length === 0) {
      this.#reading ??= this.#read().finally(() => {
        this.#reading = undefined
      })
      if (!(await this.#reading)) return this.#list.shift()
    }
    return this.#list.shift()
  }

  /** Reads the next ones; `false` when there are none. */
  async #read(): Promise<boolean> {
    const { db } = this.#services
    const due = (await listDuePushes(db, this.#now, pageSize)).filter((push) => !this.#taken.has(keyOf(push)))
    if (due.length === 0) return false

    for (const push of due) this.#taken.add(keyOf(push))
    const wanted = await this.#withoutShown(due)
    const subjects = await findSubjects(db, wanted)
    this.#list.push(...wanted.map((push) => ({ ...push, subject: subjects.get(push.messageId) })))
    return true
  }

  /** Postpones what is in a channel that a page of its person shows. A reminder is about what was read before. */
  async #withoutShown(due: DuePush[]): Promise<DuePush[]> {
    const { commits, shownRooms } = this.#services
    const asked = new Map(
      due.filter(({ reason }) => reason !== "reminder").map((push) => [roomOf(push), push]),
    )
    if (asked.size === 0) return due

    const shown = new Set((await shownRooms.which([...asked.values()])).map(roomOf))
    if (shown.size === 0) return due

    const held = due.filter((push) => push.reason !== "reminder" && shown.has(roomOf(push)))
    const times = { now: this.#now, until: new Date(this.#now.getTime() + holdMs) }
    await commits.note("nothing", (tx) => holdPushes(tx, held, times))
    const left = new Set(held)
    return due.filter((push) => !left.has(push))
  }
}

const keyOf = ({ subscriptionId, messageId }: DuePush) => `${subscriptionId} ${messageId}`
const roomOf = ({ userId, channelId }: Pick<DuePush, "userId" | "channelId">) => `${userId} ${channelId}`
