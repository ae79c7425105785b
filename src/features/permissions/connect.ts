import type { Db } from "../../db/database.ts"
import { Refusal } from "../../kernel/index.ts"
import { assertCan, can } from "./can.ts"
import type { ConnectionContext } from "./connection.ts"
import type { MembershipCache } from "./membership-cache.ts"
import { admitToChannel, type ChannelPath } from "./require.ts"
import type { Identity } from "./standing.ts"
import { findServerAccess } from "./store.ts"
import { noSuchChannel, noSuchServer } from "./wording.ts"

interface SignedIn extends Identity {
  username: string
  sessionId: string
  presence?: ConnectionContext["presence"]
}

interface Arguments<Params> {
  params: Params
  derived: { db: Db; memberships: MembershipCache; requireAuth(): SignedIn }
}

/**
 * Connects viewers who may read the channel. The session identifies them: a name in the request is ignored.
 * Fails: 401, 404, 403.
 */
export async function connectToChannel({
  params,
  derived,
}: Arguments<ChannelPath>): Promise<ConnectionContext> {
  const viewer = derived.requireAuth()
  const found = await derived.memberships.find(viewer, params.channelId)
  if (!found) throw new Refusal(noSuchChannel, 404)

  const access = admitToChannel(found, params)
  const { pair, rootId } = access.channel
  const isLiveOnly = can(access.standing, "readHistory") ? undefined : true
  return { ...contextOf(viewer), pair: pair ?? undefined, rootId, isLiveOnly }
}

/** Connects members to a topic of a whole server or conversation. Fails: 401, 404, 403. */
export async function connectToServer({
  params,
  derived,
}: Arguments<{ serverId: string }>): Promise<ConnectionContext> {
  const viewer = derived.requireAuth()
  const access = await findServerAccess(derived.db, viewer, params.serverId)
  // Must not reveal the existence of other users' conversations.
  if (!access || (access.standing.kind === "direct" && !can(access.standing, "read"))) {
    throw new Refusal(noSuchServer, 404)
  }

  assertCan(access.standing, "read")
  return contextOf(viewer)
}

function contextOf({ id: userId, username, sessionId, isBot, presence }: SignedIn): ConnectionContext {
  return { userId, username, sessionId, isBot, presence }
}
