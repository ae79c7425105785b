import { sql } from "drizzle-orm"
import { pushSubscriptions } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { textsIn } from "../../db/dialect.ts"
import { prepare, prepareWrites } from "../../db/prepare.ts"
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

const idsIn = (db: Db) => sql`${pushSubscriptions.id} in ${textsIn(db, sql.placeholder("ids"))}`

// Drizzle writes the columns of one table without its name, which in a subquery would be those of the other table.
const statements = prepare((db) => ({
  sending: db
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
    .where(idsIn(db))
    .prepare(),
}))

const writes = prepareWrites((tx) => ({
  status: tx
    .update(pushSubscriptions)
    .set({
      lastStatus: sql`${sql.placeholder("status")}`,
      lastSentAt: sql`coalesce(cast(${sql.placeholder("sentAt")} as bigint), ${pushSubscriptions.lastSentAt})`,
    })
    .where(idsIn(tx))
    .prepare(),
}))

/** Devices by their ids. */
export async function findSendingDevices(
  db: Db,
  ids: readonly string[],
): Promise<Map<string, SendingDevice>> {
  const rows = await statements(db).sending.all({ ids: JSON.stringify(ids) })
  return new Map(rows.map((row) => [row.id, row]))
}

/** Writes down how sending to devices ended. */
export async function updateDeviceStatus(
  tx: Tx,
  ids: readonly string[],
  { status, sentAt }: { status: string; sentAt: Date | undefined },
): Promise<void> {
  const at = sentAt?.getTime() ?? null
  await writes(tx).status.run({ ids: JSON.stringify(ids), status, sentAt: at })
}
