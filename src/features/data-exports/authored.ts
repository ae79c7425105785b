import { and, asc, eq, inArray, sql } from "drizzle-orm"
import { channels, messageVersions, servers } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/database.ts"
import type { Message } from "../messages/contract.ts"
import { viewableBy } from "../permissions/scope.ts"
import { filePath } from "./stored-files.ts"

/** Ids that one statement takes. */
const maxIds = 500

/**
 * A message as its author gets it: what they wrote, and nothing that others did. Of a reply it has the id of the quoted
 * message, of a poll the question without votes, of reactions how many there are.
 */
export async function authoredRows(db: Db, messages: Message[]) {
  const versions = await versionsOf(
    db,
    messages.filter(({ editedAt }) => editedAt).map(({ id }) => id),
  )
  return messages.map(({ id, content, createdAt, editedAt, extras }) => {
    const { replyTo, attachments = [], poll, reactions, thread } = extras ?? {}
    return {
      ...{ id, content, createdAt, editedAt },
      attachments: attachments.map((file) => ({ ...file, file: filePath(file) })),
      ...(versions.has(id) && { earlierTexts: versions.get(id) }),
      ...(replyTo && { replyToId: replyTo.id }),
      ...(poll && { poll: { question: poll.question, answers: poll.answers.map(({ text }) => text) } }),
      ...(reactions && { reactions: reactions.map(({ emoji, count }) => ({ emoji, count })) }),
      ...(thread && { threadId: thread.channelId }),
    }
  })
}

export type AuthoredRow = Awaited<ReturnType<typeof authoredRows>>[number]

async function versionsOf(db: Db, ids: string[]) {
  const rows = []
  for (let from = 0; from < ids.length; from += maxIds) {
    const found = await db
      .select({
        messageId: messageVersions.messageId,
        content: messageVersions.content,
        writtenAt: messageVersions.writtenAt,
      })
      .from(messageVersions)
      .where(inArray(messageVersions.messageId, ids.slice(from, from + maxIds)))
      .orderBy(asc(messageVersions.messageId), asc(messageVersions.seq))
      .all()
    rows.push(...found)
  }
  const byMessage = Map.groupBy(rows, ({ messageId }) => messageId)
  return new Map(
    [...byMessage].map(([id, list]) => [id, list.map(({ content, writtenAt }) => ({ content, writtenAt }))]),
  )
}

/** Where somebody wrote. Its name only while they may view it: it may have another one since. */
export async function findWrittenPlace(db: Db, channelId: string, userId: string) {
  const place = await db
    .select({ name: channels.name, serverId: servers.id, serverName: servers.name, kind: servers.kind })
    .from(channels)
    .innerJoin(servers, eq(servers.id, channels.serverId))
    .where(and(eq(channels.id, channelId), viewableBy(sql`${userId}`)))
    .get()
  if (!place)
    return { title: "A channel that you may no longer view", serverId: null, serverName: null, name: null }

  const { name, serverId, serverName, kind } = place
  if (kind === "direct")
    return {
      title: serverName || "Direct messages",
      serverId: null,
      serverName: null,
      name: serverName || null,
    }
  return { title: `#${name} in ${serverName}`, serverId, serverName, name }
}
