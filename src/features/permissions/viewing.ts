import { sql } from "drizzle-orm"
import type { Db } from "../../db/database.ts"
import { elementsOf, jsonText } from "../../db/dialect.ts"
import { gathered } from "../../db/gather.ts"
import { prepare } from "../../db/prepare.ts"
import { bitOf } from "./bits.ts"
import { permits } from "./scope.ts"
import { type Identity, type Standing, standingOf } from "./standing.ts"

const inPair = (db: Db, name: "userId" | "channelId") => jsonText(db, sql`elements.value`, [name])

const statements = prepare((db) => ({
  /** Whether users may view channels, and their history, by pairs of ids; no row for outsiders. */
  viewing: db
    .select({
      key: sql<string>`m.user_id || ' ' || c.id`,
      mayView: sql<boolean>`${permits("viewChannel", sql`coalesce(c.root_id, c.id)`)}`.mapWith(Boolean),
      mayReadHistory: sql<boolean>`${permits("readHistory", sql`coalesce(c.root_id, c.id)`)}`.mapWith(
        Boolean,
      ),
    })
    .from(sql`${elementsOf(db, sql.placeholder("pairs"))}
      join channels c on c.id = ${inPair(db, "channelId")}
      join server_members m on m.server_id = c.server_id and m.user_id = ${inPair(db, "userId")}`)
    .prepare(),
}))

const viewingsOf = gathered(
  (db, keys) => {
    const pairs = keys.map((key) => key.split(" ")).map(([userId, channelId]) => ({ userId, channelId }))
    return statements(db).viewing.all({ pairs: JSON.stringify(pairs) })
  },
  ({ key }) => key,
)

const view = Number(bitOf.viewChannel)
const history = Number(bitOf.readHistory)

/** The standings of everyone with these rights, `null` for outsiders: caches hold ten thousand at a time. */
function standingsOf(isBot: boolean): Map<number | null, Standing> {
  const place = { kind: "server", ownerId: "", rank: 0, timedOutUntil: null, overwrites: "[]" } as const
  const bases = [null, 0, view, history, view | history]
  return new Map(
    bases.map((base) => [
      base,
      standingOf({ id: "anyone", isBot }, { ...place, isMember: base !== null, base }),
    ]),
  )
}

const ofPeople = standingsOf(false)
const ofBots = standingsOf(true)

/**
 * A user's standing in a channel, sufficient only to decide `read` and `readHistory`: ownership, blocks and times are not
 * looked at.
 */
export async function findViewing(db: Db, user: Identity, channelId: string): Promise<Standing> {
  const [row] = await viewingsOf(db, `${user.id} ${channelId}`)
  const base = row ? (row.mayView ? view : 0) | (row.mayReadHistory ? history : 0) : null
  return (user.isBot ? ofBots : ofPeople).get(base) as Standing
}
