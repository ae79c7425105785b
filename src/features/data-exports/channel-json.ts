import type { Message } from "../messages/contract.ts"
import { type Author, authorsOf, pagesOfMessages, reactorsOf, type StoredChannel } from "./server-store.ts"
import type { ExportSources } from "./sources.ts"
import { filePath } from "./stored-files.ts"

// The shape of DiscordChatExporter's JSON, which importers read. Source: PEERS, "Exports"; github.com/Tyrrrz/DiscordChatExporter.

/** The side of the pictures of authors, in pixels. */
const pictureSize = "512"

/** The path of an author's picture in the archive. */
export function picturePath(userId: string): string {
  return `avatars/${userId}.webp`
}

interface InServer {
  guild: { id: string; name: string }
  channel: StoredChannel
  /** All of the server. */
  channels: readonly StoredChannel[]
  /** Filled with the pictures of authors: their keys in the file store, by user id. */
  pictures: Map<string, string>
}

/** A channel with its messages, as the text of a JSON file, some messages at a time. */
export async function* channelJson(
  { db, now, check }: ExportSources,
  { guild, channel, channels, pictures }: InServer,
): AsyncGenerator<string> {
  const parent = channels.find(({ id }) => id === channel.rootId)
  const head = {
    guild: { id: guild.id, name: guild.name, iconUrl: "" },
    channel: {
      id: channel.id,
      type: parent ? "GuildPublicThread" : "GuildTextChat",
      // For a thread, its channel.
      categoryId: parent?.id ?? channel.categoryId,
      category: parent?.name ?? channel.categoryName,
      name: channel.name,
      topic: channel.topic || null,
    },
    dateRange: { after: null, before: null },
    exportedAt: now.toISOString(),
  }
  let count = 0
  yield `${JSON.stringify(head).slice(0, -1)},"messages":[`
  for await (const page of pagesOfMessages(db, channel.id)) {
    check()
    const texts = await textsOf(page, { db, guild, pictures })
    yield `${count > 0 ? "," : ""}\n${texts.join(",\n")}`
    count += page.length
  }
  yield `\n],"messageCount":${count}}\n`
}

async function textsOf(
  page: Message[],
  { db, guild, pictures }: Pick<InServer, "guild" | "pictures"> & { db: ExportSources["db"] },
): Promise<string[]> {
  const named = page.flatMap(({ userId, extras }) => [
    userId,
    ...(extras?.mentions ?? []).map((mention) => mention.userId),
  ])
  const authors = await authorsOf(db, guild.id, named)
  for (const { id, avatarKeys } of authors.values()) {
    const key = avatarKeys?.[pictureSize]
    if (key) pictures.set(id, key)
  }
  const reacted = page.filter(({ extras }) => extras?.reactions).map(({ id }) => id)
  const reactors = await reactorsOf(db, reacted)
  return page.map((message) =>
    JSON.stringify(
      messageOf(message, { guildId: guild.id, authors, reactors: reactors.get(message.id) ?? [] }),
    ),
  )
}

interface Known {
  guildId: string
  authors: ReadonlyMap<string, Author>
  reactors: { emoji: string; id: string; username: string }[]
}

function messageOf(message: Message, { guildId, authors, reactors }: Known) {
  const { id, channelId, userId, content, createdAt, editedAt, extras } = message
  const { replyTo, attachments = [], previews = [], mentions = [], pinned, poll, thread } = extras ?? {}
  return {
    id,
    type: replyTo ? "Reply" : "Default",
    timestamp: createdAt.toISOString(),
    timestampEdited: editedAt?.toISOString() ?? null,
    callEndedTimestamp: null,
    isPinned: pinned === true,
    content,
    author: { ...personOf(userId, authors.get(userId)), ...named(message) },
    attachments: attachments.map((file) => ({
      ...{ id: file.id, url: filePath(file), fileName: file.name, fileSizeBytes: file.bytes },
    })),
    components: [],
    embeds: previews.map(({ title, url, description }) => ({
      ...{ title, url, timestamp: null, description: description ?? "", images: [], fields: [] },
    })),
    stickers: [],
    reactions: reactionsOf(message, reactors),
    mentions: mentions.map(({ userId }) => personOf(userId, authors.get(userId))),
    ...(replyTo && { reference: { type: "Default", messageId: replyTo.id, channelId, guildId } }),
    inlineEmojis: [],
    // Not in that shape: what it has no place for.
    ...(poll && { poll }),
    ...(thread && { thread: { id: thread.channelId } }),
  }
}

/** The name that a webhook gave itself for this message. */
function named({ extras }: Message) {
  const { bot } = extras ?? {}
  return bot ? { isBot: true, ...(bot.name && { name: bot.name, nickname: bot.name }) } : {}
}

function personOf(id: string, author?: Author) {
  const roles = author?.roles ?? []
  const name = author?.username ?? id
  return {
    id,
    name,
    discriminator: "0000",
    nickname: author?.nickname ?? author?.displayName ?? name,
    color: colorOf(roles.findLast(({ color }) => color !== 0)?.color),
    isBot: Boolean(author?.botOwnerId),
    roles: roles.map((role) => ({ ...role, userId: undefined, color: colorOf(role.color) })),
    avatarUrl: author?.avatarKeys?.[pictureSize] ? picturePath(id) : "",
  }
}

function colorOf(color = 0): string | null {
  return color === 0 ? null : `#${color.toString(16).padStart(6, "0").toUpperCase()}`
}

function reactionsOf({ extras }: Message, reactors: Known["reactors"]) {
  return (extras?.reactions ?? []).map(({ emoji, count }) => ({
    emoji: { id: "", name: emoji, code: emoji, isAnimated: false, imageUrl: "" },
    count,
    users: reactors
      .filter((reactor) => reactor.emoji === emoji)
      .map(({ id, username }) => ({
        ...{ id, name: username, discriminator: "0000", nickname: username, isBot: false, avatarUrl: "" },
      })),
  }))
}
