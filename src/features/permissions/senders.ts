import { Cache } from "../../cache/cache.ts"
import type { DataVersions } from "../../cache/versions.ts"
import type { Db, Tx } from "../../db/database.ts"
import { conversationPermissions } from "./bits.ts"
import type { Identity, Standing } from "./standing.ts"
import { findChannelAccess, findPairStanding } from "./store.ts"

/** Limit for pairs of user and channel. */
const maxEntries = 20_000

/** An author of messages in a channel, and what they may do there. */
export interface Sender {
  /** As it was known before the commit; `undefined` where only the commit knows, or the channel was deleted. */
  readonly standing?: Standing
  /** What they may do as of the commit. `undefined`: the channel was deleted. */
  inCommit(tx: Tx): Standing | undefined | Promise<Standing | undefined>
}

/** An incoming webhook: its URL is its permission. It mentions nobody but those that it names. */
export const webhookSender: Sender = {
  standing: webhookStanding(),
  inCommit() {
    return this.standing
  },
}

/**
 * Caches what users may do where they send: every message needs it, twice. Before the commit it is read by the version of
 * the directory; in the commit that version is compared, and it is read again only when it moved. So a right that was taken
 * with a commit is gone in the next, and a message costs no query. With other nodes every commit reads it: this node may not
 * have heard yet of a right that another one took.
 */
export class SenderCache {
  readonly #standings = new Cache<Standing>({ maxEntries })

  constructor(
    private readonly db: Db,
    private readonly dataVersions: DataVersions,
    /** Is this process the only one that writes to the database? */
    private readonly isAlone: boolean,
  ) {}

  /** A user in a channel. `pair`: of a conversation of two, where one may have blocked the other. */
  async find(user: Identity, channelId: string, pair?: string | null): Promise<Sender> {
    if (pair) return { inCommit: (tx) => findPairStanding(tx, user.id, pair) }

    const version = this.dataVersions.directory
    const key = `${user.id} ${channelId}`
    const cached = this.#standings.get(key, version)
    if (cached) return this.#sender({ user, channelId, standing: cached, version })

    const access = await findChannelAccess(this.db, user, channelId)
    if (!access) return { inCommit: () => undefined }

    const { standing, channel } = access
    // Time ends a timeout and a hold without a commit, and blocks are not in the directory.
    const isLasting = !standing.isTimedOut && !standing.hold && channel.pair === null
    if (isLasting) this.#standings.set(key, version, standing)
    return this.#sender({ user, channelId, standing, version: isLasting ? version : undefined })
  }

  #sender({ user, channelId, standing, version }: Known): Sender {
    const inCommit = (tx: Tx) =>
      this.isAlone && version === this.dataVersions.directory
        ? standing
        : findStandingInChannel(tx, user, channelId)
    return { standing, inCommit }
  }
}

interface Known {
  user: Identity
  channelId: string
  standing: Standing
  /** `undefined` where it must be read again. */
  version: string | undefined
}

/** A user's standing in a channel; `undefined` when there is no such channel. */
export async function findStandingInChannel(
  db: Db,
  user: Identity,
  channelId: string,
): Promise<Standing | undefined> {
  return (await findChannelAccess(db, user, channelId))?.standing
}

function webhookStanding(): Standing {
  return {
    ...{ isMember: true, isOwner: false, isBot: true, kind: "server", rank: 0, block: null },
    ...{ isChannel: true, isThread: false, isTimedOut: false, isLocked: false, isArchived: false },
    permissions: conversationPermissions,
  }
}
