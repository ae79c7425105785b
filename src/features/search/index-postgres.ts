import { and, eq, isNull, type SQL, sql } from "drizzle-orm"
import { channels, messages, servers, users } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/database.ts"
import { textsIn } from "../../db/dialect.ts"
import { prepare } from "../../db/prepare.ts"
import { readableBy } from "../permissions/scope.ts"
import { toQuery, toWords } from "./lexemes.ts"
import { newestWindow } from "./spans.ts"
import { foundColumns } from "./store.ts"
import { anyTerm, type FoundRow, type Match, type NewestSearch, type WordIndex } from "./word-index.ts"

/** More messages are looked up than are asked for, since some of them may be deleted or in channels one may not read. */
const spare = 25

/** How much waiting for Postgres counts: this process does other things meanwhile. */
const waitingCosts = 1 / 4
/** What is common among this many times as many messages is. */
const sampleFactor = 40

const viewerId = sql.placeholder("viewerId")
const limit = sql.placeholder("limit")

/** The messages with some ids. `offset 0` keeps the planner from beginning anywhere else than at the ids. */
function placesOf(db: Db): SQL {
  return sql`(
    select d.id, l.channel_id, d.position from (
      select id, log, position from search_documents
      where id = any(cast(${textArray(db, "ids")} as bigint[])) offset 0) as d
    join search_logs l on l.id = d.log offset 0) as places`
}

/** The arguments of a function that searches for what `toQuery` returns. */
function matchOf(db: Db): SQL {
  const conditions = sql`cast(cast(${sql.placeholder("conditions")} as text) as tsquery)`
  return sql`${conditions}, ${textArray(db, "phrases")}, ${textArray(db, "excluded")}`
}

const textArray = (db: Db, name: string) => sql`array(${textsIn(db, sql.placeholder(name))})`

const statements = prepare((db) => ({
  newest: db
    .select({ id: sql<number>`id` })
    .from(
      sql`search_newest(${matchOf(db)}, cast(${sql.placeholder("low")} as bigint),
        cast(${sql.placeholder("high")} as bigint), cast(${limit} as bigint)) as matches (id)`,
    )
    .prepare(),
  some: db
    .select({ id: sql<number>`id` })
    .from(sql`search_some(${matchOf(db)}, cast(${limit} as bigint)) as matches (id)`)
    .prepare(),
  found: db
    .select({ id: sql<number>`places.id`, ...foundColumns })
    .from(placesOf(db))
    .innerJoin(
      messages,
      and(sql`${messages.channelId} = places.channel_id`, sql`${messages.position} = places.position`),
    )
    .innerJoin(users, eq(users.id, messages.userId))
    .innerJoin(channels, eq(channels.id, messages.channelId))
    .innerJoin(servers, eq(servers.id, channels.serverId))
    .where(and(isNull(messages.deletedAt), isNull(channels.archivedAt), readableBy(viewerId)))
    .orderBy(sql`places.id desc`)
    .limit(limit)
    .prepare(),
}))

/** An index of Postgres' own kind (https://www.postgresql.org/docs/current/gin.html) over `search_words`. */
export const postgresWords: WordIndex = {
  spentMs: () => performance.now() * waitingCosts,

  hasMore,

  /** All at once, and first among the newest: of a word that is common there, Postgres need not read the whole list. */
  async findRare(db, conditions, count) {
    const newest = await newestWindow(db, { low: 0, high: Number.MAX_SAFE_INTEGER }, sampleFactor * count)
    const sample = newest && newest.terms.length > 0 ? anyTerm(newest.terms) : null
    const areCommon = await Promise.all(
      conditions.map(
        async (one) =>
          (sample && (await hasMore(db, { required: [sample, one], excluded: [] }, count))) ||
          (await hasMore(db, { required: [one], excluded: [] }, count)),
      ),
    )
    return conditions.find((_, i) => !areCommon[i])
  },

  listNewest: (db, search) => listNewest(db, search),

  async listIds(db, term, limit) {
    const match = { required: [anyTerm([term])], excluded: [] }
    const rows = await statements(db).some.all({ ...toQuery(match), limit })
    return rows.map(({ id }) => id)
  },

  async insert(tx, document) {
    await tx.run(sql`insert into search_words (id, words) values (${document.id}, ${toWords(document)})`)
  },

  async delete(tx, id) {
    await tx.run(sql`delete from search_words where id = ${id}`)
  },

  // Postgres does it by itself.
  merge: async () => false,
}

async function hasMore(db: Db, match: Match, count: number): Promise<boolean> {
  const rows = await statements(db).some.all({ ...toQuery(match), limit: count + 1 })
  return rows.length > count
}

/** Ids first, in the index, then what they stand for: joined at once, Postgres might read all matches to sort them. */
async function listNewest(
  db: Db,
  { viewerId, limit, low, high, ...match }: NewestSearch,
): Promise<FoundRow[]> {
  const { newest, found } = statements(db)
  const query = toQuery(match)
  const rows: FoundRow[] = []
  for (let below = high; rows.length < limit; ) {
    const count = limit - rows.length + spare
    const ids = (await newest.all({ ...query, low, high: below, limit: count })).map(({ id }) => id)
    const last = ids.at(-1)
    if (last === undefined) break

    const listed = { ids: JSON.stringify(ids.map(String)), viewerId, limit: limit - rows.length }
    rows.push(...(await found.all(listed)))
    if (ids.length < count) break
    below = last - 1
  }
  return rows
}
