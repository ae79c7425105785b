import type { Completion, CompletionKind } from "../../../views/mentions.tsx"
import { type Named, shownName } from "../../../views/people.ts"
import type { Db } from "../../db/database.ts"
import { searchEmoji } from "../emoji/search.ts"
import { searchViewers } from "../members/store.ts"
import { everyone, listChannelNames, listMentionableRoles } from "./store.ts"

/** Most of them in one list: what one sees at a glance. */
export const maxCompletions = 8
/** Most roles among them: the rest is for people. */
const maxRoles = 3

interface Asked {
  kind: Exclude<CompletionKind, "command">
  asked: string
  /** All members at once, and all roles. */
  mayMentionAll: boolean
}

interface AskedIn {
  serverId: string
  /** The channel whose overwrites apply. */
  channelId: string
  viewerId: string
}

/** What a half-written name in a channel could become, best first. */
export async function findCompletions(
  db: Db,
  { serverId, channelId, viewerId }: AskedIn,
  { kind, asked, mayMentionAll }: Asked,
): Promise<Completion[]> {
  const lower = asked.slice(0, 64).toLowerCase()
  if (kind === "emoji") {
    const found = await searchEmoji(lower, maxCompletions)
    return found.map(({ emoji, name }) => ({ kind, insert: `${emoji} `, emoji, name }))
  }
  if (kind === "channel") {
    const best = bestOf(await listChannelNames(db, serverId, viewerId), lower)
    return best.slice(0, maxCompletions).map(({ name }) => ({ kind, insert: `#${name} `, name }))
  }

  const all = { userId: everyone, name: everyone, hint: "all members" }
  const first = mayMentionAll && everyone.startsWith(lower) ? [all] : []
  const members = await searchViewers(db, { serverId, channelId, query: lower, limit: maxCompletions })
  const people = [...first, ...members.map(toPerson)]
  const roles = bestOf(await listMentionableRoles(db, serverId, mayMentionAll), lower).slice(0, maxRoles)
  return [
    ...people
      .slice(0, maxCompletions - roles.length)
      .map((person) => ({ kind, insert: `@${person.name} `, ...person })),
    ...roles.map(({ id: roleId, name }) => ({ kind: "role" as const, insert: `@${name} `, roleId, name })),
  ]
}

/** Written by the username; shown with the name that others see. */
function toPerson({ userId, avatarUrl, ...names }: Named & { userId: string; avatarUrl: string | null }) {
  const { username: name } = names
  const shown = shownName(names)
  return { userId, name, picture: avatarUrl, ...(shown !== name && { hint: shown }) }
}

/** Those whose names contain what was asked for, in lower case; first those that begin with it. */
function bestOf<T extends { name: string }>(named: T[], lower: string): T[] {
  const found = named.filter(({ name }) => placeIn(name, lower) >= 0)
  return found.toSorted((a, b) => placeIn(a.name, lower) - placeIn(b.name, lower))
}

function placeIn(name: string, asked: string): number {
  return name.toLowerCase().indexOf(asked)
}
