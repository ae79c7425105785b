import { type Named, shownName } from "../../../views/people.ts"
import type { Db } from "../../db/database.ts"
import { findMembersNamed } from "../members/store.ts"
import type { MessageExtras } from "../messages/extras.ts"
import { parse } from "../messages/render.ts"
import { mentionsIn, possibleNames } from "../messages/text/mentions.ts"
import { foldCase, namesOf } from "../messages/text/names.ts"
import { can } from "../permissions/can.ts"
import type { Standing } from "../permissions/standing.ts"
import { everyone, listChannelNames, listMentionableRoles } from "./store.ts"

/** Most people, roles and channels that one message can name, of each; the rest of them is text. Source: Discord API, 100 users. */
const maxNamed = 100

/** Where names are meant, and what their author may do there. */
interface NamedIn {
  serverId: string
  channelId: string
  userId: string
  standing?: Standing
}

type Mentioned = Pick<MessageExtras, "mentions" | "roles" | "channels">

/**
 * Whom, which roles and which channels of its server a text names. Who may not view the channel is nobody, a role that the
 * author may not mention is none, and so is a channel that they may not view: writing a name tells nothing about whether
 * somebody or something has it. Costs two queries where there is an `@`, another where there is a `#`.
 */
export async function resolveNames(
  db: Db,
  { serverId, channelId, userId, standing }: NamedIn,
  content: string,
): Promise<Mentioned | undefined> {
  const asked = possibleNames(content)
  const found = asked.length > 0 ? await findMembersNamed(db, { serverId, channelId }, asked) : []
  const people = found.map(toMention)
  const mayMentionAll = standing !== undefined && can(standing, "mentionEveryone")
  if (asked.includes(everyone) && mayMentionAll) people.push({ userId: everyone, username: everyone })
  const roles = await namedBehind("@", content, () => listMentionableRoles(db, serverId, mayMentionAll))
  const channels = await namedBehind("#", content, () => listChannelNames(db, serverId, userId))
  if (people.length + roles.length + channels.length === 0) return undefined

  const names = namesOf(new Map(people.map(({ username, userId }) => [username, userId])), channels, roles)
  const named = mentionsIn(parse(content, names))
  return {
    mentions: some(people.filter(({ userId }) => named.people.has(userId))),
    roles: some(
      names.roles.filter(({ id }) => named.roles.has(id)).map(({ id, name }) => ({ roleId: id, name })),
    ),
    channels: some(
      names.channels.filter(({ id }) => named.channels.has(id)).map(({ id, name }) => ({ id, name })),
    ),
  }
}

/** Of the things that are listed, those whose names may stand in the text behind a sign. Where it has none, nothing is listed. */
async function namedBehind<T extends { name: string }>(
  sign: "@" | "#",
  content: string,
  list: () => Promise<T[]>,
): Promise<T[]> {
  const isWritten = sign === "@" ? /@[^\s@]/ : /#[^\s#]/
  if (!isWritten.test(content)) return []

  const lower = foldCase(content)
  return (await list()).filter(({ name }) => lower.includes(`${sign}${foldCase(name)}`))
}

function toMention({ userId, ...names }: Named & { userId: string }) {
  const { username } = names
  const name = shownName(names)
  return { userId, username, ...(name !== username && { name }) }
}

/** As many as one message can name; `undefined` for none. */
function some<T>(named: T[]): T[] | undefined {
  return named.length > 0 ? named.slice(0, maxNamed) : undefined
}
