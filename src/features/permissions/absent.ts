import { eq } from "drizzle-orm"
import { users } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/database.ts"
import { can, type PlaceAction } from "./can.ts"
import { findChannelAccess } from "./store.ts"
import { isSuspended } from "./suspension.ts"

interface Asked {
  userId: string
  channelId: string
  action: PlaceAction
}

/**
 * May someone still do in a channel what runs on their behalf, such as deliveries? Not when their account is
 * suspended.
 */
export async function mayStill(db: Db, { userId, channelId, action }: Asked): Promise<boolean> {
  const account = await db
    .select({ suspendedAt: users.suspendedAt, suspendedUntil: users.suspendedUntil })
    .from(users)
    .where(eq(users.id, userId))
    .get()
  if (!account || isSuspended(account, new Date())) return false

  const access = await findChannelAccess(db, { id: userId }, channelId)
  return access !== undefined && can(access.standing, action)
}
