import { nameIn } from "../../../views/people.ts"
import { Refusal } from "../../kernel/index.ts"
import { listBlockedIds } from "../blocks/store.ts"
import type { Message } from "../messages/contract.ts"
import { shorten } from "../messages/excerpt.ts"
import { summaryOf } from "../messages/render.ts"
import { listTail } from "../messages/store.ts"
import { can } from "../permissions/can.ts"
import { findChannelAccess } from "../permissions/store.ts"
import { searchPageSize } from "../search/contract.ts"
import { findNewest } from "../search/find.ts"
import { resolveQuery } from "../search/resolve.ts"
import { messageIndex } from "../search/search-index.ts"
import { parseQuery } from "../search/syntax.ts"
import type { Services } from "../services.ts"
import { clockIn } from "../settings/contract.ts"
import { findSettings } from "../settings/store.ts"
import { atomOf } from "./atom.ts"
import type { OpenFeed } from "./store.ts"

/** Messages of a channel's feed. */
const channelEntries = 50
/** In UTF-16 code units. */
const maxTitleLength = 80

interface Found {
  messages: Message[]
  /** The page that shows the same. */
  path: string
}

interface Place {
  /** The chat's. */
  origin: string
  selfUrl: string
}

/**
 * A feed as XML, with what its creator may read now, without messages of people whom they blocked. `updatedAt` is the last
 * change of an entry. Fails: 404 (they may not read it any more), 410 (the channel was deleted).
 */
export async function readFeed(services: Services, feed: OpenFeed, { origin, selfUrl }: Place) {
  const found = feed.channelId === null ? await search(services, feed) : await readChannel(services, feed)
  const blocked = new Set(await listBlockedIds(services.db, feed.userId))
  const shown = found.messages.filter(({ deletedAt, userId }) => !deletedAt && !blocked.has(userId))
  const entries = shown.map((message) => entryOf(message, origin))
  const updatedAt = new Date(
    Math.max(...[feed.createdAt, ...entries.map(({ updatedAt }) => updatedAt)].map(Number)),
  )
  const subtitle = `Messages that ${feed.username} may read`
  const { id, name: title } = feed
  const xml = atomOf({ id, title, subtitle, selfUrl, url: `${origin}${found.path}`, updatedAt, entries })
  return { xml, updatedAt }
}

const noSuchFeed = "There is no such feed"

async function readChannel({ db }: Services, { channelId, userId }: OpenFeed): Promise<Found> {
  const access = await findChannelAccess(db, { id: userId }, channelId ?? "")
  if (!access) throw new Refusal("The channel of this feed was deleted", 410)
  if (!can(access.standing, "readHistory")) throw new Refusal(noSuchFeed, 404)

  const { id, serverId } = access.channel
  const messages = (await listTail(db, id, channelEntries)).reverse()
  return { messages, path: `/servers/${serverId}/channels/${id}` }
}

async function search(services: Services, feed: OpenFeed): Promise<Found> {
  const { query: text, userId, username } = feed
  const query = parseQuery(text ?? "")
  const settings = await findSettings(services.db, userId)
  await services.workers.get(messageIndex).settle()
  const resolved = await resolveQuery(services, query, {
    viewer: { id: userId, username },
    clock: services.clocks.in(clockIn(settings).zone),
    now: new Date(),
  }).catch((error: unknown) => {
    // It names a user or place that the owner may no longer see.
    throw error instanceof Refusal ? new Refusal(noSuchFeed, 404) : error
  })
  const request = { ...resolved, viewerId: userId, limit: searchPageSize }
  const { matches } = await findNewest(services, request, services.searchPace)
  return {
    messages: matches.map(({ message }) => message),
    path: `/search?q=${encodeURIComponent(text ?? "")}`,
  }
}

function entryOf(message: Message, origin: string) {
  const { id, userId, username, extras, content, createdAt, editedAt } = message
  const author = extras?.bot?.name ?? nameIn(message, { userId, username }) ?? username
  const summary = summaryOf(message)
  return {
    ...{ id, author, title: shorten(summary, maxTitleLength), text: content || summary },
    url: `${origin}/messages/${id}`,
    publishedAt: createdAt,
    updatedAt: editedAt ?? createdAt,
  }
}
