import type { Db } from "../../db/database.ts"
import { findMembersNamed } from "../members/store.ts"
import type { MessageExtras } from "../messages/extras.ts"
import { parse } from "../messages/render.ts"
import { mentionsIn, possibleNames } from "../messages/text/mentions.ts"
import { foldCase, namesOf } from "../messages/text/names.ts"
import { can } from "../permissions/can.ts"
import type { Standing } from "../permissions/standing.ts"
import { listChannelNames } from "./store.ts"

/** Most people and channels that one message can name; the rest of them is text. Source: Discord API, 100 users. */
const maxNamed = 100

/** What stands for all members at once, in place of a person's id. */
export const everyone = "everyone"

/** Where names are meant, and what their author may do there. */
interface NamedIn {
  serverId: string
  channelId: string
  userId: string
  standing?: Standing
}

type Named = Pick<MessageExtras, "mentions" | "channels">

/**
 * Whom and which channels of its server a text names. Who may not view the channel is nobody, and a channel that the
 * author may not view is none: writing a name tells nothing about whether somebody or something has it. Costs a query where there is an `@`, another where there is a `#`.
 */
export async function resolveNames(
  db: Db,
  { serverId, channelId, userId, standing }: NamedIn,
  content: string,
): Promise<Named | undefined> {
  const asked = possibleNames(content)
  const people = asked.length > 0 ? await findMembersNamed(db, { serverId, channelId }, asked) : []
  if (asked.includes(everyone) && standing && can(standing, "mentionEveryone")) {
    people.push({ userId: everyone, username: everyone })
  }
  const lower = /#[^\s#]/.test(content) ? foldCase(content) : ""
  const channels = lower
    ? (await listChannelNames(db, serverId, userId)).filter(({ name }) =>
        lower.includes(`#${foldCase(name)}`),
      )
    : []
  if (people.length + channels.length === 0) return undefined

  const names = namesOf(new Map(people.map(({ username, userId }) => [username, userId])), channels)
  const named = mentionsIn(parse(content, names))
  const mentions = people.filter(({ userId }) => named.people.has(userId)).slice(0, maxNamed)
  const linked = names.channels.filter(({ id }) => named.channels.has(id)).slice(0, maxNamed)
  return {
    mentions: mentions.length > 0 ? mentions : undefined,
    channels: linked.length > 0 ? linked.map(({ id, name }) => ({ id, name })) : undefined,
  }
}
