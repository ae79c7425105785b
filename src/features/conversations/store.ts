import { and, desc, eq, sql } from "drizzle-orm"
import { channels, readPositions, servers, users } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { positionIn } from "../../db/dialect.ts"
import { prepare } from "../../db/prepare.ts"
import { allNames, faceColumns } from "../face-columns.ts"
import { insertMember, peopleAsJson } from "../members/store.ts"
import { conversationName } from "../permissions/columns.ts"
import { idsKnownTo, joinedBy, openedBy, sharePlace } from "../permissions/scope.ts"
import { unreadCount, unreadCountOf, unreadCounts } from "../reading/store.ts"
import { type Conversation, maxFound, maxListed, type Person } from "./contract.ts"

const viewerId = sql.placeholder("viewerId")
const channelRow = sql`${channels.id}`
const direct = eq(servers.kind, "direct")

const lastMessageAt = sql<number | null>`(
  select y.created_at from messages y where y.channel_id = ${channels.id} order by y.position desc limit 1)`

const statements = prepare((db) => {
  const select = () =>
    db
      .select({
        id: servers.id,
        channelId: channels.id,
        name: conversationName(viewerId),
        isGroup: sql<boolean>`${servers.pair} is null`.mapWith(Boolean),
        people: peopleAsJson(db),
        unread: sql<number>`${unreadCountOf(channelRow, unreadCount)}`,
        mentions: sql<number>`${unreadCountOf(channelRow, unreadCounts.mentions)}`,
        isMuted: sql<boolean>`${unreadCountOf(channelRow, unreadCounts.isMuted)}`.mapWith(Boolean),
        lastMessageAt,
      })
      .from(servers)
      .innerJoin(channels, and(eq(channels.serverId, servers.id), sql`${channels.parentId} is null`))
      .leftJoin(
        readPositions,
        and(eq(readPositions.channelId, channels.id), eq(readPositions.userId, viewerId)),
      )
  const found = positionIn(db, allNames, sql.placeholder("search"))
  const mine = and(direct, joinedBy(viewerId))
  // Who opens a conversation and says nothing has not bothered anybody yet.
  const isShown = sql`(${servers.pair} is null or ${channels.messageCount} > 0 or ${openedBy(viewerId)})`

  return {
    list: select()
      .where(and(mine, isShown))
      .orderBy(desc(sql`coalesce(${lastMessageAt}, ${servers.createdAt})`), desc(servers.id))
      .limit(maxListed)
      .prepare(),
    find: select()
      .where(and(mine, eq(servers.id, sql.placeholder("id"))))
      .prepare(),
    people: db
      .select({ userId: users.id, username: users.username, ...faceColumns })
      .from(users)
      .where(
        sql`${users.id} in ${idsKnownTo(viewerId)} and ${users.id} <> ${viewerId} and ${users.botOwnerId} is null
          and ${found} > 0`,
      )
      .orderBy(found, users.username)
      .limit(maxFound)
      .prepare(),
    known: db
      .select({ userId: users.id, username: users.username, ...faceColumns })
      .from(users)
      .where(and(eq(users.id, sql.placeholder("userId")), sharePlace(users.id, viewerId)))
      .prepare(),
    pair: db
      .select({ id: servers.id })
      .from(servers)
      .where(eq(servers.pair, sql.placeholder("pair")))
      .prepare(),
  }
})

type Row = Omit<Conversation, "people" | "lastMessageAt"> & { people: string; lastMessageAt: number | null }

const toConversation = (row: Row): Conversation => ({
  ...row,
  people: JSON.parse(row.people),
  lastMessageAt: row.lastMessageAt === null ? null : new Date(row.lastMessageAt),
})

/** Someone's conversations, the last to be spoken in first. */
export async function listConversations(db: Db, viewerId: string): Promise<Conversation[]> {
  return (await statements(db).list.all({ viewerId })).map(toConversation)
}

/** A conversation that person is in. */
export async function findConversation(
  db: Db,
  viewerId: string,
  id: string,
): Promise<Conversation | undefined> {
  const row = await statements(db).find.get({ viewerId, id })
  return row && toConversation(row)
}

/** People who share a server or a conversation with someone, by a part of their name. */
export async function searchPeople(db: Db, viewerId: string, search: string): Promise<Person[]> {
  return statements(db).people.all({ viewerId, search: search.trim().toLowerCase() })
}

/** Someone who shares a server or a conversation with the viewer; `undefined` for everyone else. */
export async function findKnownPerson(db: Db, viewerId: string, userId: string): Promise<Person | undefined> {
  return statements(db).known.get({ viewerId, userId })
}

export async function findPair(db: Db, pair: string): Promise<string | undefined> {
  return (await statements(db).pair.get({ pair }))?.id
}

export async function countConversations(db: Db, userId: string): Promise<number> {
  return db.$count(servers, and(direct, joinedBy(sql`${userId}`)))
}

interface NewConversation {
  id: string
  pair: string | null
  openerId: string
  userIds: string[]
}

/** Stores a conversation with the people in it. */
export async function insertConversation(
  tx: Tx,
  { id, pair, openerId, userIds }: NewConversation,
): Promise<void> {
  const createdAt = new Date()
  await tx.insert(servers).values({ id, name: "", ownerId: openerId, kind: "direct", pair, createdAt }).run()
  await tx
    .insert(channels)
    .values({ id: crypto.randomUUID(), serverId: id, name: "conversation", createdAt })
    .run()
  for (const userId of [openerId, ...userIds]) await insertMember(tx, id, userId)
}

export async function updateConversationName(tx: Tx, id: string, name: string): Promise<void> {
  await tx
    .update(servers)
    .set({ name })
    .where(and(eq(servers.id, id), direct))
    .run()
}

export async function deleteConversation(tx: Tx, id: string): Promise<void> {
  await tx
    .delete(servers)
    .where(and(eq(servers.id, id), direct))
    .run()
}
