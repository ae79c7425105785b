import { Feed, type FeedGroup, type FeedLog } from "../../kernel/index.ts"
import type { Update } from "./update.ts"

/** The log that a feed reads what it missed from. */
export type UpdateLog = FeedLog<Update>

/** All readers of one feed by one transport: each update is sent once, whatever their number. */
export interface UpdateGroup extends FeedGroup<Update> {
  /** Sends presence or typing. Readers who are behind do not get it, so that messages reach them first. */
  sendEphemeral(update: Update): void
}

/** Carries one log to its readers, and ephemeral updates beside it. */
export class BroadcastFeed extends Feed<Update> {
  readonly #groups: UpdateGroup[]

  constructor(log: UpdateLog, groups: UpdateGroup[], report: (error: unknown) => void) {
    super(log, groups, report)
    this.#groups = groups
  }

  publishEphemeral(update: Update): void {
    for (const group of this.#groups) group.sendEphemeral(update)
  }
}
