import { sql } from "drizzle-orm"
import type { Db } from "../../db/database.ts"
import { positionIn } from "../../db/dialect.ts"
import { prepare } from "../../db/prepare.ts"
import { levelChoicesOf } from "../notification-levels/level-columns.ts"
import {
  idsKnownTo,
  joinedServers,
  ofMember,
  permits,
  placeOrder,
  serverOrder,
} from "../permissions/scope.ts"
import { unreadCounts } from "../reading/store.ts"

/** Most channels that are looked through for one person. */
const maxChannels = 5000
/** Most people that are found by a part of their name. */
const maxPeople = 40

/** A channel of one of someone's servers, or a server that has none. */
export interface ChannelPlace {
  serverId: string
  serverName: string
  channelId: string | null
  name: string
  unread: number
  mentions: number
  /** In milliseconds since 1970; 0: nothing was said yet. */
  lastMessageAt: number
}

const viewerId = sql.placeholder("viewerId")

/** The username and the name that they chose, in small letters. */
const anyName = sql`(u.username || ' ' || lower(coalesce(u.display_name, '')))`

const foundIn = (db: Db) => positionIn(db, anyName, sql.placeholder("asked"))

const statements = prepare((db) => ({
  channels: db
    .select({
      serverId: sql<string>`s.id`,
      serverName: sql<string>`s.name`,
      channelId: sql<string | null>`c.id`,
      name: sql<string>`coalesce(c.name, '')`,
      unread: sql<number>`coalesce(${unreadCounts.shown}, 0)`,
      mentions: sql<number>`coalesce(${unreadCounts.mentions}, 0)`,
      lastMessageAt: sql<number>`coalesce((
        select y.created_at from messages y where y.channel_id = c.id order by y.position desc limit 1), 0)`,
    })
    .from(
      sql`${joinedServers} and s.kind = 'server'
        left join channels c on c.server_id = s.id and c.parent_id is null and c.archived_at is null
          and ${permits("viewChannel", sql`c.id`)}
        left join categories g on g.id = c.category_id
        left join read_positions r on r.channel_id = c.id and r.user_id = m.user_id
        ${levelChoicesOf(sql`m.user_id`)}`,
    )
    .where(ofMember(viewerId))
    .orderBy(sql`${serverOrder}, ${placeOrder()}`)
    .limit(maxChannels)
    .prepare(),
  people: db
    .select({
      userId: sql<string>`u.id`,
      username: sql<string>`u.username`,
      displayName: sql<string | null>`u.display_name`,
    })
    .from(sql`users u`)
    .where(
      sql`u.id <> ${viewerId} and u.bot_owner_id is null and ${anyName} like ${sql.placeholder("pattern")} escape '\\'
        and u.id in ${idsKnownTo(viewerId)}`,
    )
    .orderBy(sql`${foundIn(db)} = 0, ${foundIn(db)}, u.username`)
    .limit(maxPeople)
    .prepare(),
}))

/** The SQL of it, by name, so that a test can ask SQLite how it would run it. */
export function switcherReads(db: Db): Record<string, string> {
  const { channels, people } = statements(db)
  return { channels: channels.getQuery().sql, people: people.getQuery().sql }
}

/** Every channel of someone's servers, with what is unread in it. */
export async function listChannelPlaces(db: Db, viewerId: string): Promise<ChannelPlace[]> {
  return statements(db).channels.all({ viewerId })
}

/** People who share a server or a conversation with someone, whose names have these letters in this order. */
export async function searchPeopleLike(db: Db, viewerId: string, asked: string) {
  const letters = [...asked].map((letter) => letter.replace(/[\\%_]/, "\\$&"))
  return statements(db).people.all({ viewerId, asked, pattern: `%${letters.join("%")}%` })
}
