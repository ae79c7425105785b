import { type SQL, type SQLWrapper, sql } from "drizzle-orm"
import { channels, messages, serverMembers, users } from "../../drizzle/schema.ts"

// How people show, for statements that read them anyway: names and pictures cost no statement of their own.

/** The path of a user's picture; `null` without one. */
export function avatarUrlOf(userId: SQL, version: SQL): SQL<string | null> {
  return sql<string | null>`('/users/' || ${userId} || '/avatar/' || ${version})`
}

/** For statements over `users`. */
export const faceColumns = {
  displayName: users.displayName,
  avatarUrl: avatarUrlOf(sql`${users.id}`, sql`${users.avatarVersion}`),
}

/** For statements over `users` that search by name: the username and the name that they chose, in small letters. */
export const allNames = sql`(${users.username} || ' ' || lower(coalesce(${users.displayName}, '')))`

/** For statements over `users` and `server_members`. */
export const memberFaceColumns = { ...faceColumns, nickname: serverMembers.nickname }

/** For statements over `users` about one message: the names that readers of its channel see. */
export function namesByMessage(messageId: SQLWrapper) {
  return {
    displayName: users.displayName,
    nickname: sql<string | null>`(
      select called.nickname from messages named join channels at on at.id = named.channel_id
      join server_members called on called.server_id = at.server_id and called.user_id = ${users.id}
      where named.id = ${messageId})`,
  }
}

/** For statements over `users`: their status with its emoji; `null` without one. */
export const statusLine = sql<string | null>`(
  select nullif(trim(said.status_emoji || ' ' || said.status_text), '') from profiles said
  where said.user_id = ${users.id})`

/** For statements over messages, their authors as `users`, and their channels. */
export const authorColumns = {
  ...faceColumns,
  nickname: sql<string | null>`(
    select called.nickname from server_members called
    where called.server_id = ${channels.serverId} and called.user_id = ${messages.userId})`,
}

/** The names of people `o` of one message, a line for each. */
function namesOf(people: SQL): SQL {
  return sql`coalesce((
    select string_agg(o.id || ' ' || coalesce(called.nickname, o.display_name, o.username), ${newline}) from ${people}
    left join server_members called on called.server_id = ${channels.serverId} and called.user_id = o.id
    where of_message.message_id = ${messages.id} and o.bot_owner_id is null and o.id <> 'system'), '')`
}

const newline = sql.raw("'\n'")

/** From lines of an id, a space and a name, which has no line breaks. */
function parseNames(lines: string): Record<string, string> | null {
  const named = lines.split("\n").filter((line) => line !== "")
  if (named.length === 0) return null

  return Object.fromEntries(
    named.map((line) => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)]),
  )
}

/**
 * The names of the people whom a message mentions or quotes, by their ids: messages store the names of their time. For
 * statements over messages and channels. Programs are excluded: their messages say by which name they are quoted.
 */
export const peopleNamed = sql<Record<
  string,
  string
> | null>`case when ${messages.extras} is null then null else
  ${namesOf(sql`mentions of_message join users o on o.id = of_message.user_id`)} || ${newline} ||
  ${namesOf(sql`replies of_message join users o on o.id = of_message.quoted_user_id`)} end`.mapWith(
  parseNames,
)
