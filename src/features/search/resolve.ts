import type { Db } from "../../db/open.ts"
import type { Clock } from "../../web/clock.ts"
import { findUserByName } from "../accounts/store.ts"
import { findKnownPerson } from "../conversations/store.ts"
import { everyone } from "../mentions/resolve.ts"
import { listServerIds } from "../permissions/store.ts"
import { facts } from "./document.ts"
import { isAnywhere, type Wanted } from "./find.ts"
import { anyOf, firstIdAt, known, saying } from "./index-table.ts"
import type { Range } from "./spans.ts"
import { listPlaces, type SearchPlace } from "./store.ts"
import { type Filter, type Query, refuseQuery, type SearchContent } from "./syntax.ts"
import { fold } from "./words.ts"

/** No fact of any message: all of those begin with a letter. */
const nowhere = "0"

/** So many words are asked whether they are rare. */
const maxParts = 12

const dayMs = 24 * 60 * 60 * 1000

interface Asking {
  viewer: { id: string; username: string }
  /** By which days begin. */
  clock: Clock
  now: Date
}

/** What to ask the index for, and between which numbers. */
export interface Search extends Wanted, Range {
  excluded: string[]
}

/**
 * Turns names and days of a search into what the index knows. People and places that the viewer cannot see are as
 * unknown as those that are not there. Throws a `Refusal` that says what is wrong.
 */
export async function resolveQuery(db: Db, query: Query, asking: Asking): Promise<Search> {
  const serverIds = listServerIds(db, asking.viewer.id)
  const scope = known(serverIds.length > 0 ? serverIds.map(facts.inServer) : [nowhere])
  const required: string[] = []
  const excluded = query.without.map(saying)
  /** Of several people or places each will do. */
  const either = new Map<string, string[]>()

  for (const filter of query.filters) {
    if (filter.operator === "before" || filter.operator === "after" || filter.operator === "on") continue
    const condition = known(await factsOf(db, filter, scope, asking))
    if (filter.isExcluded) excluded.push(condition)
    else if (filter.operator === "has" || filter.operator === "mentions") required.push(condition)
    else either.set(filter.operator, [...(either.get(filter.operator) ?? []), condition])
  }
  for (const conditions of either.values()) required.push(anyOf(conditions))
  // Places by name are the viewer's own.
  if (!either.has("in")) required.push(scope)

  return {
    required: [...required, ...query.phrases.map(saying)],
    parts: [...required, ...rarestFirst(query.phrases.flat()).map((word) => saying([word]))],
    excluded,
    ...rangeOf(query.filters, asking),
  }
}

/** Some of the words: most likely the long ones are in few messages. */
function rarestFirst(words: string[]): string[] {
  return [...new Set(words)].toSorted((a, b) => b.length - a.length).slice(0, maxParts)
}

async function factsOf(db: Db, filter: Filter, scope: string, asking: Asking): Promise<string[]> {
  const { operator, value } = filter
  if (operator === "has") return [facts.has(value as SearchContent)]
  if (operator === "in") return placesNamed(value, listPlaces(db, asking.viewer.id))

  const name = value.replace(/^@/, "")
  if (operator === "mentions" && name.toLowerCase() === everyone) return [facts.mentions(everyone)]

  const person = await findPerson(db, name, asking.viewer)
  const found =
    operator === "mentions"
      ? [person && facts.mentions(person.id)]
      : [person && facts.by(person.id), facts.byName(name)]
  const all = found.filter((fact) => fact !== undefined)
  // Who has left can be looked for by what they left behind, as can what webhooks call themselves.
  if (person?.isNear || (all.length > 0 && (await isAnywhere(db, [scope, known(all)])))) return all

  return refuseQuery(`There is nobody called “${name}” in your servers and conversations`)
}

interface Found {
  id: string
  /** Do they share a server or a conversation with the viewer? */
  isNear: boolean
}

async function findPerson(db: Db, name: string, viewer: Asking["viewer"]): Promise<Found | undefined> {
  if (name.toLowerCase() === "me") return { id: viewer.id, isNear: true }

  const user = await findUserByName(db, name)
  if (!user) return undefined

  return { id: user.id, isNear: (await findKnownPerson(db, viewer.id, user.id)) !== undefined }
}

/** The ways to name a place; the last one also tells channels of the same name apart. */
function namesOf({ serverName, channelName, isConversation }: SearchPlace): string[] {
  return isConversation
    ? [channelName, `@${channelName}`]
    : [channelName, `#${channelName}`, `${serverName} #${channelName}`]
}

function placesNamed(value: string, places: SearchPlace[]): string[] {
  const wanted = foldName(value)
  const channels = places.filter((place) => namesOf(place).some((name) => foldName(name) === wanted))
  const servers = places.filter((place) => !place.isConversation && foldName(place.serverName) === wanted)
  const found = [
    ...channels.map(({ channelId }) => facts.inChannel(channelId)),
    ...servers.map(({ serverId }) => facts.inServer(serverId)),
  ]
  if (found.length > 0) return [...new Set(found)]

  const near = places.find(({ channelName }) => foldName(channelName).includes(wanted.replace(/^[#@]/, "")))
  const advice = near
    ? `Did you mean ${inOperator(near, places)}?`
    : "A name with spaces goes into quotation marks"
  return refuseQuery(`There is no channel, server or conversation “${value}” where you are. ${advice}`)
}

/** How to search in a place: `in:#general`, or `in:"Lab #general"` where several channels are called so. */
export function inOperator(place: SearchPlace, places: SearchPlace[]): string {
  const names = namesOf(place)
  const isAlone = places.filter((other) => namesOf(other).includes(names[1] ?? "")).length === 1
  const name = ((isAlone ? names[1] : names.at(-1)) ?? "").replaceAll('"', "")
  return `in:${/\s/.test(name) ? `"${name}"` : name}`
}

/** Quotation marks cannot stand in a quoted name: they do not count. */
function foldName(name: string): string {
  return fold(name.normalize("NFC").replaceAll('"', "").replace(/\s+/g, " ").trim())
}

function rangeOf(filters: Filter[], { clock, now }: Asking): Range {
  const range = { low: 0, high: Number.MAX_SAFE_INTEGER }
  const startId = (day: string) => firstIdAt(clock.startOf(day).getTime())
  for (const { operator, value } of filters) {
    if (operator !== "before" && operator !== "after" && operator !== "on") continue

    const today = clock.day(now)
    const day = value === "today" ? today : value === "yesterday" ? dayPlus(today, -1) : value
    const [begins, ends] = [startId(day), startId(dayPlus(day, 1))]
    if (operator !== "before") range.low = Math.max(range.low, operator === "on" ? begins : ends)
    if (operator !== "after") range.high = Math.min(range.high, (operator === "on" ? ends : begins) - 1)
  }
  if (range.low <= range.high) return range

  return refuseQuery("No day is both: before: and after: leave nothing between them")
}

function dayPlus(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)
}
