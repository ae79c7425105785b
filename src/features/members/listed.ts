import { and, asc, count, eq, inArray, type SQL, sql } from "drizzle-orm"
import { serverMembers, servers, users } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/database.ts"
import { textsIn } from "../../db/dialect.ts"
import { prepare } from "../../db/prepare.ts"
import { isRestrictedChannel } from "../permissions/restricted.ts"
import {
  type ColoredRole,
  coloredAsJson,
  type HoistedRole,
  hoistedAsJson,
  hoistedMembers,
  parseColored,
} from "../roles/looks.ts"
import { inServer, memberColumns, type RankedMember, type ViewersOf, viewsChannel } from "./store.ts"

/** A member with the position of their highest role that is listed apart; 0 without one. */
export type GroupedMember = RankedMember & { hoistPosition: number }

/** Members by their roles that are listed apart, highest first, then by name. */
export interface GroupedMembers {
  members: GroupedMember[]
  total: number
  /** The roles of the server that are listed apart, highest first. */
  hoisted: HoistedRole[]
  /** Those with a color. */
  colored: ColoredRole[]
}

/** How many members a group has. */
export interface GroupSize {
  hoistPosition: number
  count: number
}

const hoistPosition = sql<number>`coalesce(h.position, 0)`.mapWith(Number)
const groups = hoistedMembers(sql.placeholder("serverId"))
const isInGroup = sql`h.user_id = ${serverMembers.userId}`

function selectGrouped(db: Db, condition: SQL | undefined) {
  return db
    .select({ ...memberColumns, hoistPosition })
    .from(serverMembers)
    .innerJoin(users, eq(users.id, serverMembers.userId))
    .innerJoin(servers, eq(servers.id, serverMembers.serverId))
    .leftJoin(groups, isInGroup)
    .where(and(inServer, condition))
    .orderBy(sql`${hoistPosition} desc`, asc(users.username))
    .limit(sql.placeholder("limit"))
}

/** How many members there are, and how their roles show. */
function selectSummary(db: Db, condition: SQL | undefined) {
  const serverId = sql.placeholder("serverId")
  return db
    .select({ count: count(), hoisted: hoistedAsJson(db, serverId), colored: coloredAsJson(db, serverId) })
    .from(serverMembers)
    .where(and(inServer, condition))
}

function selectSizes(db: Db, condition: SQL | undefined) {
  return db
    .select({ hoistPosition, count: count() })
    .from(serverMembers)
    .leftJoin(groups, isInGroup)
    .where(and(inServer, condition))
    .groupBy(hoistPosition)
}

const statements = prepare((db) => {
  const isGiven = inArray(serverMembers.userId, textsIn(db, sql.placeholder("userIds")))
  const forViewers = (viewers: SQL | undefined) => ({
    members: selectGrouped(db, viewers).prepare(),
    summary: selectSummary(db, viewers).prepare(),
    given: selectGrouped(db, and(isGiven, viewers)).prepare(),
    sizesOfGiven: selectSizes(db, and(isGiven, viewers)).prepare(),
  })
  return { all: forViewers(undefined), restricted: forViewers(viewsChannel) }
})

/** The members who may view a channel, in their groups: the first of them, and how many there are. */
export async function listViewersOf(db: Db, place: ViewersOf, limit: number): Promise<GroupedMembers> {
  const { members, summary } = await statementsFor(db, place)
  const [listed, summed] = await Promise.all([members.all({ ...place, limit }), summary.get({ ...place })])
  return {
    members: listed,
    total: summed?.count ?? 0,
    hoisted: JSON.parse(summed?.hoisted ?? "[]"),
    colored: parseColored(summed?.colored ?? "[]"),
  }
}

/** Of the given users those who may view a channel: the first of them in their groups, and how many each group has. */
export async function listViewersAmong(
  db: Db,
  place: ViewersOf,
  { userIds, limit }: { userIds: string[]; limit: number },
): Promise<{ members: GroupedMember[]; sizes: GroupSize[] }> {
  const { given, sizesOfGiven } = await statementsFor(db, place)
  const among = { ...place, userIds: JSON.stringify(userIds) }
  const [members, sizes] = await Promise.all([given.all({ ...among, limit }), sizesOfGiven.all(among)])
  return { members, sizes }
}

async function statementsFor(db: Db, { channelId }: ViewersOf) {
  const { all, restricted } = statements(db)
  return (await isRestrictedChannel(db, channelId)) ? restricted : all
}
