import type { Clock } from "../../web/clock.ts"
import { findUserByName } from "../accounts/store.ts"
import { findKnownPerson } from "../conversations/store.ts"
import { everyone } from "../mentions/store.ts"
import { listHeldRoleIds } from "../permissions/held-roles.ts"
import { listServerIds } from "../permissions/store.ts"
import { firstIdAt } from "./document-ids.ts"
import { existsAnywhere, type IndexConditions, type SearchSource } from "./find.ts"
import type { Range } from "./spans.ts"
import { loadStems, type Stems } from "./stems.ts"
import { listSearchableChannels, type SearchableChannel } from "./store.ts"
import { type ContentKind, type Filter, type Phrase, refuseQuery, type SearchQuery } from "./syntax.ts"
import { terms } from "./terms.ts"
import { anyTerm, bodyPhrase, type Condition, wordOrTerm, wordPrefix } from "./word-index.ts"
import { fold } from "./words.ts"

/** A term that no message has: all terms start with a letter. */
const noTerm = "0"

/** Most words that are tested for being rare. */
const maxParts = 12

/** Most roles of the viewer whose mentions are searched for. */
const maxRoles = 100

/** Most words of a search whose forms are found. Each has several. */
const maxWithForms = 16

const dayMs = 24 * 60 * 60 * 1000

interface SearchContext {
  viewer: { id: string; username: string }
  /** Decides when days begin. */
  clock: Clock
  now: Date
}

/** A search in terms of the index. */
interface ResolvedQuery extends IndexConditions, Range {
  excluded: Condition[]
}

/**
 * Translates the names and days of a search into conditions of the index. Users and channels that the viewer cannot see
 * are refused like those that do not exist, so that a search reveals nothing. Fails: 400, with what is wrong.
 */
export async function resolveQuery(
  source: SearchSource,
  query: SearchQuery,
  context: SearchContext,
): Promise<ResolvedQuery> {
  const serverIds = await listServerIds(source.db, context.viewer.id)
  const scope = anyTerm(serverIds.length > 0 ? serverIds.map(terms.inServer) : [noTerm])
  const required: Condition[] = []
  const stems = await loadStems()
  const excluded = query.without.map((phrase) => conditionOf(phrase, stems))
  /** Terms by operator: several authors or channels are alternatives. */
  const alternatives = new Map<string, string[]>()

  for (const filter of query.filters) {
    if (filter.operator === "before" || filter.operator === "after" || filter.operator === "on") continue
    const found = await termsFor(source, filter, scope, context)
    if (filter.isExcluded) excluded.push(anyTerm(found))
    else if (filter.operator === "has" || filter.operator === "mentions") required.push(anyTerm(found))
    else alternatives.set(filter.operator, [...(alternatives.get(filter.operator) ?? []), ...found])
  }
  for (const found of alternatives.values()) required.push(anyTerm(found))
  // Channels named by `in:` are among the viewer's own, so they limit the search already.
  if (!alternatives.has("in")) required.push(scope)

  const [withForms, others] = [query.phrases.slice(0, maxWithForms), query.phrases.slice(maxWithForms)]
  return {
    required: [
      ...required,
      ...withForms.map((phrase) => conditionOf(phrase, stems)),
      ...others.map(({ words }) => bodyPhrase(words)),
    ],
    parts: [...required, ...rarestFirst(query.phrases).map((phrase) => conditionOf(phrase, stems))],
    excluded,
    ...rangeOf(query.filters, context),
  }
}

/** The terms that a message must have for a phrase. */
export function conditionOf({ words, match, written }: Phrase, stems: Stems): Condition {
  const [word = ""] = words
  if (match === "start") return wordPrefix(word)
  if (match === "exact") return bodyPhrase(words)

  const found = stems.termsFor(written ?? word)
  return found.length > 0 ? wordOrTerm(word, found) : bodyPhrase(words)
}

/** Some of the words, long ones first: they are likely to be rare. */
function rarestFirst(phrases: Phrase[]): Phrase[] {
  const single = phrases.flatMap((phrase) =>
    phrase.match === "exact"
      ? phrase.words.map((word): Phrase => ({ words: [word], match: "exact" }))
      : phrase,
  )
  const distinct = new Map(single.map((phrase) => [phrase.match + phrase.words.join(), phrase]))
  const lengthOf = ({ words }: Phrase) => words[0]?.length ?? 0
  return [...distinct.values()].toSorted((a, b) => lengthOf(b) - lengthOf(a)).slice(0, maxParts)
}

async function termsFor(
  source: SearchSource,
  filter: Filter,
  scope: Condition,
  context: SearchContext,
): Promise<string[]> {
  const { db } = source
  const { operator, value } = filter
  if (operator === "has") return [terms.has(value as ContentKind)]
  if (operator === "in") return placesNamed(value, await listSearchableChannels(db, context.viewer.id))

  const name = value.replace(/^@/, "")
  if (operator === "mentions" && name.toLowerCase() === everyone) return [terms.mentions(everyone)]

  if (operator === "mentions" && name.toLowerCase() === "me") {
    const roleIds = await listHeldRoleIds(db, context.viewer.id)
    return [context.viewer.id, ...roleIds.slice(0, maxRoles)].map(terms.mentions)
  }

  const user = await findSearchedUser(db, name, context.viewer)
  const candidates =
    operator === "mentions"
      ? [user && terms.mentions(user.id)]
      : [user && terms.by(user.id), terms.byName(name)]
  const userTerms = candidates.filter((term) => term !== undefined)
  // Former members and names of webhooks can be searched for where the viewer can see messages of theirs.
  const isKnown = user?.isVisible || (await existsInScope(source, scope, userTerms))
  return isKnown ? userTerms : refuseQuery(`No user named “${name}” in your servers and conversations`)
}

async function existsInScope(source: SearchSource, scope: Condition, userTerms: string[]): Promise<boolean> {
  return userTerms.length > 0 && (await existsAnywhere(source, [scope, anyTerm(userTerms)]))
}

interface SearchedUser {
  id: string
  /** Do they share a server or a conversation with the viewer? */
  isVisible: boolean
}

async function findSearchedUser(
  db: SearchSource["db"],
  name: string,
  viewer: SearchContext["viewer"],
): Promise<SearchedUser | undefined> {
  if (name.toLowerCase() === "me") return { id: viewer.id, isVisible: true }

  const user = await findUserByName(db, name)
  if (!user) return undefined

  return { id: user.id, isVisible: (await findKnownPerson(db, viewer.id, user.id)) !== undefined }
}

/** The names that `in:` accepts for a channel; the last one also tells channels of the same name apart. */
function namesOf({ serverName, channelName, isConversation }: SearchableChannel): string[] {
  return isConversation
    ? [channelName, `@${channelName}`]
    : [channelName, `#${channelName}`, `${serverName} #${channelName}`]
}

function placesNamed(value: string, places: SearchableChannel[]): string[] {
  const name = foldName(value)
  const channels = places.filter((place) => namesOf(place).some((other) => foldName(other) === name))
  const servers = places.filter((place) => !place.isConversation && foldName(place.serverName) === name)
  const matches = [
    ...channels.map(({ channelId }) => terms.inChannel(channelId)),
    ...servers.map(({ serverId }) => terms.inServer(serverId)),
  ]
  if (matches.length > 0) return [...new Set(matches)]

  const near = places.find(({ channelName }) => foldName(channelName).includes(name.replace(/^[#@]/, "")))
  const advice = near
    ? `Did you mean ${inOperator(near, places)}?`
    : "Put a name with spaces in quotation marks"
  return refuseQuery(`No channel, server or conversation named “${value}”. ${advice}`)
}

/** The filter for a channel: `in:#general`, or `in:"Lab #general"` when several channels have that name. */
export function inOperator(place: SearchableChannel, places: SearchableChannel[]): string {
  const names = namesOf(place)
  const isUnique = places.filter((other) => namesOf(other).includes(names[1] ?? "")).length === 1
  const name = ((isUnique ? names[1] : names.at(-1)) ?? "").replaceAll('"', "")
  return `in:${/\s/.test(name) ? `"${name}"` : name}`
}

/** Quotation marks are ignored: a quoted name cannot contain them. */
function foldName(name: string): string {
  return fold(name.normalize("NFC").replaceAll('"', "").replace(/\s+/g, " ").trim())
}

function rangeOf(filters: Filter[], { clock, now }: SearchContext): Range {
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

  return refuseQuery("No day matches both before: and after:")
}

function dayPlus(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)
}
