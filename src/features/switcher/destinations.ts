import { type Named, shownName } from "../../../views/people.ts"
import type { Destination } from "../../../views/switcher.tsx"
import type { Db } from "../../db/database.ts"
import { listConversations } from "../conversations/store.ts"
import { folded, matchOf } from "./matching.ts"
import { type ChannelPlace, listChannelPlaces, searchPeopleLike } from "./store.ts"

/** Most of them in one list: more than that is for typing another letter. */
export const maxDestinations = 20

/** Source: Discord's quick switcher. */
const kindOfSign: Record<string, Destination["kind"][]> = {
  "#": ["channel"],
  "@": ["conversation", "person"],
  "*": ["server"],
}

interface Asked {
  query: string
  /** Channels where the viewer was last, the last one first. */
  recent: string[]
  /** The channel they look at: who asks for nothing wants to be elsewhere. */
  here?: string
}

interface Candidate {
  destination: Destination
  /** What else it is found by, and what it is in. */
  others: string[]
  lastMessageAt: number
}

/** Where someone could go that fits what they ask for, best first; for nothing, where they are awaited or were last. */
export async function findDestinations(
  db: Db,
  viewerId: string,
  { query, recent, here }: Asked,
): Promise<Destination[]> {
  const text = folded(query.slice(0, 100)).trim()
  const kinds = kindOfSign[text[0] ?? ""]
  const asked = kinds ? text.slice(1).trim() : text
  // Asked for nothing, one wants to go where something is said.
  const wants = (kind: Destination["kind"]) => (kinds ? kinds.includes(kind) : asked !== "" || isTalk(kind))

  const candidates = [
    ...(wants("channel") || wants("server") ? placesOf(await listChannelPlaces(db, viewerId)) : []),
    ...(wants("conversation") ? await talksOf(db, viewerId) : []),
  ].filter(({ destination }) => wants(destination.kind) && (asked !== "" || destination.id !== here))
  const known = new Set(candidates.flatMap(({ destination }) => destination.personId ?? []))
  if (wants("person")) candidates.push(...(await strangersOf(db, viewerId, asked, known)))

  return candidates
    .flatMap((candidate) => {
      const match = fitOf(candidate, asked)
      return match === undefined ? [] : [{ ...candidate, match, wanted: wantedOf(candidate, recent) }]
    })
    .sort((a, b) => a.match - b.match || a.wanted - b.wanted || b.lastMessageAt - a.lastMessageAt)
    .slice(0, maxDestinations)
    .map(({ destination }) => destination)
}

function isTalk(kind: Destination["kind"]): boolean {
  return kind === "channel" || kind === "conversation"
}

function fitOf({ destination: { name, hint }, others }: Candidate, asked: string): number | undefined {
  const own = matchOf(folded(name), asked, folded(hint))
  if (own !== undefined) return own

  const other = others.map((one) => matchOf(folded(one), asked)).filter((match) => match !== undefined)
  return other.length > 0 ? Math.min(...other) + 0.5 : undefined
}

/** First where one is meant, then where one was, then where something is new. */
function wantedOf({ destination: { id, mentions, unread } }: Candidate, recent: string[]): number {
  const at = recent.indexOf(id)
  if (mentions > 0) return 0
  if (at >= 0) return 1 + at

  return recent.length + (unread > 0 ? 1 : 2)
}

function placesOf(places: ChannelPlace[]): Candidate[] {
  const channels = places.flatMap(
    ({ channelId, serverId, serverName, lastMessageAt, ...place }): Candidate[] => {
      if (channelId === null) return []

      const href = `/servers/${serverId}/channels/${channelId}`
      const destination: Destination = { kind: "channel", id: channelId, href, hint: serverName, ...place }
      return [{ destination, others: [], lastMessageAt }]
    },
  )
  const servers = Map.groupBy(places, ({ serverId }) => serverId)
  for (const [id, own] of servers) {
    const sum = (name: "unread" | "mentions") => own.reduce((total, place) => total + place[name], 0)
    const counts = { unread: sum("unread"), mentions: sum("mentions") }
    const name = own[0]?.serverName ?? ""
    const destination: Destination = {
      kind: "server",
      id,
      href: `/servers/${id}`,
      name,
      hint: "Server",
      ...counts,
    }
    channels.push({ destination, others: [], lastMessageAt: 0 })
  }
  return channels
}

async function talksOf(db: Db, viewerId: string): Promise<Candidate[]> {
  const conversations = await listConversations(db, viewerId)
  return conversations.map(({ id, channelId, name, isGroup, people, lastMessageAt, ...counts }) => {
    const others = people.filter(({ userId }) => userId !== viewerId)
    return {
      destination: {
        ...{
          kind: "conversation",
          id: channelId,
          name,
          unread: counts.isMuted ? counts.mentions : counts.unread,
          mentions: counts.mentions,
        },
        href: `/servers/${id}/channels/${channelId}`,
        hint: isGroup ? "Group" : "Direct message",
        personId: isGroup ? undefined : others[0]?.userId,
      },
      others: others.flatMap(namesOf),
      lastMessageAt: lastMessageAt?.getTime() ?? 0,
    }
  })
}

/** All names of a person: they are found by each. */
function namesOf({ username, displayName }: Named): string[] {
  return displayName ? [username, displayName] : [username]
}

/** People one has not talked with yet. */
async function strangersOf(
  db: Db,
  viewerId: string,
  asked: string,
  known: Set<string>,
): Promise<Candidate[]> {
  const people = await searchPeopleLike(db, viewerId, asked)
  return people
    .filter(({ userId }) => !known.has(userId))
    .map((person) => ({
      destination: {
        ...{ kind: "person", id: person.userId, personId: person.userId, name: shownName(person) },
        ...{ href: `/people/${person.userId}`, hint: "Message", unread: 0, mentions: 0 },
      },
      others: namesOf(person),
      lastMessageAt: 0,
    }))
}
