import { sql } from "drizzle-orm"
import { pushSubscriptions } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { textsIn } from "../../db/dialect.ts"
import type { DeviceKeys } from "./encryption.ts"

/** The columns of a device that sending needs. */
export interface SendingDevice extends DeviceKeys {
  id: string
  userId: string
  endpoint: string
  isTextShown: boolean
  /** How many messages it shows notices of. */
  badge: number
}

const idsIn = (db: Db, ids: readonly string[]) =>
  sql`${pushSubscriptions.id} in ${textsIn(db, JSON.stringify(ids))}`

/** Devices by their ids. */
export async function findSendingDevices(
  db: Db,
  ids: readonly string[],
): Promise<Map<string, SendingDevice>> {
  // Drizzle writes the columns of one table without its name, which in a subquery would be those of the other table.
  const rows = await db
    .select({
      id: pushSubscriptions.id,
      userId: pushSubscriptions.userId,
      endpoint: pushSubscriptions.endpoint,
      p256dh: pushSubscriptions.p256dh,
      auth: pushSubscriptions.auth,
      isTextShown: sql<boolean>`coalesce((
        select n.is_text_shown from notification_settings n where n.user_id = push_subscriptions.user_id), 1)`.mapWith(
        Boolean,
      ),
      badge: sql<number>`(
        select count(*) from push_deliveries d
        where d.subscription_id = push_subscriptions.id and d.sent_at is not null)`.mapWith(Number),
    })
    .from(pushSubscriptions)
    .where(idsIn(db, ids))
    .all()
  return new Map(rows.map((row) => [row.id, row]))
}

/** Writes down how sending to devices ended. */
export async function updateDeviceStatus(
  tx: Tx,
  ids: readonly string[],
  { status, sentAt }: { status: string; sentAt: Date | undefined },
): Promise<void> {
  await tx
    .update(pushSubscriptions)
    .set({ lastStatus: status, lastSentAt: sentAt })
    .where(idsIn(tx, ids))
    .run()
}
