import { eq, sql } from "drizzle-orm"
import { dismissedAnnouncements, instanceSettings } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"

const statements = prepare((db) => ({
  findDismissed: db
    .select({ id: dismissedAnnouncements.announcementId })
    .from(dismissedAnnouncements)
    .where(eq(dismissedAnnouncements.userId, sql.placeholder("userId")))
    .prepare(),
}))

/** The id of the last announcement that a user has dismissed; `undefined` for none. */
export async function findDismissed(db: Db, userId: string): Promise<string | undefined> {
  return (await statements(db).findDismissed.get({ userId }))?.id
}

/** The id of the announcement of now; `null` when there is none. */
export async function findAnnouncementId(tx: Tx): Promise<string | null> {
  const settings = await tx.select({ id: instanceSettings.announcementId }).from(instanceSettings).get()
  return settings?.id ?? null
}

export async function dismiss(tx: Tx, userId: string, announcementId: string): Promise<void> {
  await tx
    .insert(dismissedAnnouncements)
    .values({ userId, announcementId })
    .onConflictDoUpdate({ target: dismissedAnnouncements.userId, set: { announcementId } })
    .run()
}
