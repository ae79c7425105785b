import type { Db } from "../../db/database.ts"
import { Refusal } from "../../kernel/index.ts"
import { assertCan, can } from "../permissions/can.ts"
import type { Identity } from "../permissions/standing.ts"
import { findChannelAccess, type SeenChannel } from "../permissions/store.ts"

export const noSuchWebhook = "There is no such webhook"

/** Returns the webhook with its channel if the viewer may manage it. Fails: 403, 404 (none, or in a channel that the viewer may not read). */
export async function requireWebhook<Hook extends { channelId: string }>(
  { db }: { db: Db },
  viewer: Identity,
  hook: Hook | undefined,
): Promise<{ hook: Hook; channel: SeenChannel }> {
  const access = hook && (await findChannelAccess(db, viewer, hook.channelId))
  if (!access || !can(access.standing, "read")) throw new Refusal(noSuchWebhook, 404)

  assertCan(access.standing, "manageWebhooks")
  return { hook, channel: access.channel }
}
