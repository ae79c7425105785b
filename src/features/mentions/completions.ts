import type { Completion } from "../../../views/mentions.tsx"
import type { Db } from "../../db/database.ts"
import { searchEmoji } from "../emoji/search.ts"
import { searchViewers } from "../members/store.ts"
import { everyone } from "./resolve.ts"
import { listChannelNames } from "./store.ts"

/** Most of them in one list: what one sees at a glance. */
export const maxCompletions = 8

interface Asked {
  kind: Completion["kind"]
  asked: string
  mayMentionEveryone: boolean
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
  { kind, asked, mayMentionEveryone }: Asked,
): Promise<Completion[]> {
  const lower = asked.slice(0, 64).toLowerCase()
  if (kind === "emoji") {
    const found = await searchEmoji(lower, maxCompletions)
    return found.map(({ emoji, name }) => ({ kind, insert: `${emoji} `, emoji, name }))
  }
  if (kind === "channel") {
    const named = (await listChannelNames(db, serverId, viewerId)).filter(({ name }) =>
      name.toLowerCase().includes(lower),
    )
    const best = named.toSorted((a, b) => placeIn(a.name, lower) - placeIn(b.name, lower))
    return best.slice(0, maxCompletions).map(({ name }) => ({ kind, insert: `#${name} `, name }))
  }

  const members = await searchViewers(db, { serverId, channelId, query: lower, limit: maxCompletions })
  const completions: Completion[] = members.map(({ userId, username: name }) => ({
    ...{ kind, insert: `@${name} `, userId, name },
  }))
  if (mayMentionEveryone && everyone.startsWith(lower)) {
    completions.unshift({
      kind,
      insert: `@${everyone} `,
      userId: everyone,
      name: everyone,
      hint: "all members",
    })
  }
  return completions.slice(0, maxCompletions)
}

function placeIn(name: string, asked: string): number {
  return name.toLowerCase().indexOf(asked)
}
