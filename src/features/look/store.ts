import { eq } from "drizzle-orm"
import { instanceSettings } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"

/** The settings that the look of the instance is made from. */
const columns = {
  name: instanceSettings.name,
  signInText: instanceSettings.signInText,
  iconKey: instanceSettings.iconKey,
  accent: instanceSettings.accent,
  termsUrl: instanceSettings.termsUrl,
  privacyUrl: instanceSettings.privacyUrl,
  serverCreation: instanceSettings.serverCreation,
  announcement: instanceSettings.announcement,
  announcementId: instanceSettings.announcementId,
}

const statements = prepare((db) => ({
  find: db.select(columns).from(instanceSettings).where(eq(instanceSettings.id, 1)).prepare(),
}))

export type StoredLook = Awaited<ReturnType<typeof findStoredLook>>

/** How the instance presents itself; `undefined` before it is set up. */
export async function findStoredLook(db: Db) {
  return statements(db).find.get({})
}

/** The key of the icon in the file store; `null` without one. */
export async function findIconKey(tx: Tx): Promise<string | null> {
  return (await findStoredLook(tx))?.iconKey ?? null
}
