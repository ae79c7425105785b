import { sql } from "drizzle-orm"
import { z } from "zod"
import { userSettings } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { textsIn } from "../../db/dialect.ts"
import { gathered } from "../../db/gather.ts"
import { prepare } from "../../db/prepare.ts"
import { defaultSettings, Settings } from "./contract.ts"

const statements = prepare((db) => ({
  find: db
    .select({ userId: userSettings.userId, settings: userSettings.settings })
    .from(userSettings)
    .where(sql`${userSettings.userId} in ${textsIn(db, sql.placeholder("userIds"))}`)
    .prepare(),
}))

const settingsOf = gathered(
  (db, userIds) => statements(db).find.all({ userIds: JSON.stringify(userIds) }),
  ({ userId }) => userId,
)

async function findStored(db: Db, userId: string) {
  return (await settingsOf(db, userId))[0]?.settings
}

/** Unknown values, stored by another version of the program, fall back to the defaults. */
const { shape } = Settings
const Stored = z.object({
  theme: shape.theme.catch(defaultSettings.theme),
  density: shape.density.catch(defaultSettings.density),
  timeZone: shape.timeZone.catch(defaultSettings.timeZone),
  timeFormat: shape.timeFormat.catch(defaultSettings.timeFormat),
  reducedMotion: shape.reducedMotion.catch(defaultSettings.reducedMotion),
  sounds: shape.sounds.catch(defaultSettings.sounds),
  singleKeys: shape.singleKeys.catch(defaultSettings.singleKeys),
})

/** Beside the settings: the zone of the browser that last chose times, for what happens while none is open. */
export const browserZoneKey = "browserZone"

/** Notes the zone of a user's browser. Runs inside a shared commit. */
export async function noteBrowserZone(tx: Tx, userId: string, zone: string): Promise<void> {
  const settings = { ...(await findStored(tx, userId)), [browserZoneKey]: zone }
  await tx
    .insert(userSettings)
    .values({ userId, settings })
    .onConflictDoUpdate({ target: userSettings.userId, set: { settings } })
    .run()
}

/** `undefined` for a user without stored settings. */
export async function findSettings(db: Db, userId: string): Promise<Settings | undefined> {
  const stored = await findStored(db, userId)
  return stored && Stored.parse(stored)
}

/** Stores only the chosen settings, and returns all. Runs inside a shared commit. */
export async function changeSettings(tx: Tx, userId: string, change: Partial<Settings>): Promise<Settings> {
  const settings = { ...(await findStored(tx, userId)), ...change }
  await tx
    .insert(userSettings)
    .values({ userId, settings })
    .onConflictDoUpdate({ target: userSettings.userId, set: { settings } })
    .run()
  return Stored.parse(settings)
}
