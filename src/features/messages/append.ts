import { type SQL, sql } from "drizzle-orm"
import { channels, messages } from "../../../drizzle/schema.ts"
import type { Tx } from "../../db/database.ts"
import { rowsAsJson, textElementsOf } from "../../db/dialect.ts"
import { together } from "../../db/gather.ts"
import { prepareInsert } from "../../db/insert-rows.ts"
import { prepareWrites } from "../../db/prepare.ts"
import type { MaybePromise } from "../../kernel/index.ts"
import type { ChangeSet } from "../change-set.ts"
import { avatarUrlOf } from "../face-columns.ts"
import type { Message } from "./contract.ts"
import type { MessageExtras } from "./extras.ts"
import { readOwnMessages } from "./own-messages.ts"
import { takeNames } from "./shown-names.ts"
import { type Change, findMessage } from "./store.ts"

// Storing new messages. All that come in step inside a commit are numbered, inserted and read by their authors together.

export type Draft = Pick<
  Message,
  "id" | "serverId" | "channelId" | "userId" | "username" | "content" | "createdAt"
>

/** How the author of a new message shows. Not as their connection knows, which may be older than a change of the name. */
type Face = Pick<Message, "userId" | "username" | "displayName" | "avatarUrl" | "nickname">

/** The numbers that a new message got in its channel's log, and its author's face. */
type Place = Pick<Message, "seq" | "ordinal"> & Omit<Face, "userId">

const serverId = sql.placeholder("serverId")

const writes = prepareWrites((tx) => ({
  /** Without a row when one of the ids is stored already. */
  number: tx
    .update(channels)
    .set({
      seq: sql`${channels.seq} + ${sql.placeholder("count")}`,
      messageCount: sql`${channels.messageCount} + ${sql.placeholder("count")}`,
    })
    .where(
      sql`${channels.id} = ${sql.placeholder("channelId")} and not exists (
        select 1 from ${textElementsOf(tx, sql.placeholder("ids"))} join messages on messages.id = value)`,
    )
    .returning({ seq: channels.seq, ordinal: channels.messageCount, faces: facesOf(tx) })
    .prepare(),
  insert: prepareInsert(tx, messages),
}))

function facesOf(tx: Tx): SQL<string> {
  const fields = {
    userId: sql`id`,
    username: sql`username`,
    displayName: sql`display_name`,
    avatarUrl: avatarUrlOf(sql`id`, sql`avatar_version`),
    nickname: sql`nickname`,
  }
  return rowsAsJson(
    tx,
    fields,
    sql`select a.id, a.username, a.display_name, a.avatar_version, called.nickname
      from ${textElementsOf(tx, sql.placeholder("userIds"))} join users a on a.id = value
      left join server_members called on called.server_id = ${serverId} and called.user_id = a.id`,
  )
}

/**
 * Appends to the channel's log and returns the message, or the stored one when that id exists already. `undefined`
 * when the channel was deleted. `compose` returns the extras of a new message. Runs inside a shared commit, after which
 * the collected message is announced.
 */
export async function appendMessage(
  changes: ChangeSet,
  draft: Draft,
  compose: () => MaybePromise<MessageExtras | null> = () => null,
): Promise<Change | undefined> {
  const place = await placeOf(changes.tx, draft)
  if (!place) {
    const stored = await findMessage(changes.tx, draft.id)
    return stored && { message: stored, isNew: false }
  }

  const extras = takeNames(await compose())
  const message = { ...draft, ...place, ...extras, editedAt: null, deletedAt: null, position: place.seq }
  await insert(changes.tx, message)
  changes.collect(message)
  return { message, isNew: true }
}

const placeOf = together(async (tx: Tx, drafts: Draft[]) => {
  const places = new Map<Draft, Place>()
  for (const [channelId, ofChannel] of Map.groupBy(drafts, (draft) => draft.channelId)) {
    for (const place of await number(tx, channelId, ofChannel)) places.set(...place)
  }
  return drafts.map((draft) => places.get(draft))
})

/** Numbers new messages of one channel in their order. Leaves out those that are stored already, all if the channel is gone. */
async function number(tx: Tx, channelId: string, drafts: Draft[]): Promise<[Draft, Place][]> {
  const last = await writes(tx).number.get({
    channelId,
    serverId: drafts[0]?.serverId,
    count: drafts.length,
    ids: JSON.stringify(drafts.map(({ id }) => id)),
    userIds: JSON.stringify([...new Set(drafts.map(({ userId }) => userId))]),
  })
  if (!last) {
    const places: [Draft, Place][] = []
    if (drafts.length > 1) for (const draft of drafts) places.push(...(await number(tx, channelId, [draft])))
    return places
  }

  const faces = new Map((JSON.parse(last.faces) as Face[]).map(({ userId, ...face }) => [userId, face]))
  return drafts.map((draft, index) => {
    const face = faces.get(draft.userId)
    if (!face) throw new Error(`The author ${draft.userId} has no account`)
    const later = drafts.length - 1 - index
    return [draft, { ...face, seq: last.seq - later, ordinal: last.ordinal - later }]
  })
}

const insert = together(async (tx: Tx, added: Message[]) => {
  await Promise.all([
    writes(tx).insert(added),
    ...Map.groupBy(added, ({ channelId }) => channelId)
      .values()
      .map((ofChannel) => readOwnMessages(tx, ofChannel)),
  ])
  return added
})
