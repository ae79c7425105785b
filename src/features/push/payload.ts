import { inArray, sql } from "drizzle-orm"
import { channels, messages, servers } from "../../../drizzle/schema.ts"
import { nameIn } from "../../../views/people.ts"
import type { Db } from "../../db/database.ts"
import { textsIn } from "../../db/dialect.ts"
import type { Message } from "../messages/contract.ts"
import { shorten } from "../messages/excerpt.ts"
import { summaryOf } from "../messages/render.ts"
import { selectMessages } from "../messages/store.ts"
import type { PushKey } from "./due-queue.ts"

/** Longest parts of a notice, in UTF-16 code units; together far below the 3,993 bytes that RFC 8291, section 4, lets a text have. */
const maxTitleLength = 120
const maxBodyLength = 300

/** The payload for a device. */
export interface Push {
  /** The text that is encrypted. */
  text: string
  /** Seconds for which the push service keeps it for a device that is away. */
  ttlSeconds: number
  urgency: "normal" | "high"
  /** The topic: a newer message of the same topic replaces an older one that was not delivered. One for each channel. */
  topic: string
}

/** For how long a device that is away gets its notices, in seconds. */
export const pushTtlSeconds = 86_400

/** The subject of a notification, with the names that it shows. */
export interface NoticeSubject {
  message: Message
  place: Place
}

interface Place {
  channelId: string
  channelName: string
  serverName: string
  isConversation: boolean
  isPair: boolean
  isThread: boolean
}

/** The messages of notices and where they are, by the messages' ids. */
export async function findSubjects(
  db: Db,
  pushes: readonly Pick<PushKey, "messageId">[],
): Promise<Map<string, NoticeSubject>> {
  const messageIds = JSON.stringify([...new Set(pushes.map(({ messageId }) => messageId))])
  const found = await selectMessages(db)
    .where(sql`${messages.id} in ${textsIn(db, messageIds)}`)
    .all()
  const channelIds = [...new Set(found.map(({ channelId }) => channelId))]
  const places = await db
    .select({
      channelId: channels.id,
      channelName: channels.name,
      serverName: servers.name,
      isConversation: sql<boolean>`${servers.kind} = 'direct'`.mapWith(Boolean),
      isPair: sql<boolean>`${servers.pair} is not null`.mapWith(Boolean),
      isThread: sql<boolean>`${channels.parentId} is not null`.mapWith(Boolean),
    })
    .from(channels)
    .innerJoin(servers, sql`${servers.id} = ${channels.serverId}`)
    .where(inArray(channels.id, channelIds))
    .all()
  const placeOf = new Map(places.map((place) => [place.channelId, place]))
  return new Map(
    found.flatMap((message) => {
      const place = placeOf.get(message.channelId)
      return place ? [[message.id, { message, place }] as const] : []
    }),
  )
}

export interface PushLook {
  /** The name of the instance. */
  name: string
  /** The origin to open it at; empty if unknown. */
  origin: string
  /** The path of the icon. */
  icon: string
}

interface Shown {
  reason: string
  isTextShown: boolean
  /** How many messages the device shows notices of. */
  badge: number
}

/** The notice of a message. */
export function noticePush({ message, place }: NoticeSubject, shown: Shown, look: PushLook): Push {
  const { id, serverId, channelId, createdAt } = message
  const isReminder = shown.reason === "reminder"
  const { title, body } = shown.isTextShown
    ? textOf(message, place)
    : { title: look.name, body: isReminder ? "Reminder of a message" : "New message" }
  const isForOne = place.isConversation || shown.reason !== "message"
  const notification = {
    title: shorten(isReminder ? `Reminder: ${title}` : title, maxTitleLength),
    body: shorten(body, maxBodyLength),
    navigate: `${look.origin}/messages/${id}`,
    tag: tagOf(channelId),
    icon: look.icon,
    dir: "auto",
    silent: false,
    app_badge: String(shown.badge),
    // A reminder is shown whatever was shown before; the other notices only when the page has not shown them.
    data: {
      ...{ messageId: id, serverId, channelId },
      ...(isReminder ? {} : { sentAt: createdAt.getTime() }),
      ...(place.isThread ? { isInThread: true } : {}),
    },
  }
  return {
    text: encode(notification, shown.badge),
    ttlSeconds: pushTtlSeconds,
    urgency: isForOne ? "high" : "normal",
    topic: topicOfChannel(channelId),
  }
}

/** A notice that says only that notices arrive. */
export function testPush(look: PushLook): Push {
  const notification = {
    title: look.name,
    body: "Push works on this device.",
    navigate: `${look.origin}/account/devices-for-push`,
    tag: "test",
    icon: look.icon,
  }
  return { text: encode(notification), ttlSeconds: 60, urgency: "high", topic: "test" }
}

/**
 * Takes back the notices of a channel. A device that is away never gets them: this replaces what waits for it, and is not
 * kept itself.
 */
export function withdrawalPush(channelId: string, badge: number): Push {
  const text = JSON.stringify({ withdraw: tagOf(channelId), app_badge: badge })
  return { text, ttlSeconds: 0, urgency: "normal", topic: topicOfChannel(channelId) }
}

/**
 * A notice in the form that Safari shows without running any script; the service worker of other browsers reads the same.
 * Source: W3C Push API, "Declarative push message".
 */
function encode(notification: object, badge?: number): string {
  return JSON.stringify({ web_push: 8030, notification, app_badge: badge })
}

function textOf(message: Message, { channelName, serverName, ...place }: Place) {
  const author = message.extras?.bot?.name ?? nameIn(message, message) ?? message.username
  const said = summaryOf(message)
  if (place.isPair) return { title: author, body: said }

  const title = place.isConversation ? serverName || author : `#${channelName} · ${serverName}`
  return { title, body: `${author}: ${said}` }
}

/** By this a device replaces a notice by the next one of the same channel. */
const tagOf = (channelId: string) => `channel-${channelId}`

/** At most 32 characters of base64url. Source: RFC 8030, section 5.4. The push service does not learn the channel. */
function topicOfChannel(channelId: string): string {
  return new Bun.CryptoHasher("sha256").update(channelId).digest().subarray(0, 24).toString("base64url")
}
