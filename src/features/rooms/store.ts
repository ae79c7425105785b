import { type SQL, sql } from "drizzle-orm"
import type { Db } from "../../db/database.ts"
import { asJson, rowsAsJson } from "../../db/dialect.ts"
import { prepare } from "../../db/prepare.ts"
import { isCollapsed } from "../categories/store.ts"
import { countOfUnread, unstoredMentions } from "../inbox/items.ts"
import { mentionsSince } from "../inbox/store.ts"
import { levelChoicesOf } from "../notification-levels/level-columns.ts"
import { deniesEveryone } from "../permissions/columns.ts"
import { heldRolesVersion } from "../permissions/held-roles.ts"
import {
  joinedServers,
  ofMember,
  permitsInCategory,
  placeOrder,
  readableChannels,
  readableHere,
  rolesHeldBy,
  serverOrder,
} from "../permissions/scope.ts"
import { unreadCounts } from "../reading/store.ts"
import { openReports } from "../reports/store.ts"
import { bannerUrlOfServer, iconUrlOfServer } from "../servers/store.ts"

/** The servers and channels beside a room, with unread counts. */
export interface Sidebar {
  /** Their counts exclude the room itself, since opening it marks it as read. */
  servers: ({ id: string; name: string; iconUrl: string | null } & UnreadCount)[]
  channels: SidebarChannel[]
  /** The owner offers the server to the viewer. */
  isOffered: boolean
  /** Reports that wait, where the viewer moderates the server. */
  openReports: number
  /** The path of the banner of the room's server; `null` without one. */
  bannerUrl: string | null
  /** The categories of those channels, and empty ones that the viewer may manage. */
  categories: SidebarCategory[]
  /** All conversations of the viewer together. */
  direct: UnreadCount
  /** Unread items in the viewer's inbox. */
  inbox: number
  /** The room is a thread that the viewer follows. */
  isFollowed: boolean
  /** The version of the style sheet that marks mentions of the viewer's roles; `undefined` without roles. */
  heldRolesVersion: string | undefined
  /** The first message of the room that the viewer has not read; `null` when all are read. */
  firstUnread: { id: string; createdAt: Date } | null
  /** A hash: sidebars of the same version are equal. */
  version: string
  /** Approximate memory. */
  bytes: number
}

interface SidebarChannel extends UnreadCount {
  id: string
  serverId: string
  name: string
  categoryId: string | null
  /** Everyone is denied to view it, or to send to it; 0 or 1. */
  isPrivate: number
  isReadOnly: number
  /** The viewer muted it, or what it is in; 0 or 1. */
  isMuted: number
}

interface SidebarCategory {
  id: string
  name: string
  /** 0 or 1. */
  isCollapsed: number
  mayManage: number
}

/** Numbers of unread messages, and of those that mention the viewer. */
interface UnreadCount {
  unread: number
  mentions: number
}

/** Memory of JSON text and the objects parsed from it, as a multiple of its length. */
const parsedFactor = 4

const viewerId = sql.placeholder("viewerId")
const serverId = sql.placeholder("serverId")
const channelId = sql.placeholder("channelId")

/** The channels the viewer may read, with unread counts. Materialized, since three subqueries use them. */
const counts = sql`counts as materialized (
  select c.id, c.server_id, c.name, c.created_at, c.category_id, c.position, s.kind,
    ${unreadCounts.shown} unread, ${unreadCounts.mentions} mentions, ${unreadCounts.isMuted} is_muted
  from ${readableChannels}
  left join read_positions r on r.channel_id = c.id and r.user_id = m.user_id
  ${levelChoicesOf(sql`m.user_id`)}
  where ${ofMember(viewerId)})`

const rowOf = {
  id: sql`id`,
  name: sql`name`,
  unread: sql`unread`,
  mentions: sql`mentions`,
}

/** The databases write a condition into JSON differently. */
const asNumber = (condition: SQL) => sql`case when ${condition} then 1 else 0 end`

const servers = (db: Db) =>
  rowsAsJson(
    db,
    { ...rowOf, iconUrl: sql`icon_url` },
    sql`select s.id, s.name, ${iconUrlOfServer} icon_url, coalesce(sum(n.unread), 0) unread, coalesce(sum(n.mentions), 0) mentions
      from ${joinedServers} and s.kind = 'server'
      left join counts n on n.server_id = s.id and n.id <> ${channelId}
      where ${ofMember(viewerId)}
      group by s.id, m.list_position, m.joined_at order by ${serverOrder}`,
  )

const direct = (db: Db) => sql`(
  select ${asJson(db, { unread: sql`coalesce(sum(unread), 0)`, mentions: sql`coalesce(sum(mentions), 0)` })}
  from counts where kind = 'direct' and id <> ${channelId})`

const channels = (db: Db) =>
  rowsAsJson(
    db,
    {
      ...rowOf,
      serverId: sql`server_id`,
      categoryId: sql`category_id`,
      isPrivate: sql`is_private`,
      isReadOnly: sql`is_read_only`,
      isMuted: sql`is_muted`,
    },
    sql`select n.*, ${asNumber(deniesEveryone("viewChannel", sql`n.id`))} is_private,
        ${asNumber(deniesEveryone("sendMessages", sql`n.id`))} is_read_only
      from counts n left join categories g on g.id = n.category_id
      where n.server_id = ${serverId} order by ${placeOrder(sql`n`)}`,
  )

const categories = (db: Db) =>
  rowsAsJson(
    db,
    { id: sql`id`, name: sql`name`, isCollapsed: sql`is_collapsed`, mayManage: sql`may_manage` },
    sql`select listed.* from (
        select g.id, g.name, g.position, g.created_at, ${asNumber(isCollapsed)} is_collapsed,
          ${asNumber(permitsInCategory("manageChannels", sql`g.id`))} may_manage
        from ${joinedServers} join categories g on g.server_id = m.server_id
        where ${ofMember(viewerId)} and m.server_id = ${serverId}) as listed
      where may_manage = 1 or exists (select 1 from counts n where n.category_id = listed.id)
      order by position, created_at, id`,
  )

const firstUnread = (db: Db) => sql`(
  select ${asJson(db, { id: sql`y.id`, createdAt: sql`y.created_at` })} from messages y
  where y.channel_id = ${channelId} and y.position > coalesce((
    select r.position from read_positions r where r.channel_id = ${channelId} and r.user_id = ${viewerId}), 0)
  order by y.position limit 1)`

/** Also of an offer that is too old: its page says so. */
const offered = sql`(
  select count(*) from server_transfers t where t.server_id = ${serverId} and t.to_user_id = ${viewerId})`

/** Only channels with unread mentions can have mentions that are unread in the inbox. */
const mentionedIn = sql`${joinedServers} join counts n on n.server_id = m.server_id join channels c on c.id = n.id`
const inbox = countOfUnread(
  readableHere(viewerId),
  unstoredMentions({ places: mentionedIn, where: sql`n.mentions > 0`, isUnreadOnly: true }),
)
const followed = sql`(
  select count(*) from thread_follows t
  where t.user_id = ${viewerId} and t.channel_id = ${channelId} and t.is_followed = 1)`

const reports = openReports(viewerId, serverId)
const banner = sql`(select ${bannerUrlOfServer} from servers s where s.id = ${serverId})`
const heldRoles = sql`(
  select coalesce(string_agg(role_id, ' ' order by role_id), '') from ${rolesHeldBy(viewerId)})`

const statements = prepare((db) => ({
  sidebar: db
    .select({
      servers: sql<string>`servers`,
      direct: sql<string>`direct`,
      inbox: sql<number>`inbox`,
      followed: sql<number>`followed`,
      channels: sql<string>`channels`,
      categories: sql<string>`categories`,
      firstUnread: sql<string | null>`first_unread`,
      offered: sql<number>`offered`,
      openReports: sql<number>`open_reports`,
      bannerUrl: sql<string | null>`banner_url`,
      heldRoles: sql<string>`held_roles`,
    })
    .from(
      sql`(with ${counts} select ${servers(db)} servers, ${direct(db)} direct, ${inbox} inbox,
        ${followed} followed, ${channels(db)} channels,
        ${categories(db)} categories,
        ${firstUnread(db)} first_unread, ${offered} offered, ${reports} open_reports, ${banner} banner_url,
        ${heldRoles} held_roles) as sidebar`,
    )
    .prepare(),
}))

/** The viewer's servers, inbox and conversations' total, with unread counts, for pages other than rooms. */
export async function findPlaces(
  db: Db,
  viewerId: string,
): Promise<Pick<Sidebar, "servers" | "direct" | "inbox">> {
  const { servers, direct, inbox } = await findSidebar(db, { viewerId, serverId: "", channelId: "" })
  return { servers, direct, inbox }
}

interface SidebarQuery {
  viewerId: string
  serverId: string
  channelId: string
}

/** The viewer's sidebar in a room: servers and channels in their order. */
export async function findSidebar(db: Db, query: SidebarQuery): Promise<Sidebar> {
  const row = await statements(db).sidebar.get({ ...query, since: mentionsSince() })
  if (!row) throw new Error("The sidebar query returned no row")

  const { servers, direct, channels, categories, firstUnread, offered, openReports, bannerUrl, heldRoles } =
    row
  const text = Object.values(row).join("\n")
  return {
    servers: JSON.parse(servers),
    direct: JSON.parse(direct),
    inbox: Number(row.inbox),
    isFollowed: Number(row.followed) > 0,
    channels: JSON.parse(channels),
    categories: JSON.parse(categories),
    isOffered: offered > 0,
    openReports,
    bannerUrl,
    heldRolesVersion: heldRoles === "" ? undefined : heldRolesVersion(heldRoles.split(" ")),
    firstUnread: firstUnread === null ? null : firstUnreadOf(JSON.parse(firstUnread)),
    version: Bun.hash(text).toString(36),
    bytes: text.length * parsedFactor,
  }
}

function firstUnreadOf({ id, createdAt }: { id: string; createdAt: number }): Sidebar["firstUnread"] {
  return { id, createdAt: new Date(createdAt) }
}
