import { Cache } from "../../cache/cache.ts"
import { Refusal } from "../../kernel/index.ts"
import type { Attempt, MessageHooks } from "../messages/hooks.ts"
import { can } from "../permissions/can.ts"
import { findChannelAccess } from "../permissions/store.ts"
import type { Services } from "../services.ts"
import type { JoinSettings } from "./contract.ts"
import { raidLimit } from "./limits.ts"
import { isRaidLocked } from "./raid.ts"
import { findJoinSettings } from "./store.ts"

const maxServers = 20_000

/** Slow mode in all channels of a server that is locked against a raid. Elsewhere it is a look into a cache. */
export function joiningHooks({ db, dataVersions, limits }: Services): MessageHooks {
  const lockedUntil = new Cache<Pick<JoinSettings, "raidLockedUntil">>({ maxEntries: maxServers })

  async function check({ serverId, channelId, userId, input }: Attempt): Promise<void> {
    const settings = await lockedUntil.getOrLoad(serverId, dataVersions.directory, async () => {
      const { raidLockedUntil } = await findJoinSettings(db, serverId)
      return { raidLockedUntil }
    })
    // An edit is not a message.
    if (!input || !isRaidLocked(settings)) return

    const access = await findChannelAccess(db, { id: userId }, channelId)
    const isFree =
      access && (can(access.standing, "bypassSlowMode") || can(access.standing, "manageMessages"))
    if (isFree) return

    const retryAfterSeconds = await limits.get(raidLimit).take(`${userId} ${channelId}`)
    if (retryAfterSeconds > 0) {
      const wait = `Wait ${retryAfterSeconds} s before your next message here: the server is locked against a raid`
      throw new Refusal(wait, 429, { retryAfterSeconds })
    }
  }

  return {
    check(attempt) {
      const known = lockedUntil.get(attempt.serverId, dataVersions.directory)
      return known && !isRaidLocked(known) ? undefined : check(attempt)
    },
  }
}
