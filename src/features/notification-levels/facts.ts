import { and, eq, sql } from "drizzle-orm"
import {
  blocks,
  notificationLevels,
  notificationSettings,
  userSettings,
  users,
} from "../../../drizzle/schema.ts"
import type { Db } from "../../db/database.ts"
import { jsonText, rowsAsJson, textsIn } from "../../db/dialect.ts"
import { gathered } from "../../db/gather.ts"
import { prepare } from "../../db/prepare.ts"
import { notSuspended } from "../permissions/suspension.ts"
import { browserZoneKey } from "../settings/store.ts"
import { type LevelChoice, type NotifiedPlace, placesAround } from "./levels.ts"

const quietColumns = (db: Db) => ({
  userId: users.id,
  presence: users.presence,
  quietFrom: notificationSettings.quietFrom,
  quietUntil: notificationSettings.quietUntil,
  quietZone: jsonText(db, sql`${userSettings.settings}`, [browserZoneKey]),
  zone: jsonText(db, sql`${userSettings.settings}`, ["timeZone"]),
})

const factsOf = prepare((db) => {
  const ids = textsIn(db, sql.placeholder("ids"))
  const places = textsIn(db, sql.placeholder("places"))
  return {
    quiet: db
      .select(quietColumns(db))
      .from(users)
      .leftJoin(notificationSettings, eq(notificationSettings.userId, users.id))
      .leftJoin(userSettings, eq(userSettings.userId, users.id))
      .where(sql`${users.id} in ${ids}`)
      .prepare(),
    facts: db
      .select({
        ...quietColumns(db),
        blocked: rowsAsJson(
          db,
          { id: sql`blocked_id` },
          sql`select b.blocked_id from ${blocks} b where b.user_id = ${users.id}
            and b.blocked_id in ${textsIn(db, sql.placeholder("authors"))}`,
        ),
        choices: rowsAsJson(
          db,
          {
            placeId: sql`place_id`,
            level: sql`level`,
            mutedUntil: sql`muted_until`,
            isEveryoneSuppressed: sql`is_everyone_suppressed`,
            areRolesSuppressed: sql`are_roles_suppressed`,
          },
          sql`select n.place_id, n.level, n.muted_until, n.is_everyone_suppressed, n.are_roles_suppressed
            from ${notificationLevels} n where n.user_id = ${users.id} and n.place_id in ${places}`,
        ),
      })
      .from(users)
      .leftJoin(notificationSettings, eq(notificationSettings.userId, users.id))
      .leftJoin(userSettings, eq(userSettings.userId, users.id))
      .where(
        and(
          sql`${users.id} in ${ids}`,
          sql`${users.botOwnerId} is null`,
          notSuspended(sql.placeholder("now")),
        ),
      )
      .prepare(),
  }
})

const quietOf = gathered(
  (db, userIds) => factsOf(db).quiet.all({ ids: JSON.stringify(userIds) }),
  ({ userId }) => userId,
)

/** When nothing is shown to a person. */
export interface QuietFacts {
  presence: string
  quietFrom: number | null
  quietUntil: number | null
  /** An IANA name; `undefined` when none is known. */
  zone: string | undefined
}

/** The facts that decide whether and how a user is notified. */
export interface PersonFacts extends QuietFacts {
  userId: string
  /** Authors whom they block. */
  blocked: Set<string>
  /** By the id of the place. */
  choices: Map<string, LevelChoice>
}

interface AskedFacts {
  userIds: string[]
  authorIds: string[]
  place: NotifiedPlace
  now: Date
}

/** The facts of people; without bots, and without those who are suspended. */
export async function listFacts(
  db: Db,
  { userIds, authorIds, place, now }: AskedFacts,
): Promise<PersonFacts[]> {
  const rows = await factsOf(db).facts.all({
    ids: JSON.stringify(userIds),
    authors: JSON.stringify(authorIds),
    places: JSON.stringify(placesAround(place)),
    now: now.getTime(),
  })
  return rows.map(({ blocked, choices, ...row }) => ({
    ...toQuietFacts(row),
    userId: row.userId,
    blocked: new Set(JSON.parse(blocked).map(({ id }: { id: string }) => id)),
    choices: new Map(JSON.parse(choices).map((choice: StoredChoice) => [choice.placeId, toChoice(choice)])),
  }))
}

/** When nothing is shown to one person; `undefined` when there is no such account. */
export async function findQuietFacts(db: Db, userId: string): Promise<QuietFacts | undefined> {
  const [row] = await quietOf(db, userId)
  return row && toQuietFacts(row)
}

interface QuietRow extends Omit<QuietFacts, "zone"> {
  zone: string | null
  quietZone: string | null
}

function toQuietFacts({ presence, quietFrom, quietUntil, quietZone, zone }: QuietRow): QuietFacts {
  const known = zone === null || zone === "automatic" ? quietZone : zone
  return { presence, quietFrom, quietUntil, zone: known ?? undefined }
}

interface StoredChoice {
  placeId: string
  level: LevelChoice["level"]
  mutedUntil: number | null
  isEveryoneSuppressed: number | null
  areRolesSuppressed: number | null
}

function toChoice({
  level,
  mutedUntil,
  isEveryoneSuppressed,
  areRolesSuppressed,
}: StoredChoice): LevelChoice {
  const flag = (value: number | null) => (value === null ? null : value === 1)
  return {
    level,
    mutedUntil: mutedUntil === null ? null : new Date(mutedUntil),
    isEveryoneSuppressed: flag(isEveryoneSuppressed),
    areRolesSuppressed: flag(areRolesSuppressed),
  }
}
