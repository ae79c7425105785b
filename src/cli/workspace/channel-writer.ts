import type { Database as Sqlite } from "bun:sqlite"
import { excerptOf } from "../../features/messages/excerpt.ts"
import type { MessageExtras } from "../../features/messages/extras.ts"
import { threadNameOf as nameOfThread } from "../../features/threads/names.ts"
import type { SeededRandom } from "./seeded-random.ts"
import { messageText, sentence } from "./texts.ts"

/** A user of the workspace. */
export interface WorkspaceUser {
  id: string
  username: string
}

interface ChannelSpan {
  serverId: string
  channelId: string
  /** The first ones write the most. */
  members: WorkspaceUser[]
  /** When its history begins and ends, in milliseconds since the epoch. */
  since: number
  until: number
}

interface WrittenMessage {
  id: string
  author: WorkspaceUser
  content: string
}

/** The probability of each property of a message; `sameAuthor` continues the message before. */
const probability = {
  sameAuthor: 0.35,
  reply: 0.08,
  reaction: 0.09,
  mention: 0.06,
  edit: 0.02,
  thread: 0.003,
}
const emoji = ["👍", "❤️", "😂", "🎉", "👀", "🙏", "🚀", "🔥"]
/** Replies quote one of this many messages before. */
const maxReplyDistance = 12
const maxPins = 3
const hourMs = 3_600_000

const prepareStatements = (sqlite: Sqlite) => ({
  message: sqlite.prepare(
    "insert into messages (id, channel_id, user_id, content, position, seq, ordinal, created_at, edited_at, extras) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
  ),
  channel: sqlite.prepare(
    "insert into channels (id, server_id, name, parent_id, seq, message_count, created_at) values (?, ?, ?, ?, ?, ?, ?)",
  ),
  head: sqlite.prepare("update channels set seq = ?, message_count = ? where id = ?"),
  reply: sqlite.prepare("insert into replies (message_id, quoted_id, quoted_user_id) values (?, ?, ?)"),
  reaction: sqlite.prepare(
    "insert into reactions (message_id, user_id, emoji, created_at) values (?, ?, ?, ?)",
  ),
  mention: sqlite.prepare(
    "insert into mentions (message_id, channel_id, user_id, position) values (?, ?, ?, ?)",
  ),
  pin: sqlite.prepare("insert into pins (message_id, channel_id, user_id, created_at) values (?, ?, ?, ?)"),
  version: sqlite.prepare(
    "insert into message_versions (message_id, seq, content, written_at) values (?, ?, ?, ?)",
  ),
  read: sqlite.prepare(
    "insert into read_positions (user_id, channel_id, position, ordinal) values (?, ?, ?, ?) on conflict (user_id, channel_id) do update set position = excluded.position, ordinal = excluded.ordinal",
  ),
})

/** Writes a channel's history to the database, in parts. */
export class ChannelWriter {
  readonly #statements: ReturnType<typeof prepareStatements>
  readonly #span: ChannelSpan
  readonly #random: SeededRandom
  readonly #count: number
  readonly #isPlain: boolean
  #written = 0
  #ordinal = 0
  #seq = 0
  #pins = 0
  #recent: WrittenMessage[] = []

  constructor(
    sqlite: Sqlite,
    span: ChannelSpan,
    { random, messages, plain = false }: { random: SeededRandom; messages: number; plain?: boolean },
  ) {
    this.#span = span
    this.#random = random
    this.#count = messages
    this.#isPlain = plain
    this.#statements = prepareStatements(sqlite)
  }

  /** Whether the whole history is written. */
  get isDone(): boolean {
    return this.#written >= this.#count
  }

  /** Writes up to `max` messages. */
  write(max: number): void {
    for (const until = this.#written + max; this.#written < until && !this.isDone; ) this.#writeMessage()
  }

  /** Marks the history as read by these users; in some channels all but the last few messages. */
  finish(readers: WorkspaceUser[]): void {
    const { channelId } = this.#span
    this.#statements.head.run(this.#seq, this.#ordinal, channelId)
    for (const { id } of readers) {
      const unread = this.#isPlain || this.#random.happens(0.7) ? 0 : this.#random.between(1, 30)
      const read = Math.max(0, this.#ordinal - unread)
      this.#statements.read.run(
        id,
        channelId,
        unread === 0 ? this.#seq : Math.max(0, this.#seq - unread),
        read,
      )
    }
  }

  #writeMessage(): void {
    const span = this.#span
    const random = this.#random
    const isPlain = this.#isPlain
    const before = this.#recent.at(-1)
    const isSameAuthor = before && random.happens(probability.sameAuthor)
    const author = isSameAuthor ? before.author : random.pickEarly(span.members)
    const message: WrittenMessage = { id: random.id(), author, content: messageText(random) }
    const [position, at] = [++this.#seq, this.#time()]
    this.#written++

    const extras = isPlain ? {} : this.#extras(message, position, at)
    const original = !isPlain && random.happens(probability.edit) ? sentence(random) : undefined
    const isChanged = extras.reactions || extras.thread || extras.pinned || original !== undefined
    const seq = isChanged ? ++this.#seq : position
    this.#statements.message.run(
      ...[message.id, span.channelId, author.id, message.content, position, seq, ++this.#ordinal, at],
      original === undefined ? null : at + 60_000,
      Object.keys(extras).length > 0 ? JSON.stringify(extras) : null,
    )
    this.#writeRelated(message, extras, { position, at })
    if (original !== undefined) this.#statements.version.run(message.id, position, original, at)
    this.#recent = [...this.#recent.slice(1 - maxReplyDistance), message]
  }

  /** Everything of a message but its text. Puts the name of a mentioned user into the text. */
  #extras(message: WrittenMessage, position: number, at: number): MessageExtras {
    const span = this.#span
    const random = this.#random
    const extras: MessageExtras = {}
    const quoted = random.happens(probability.reply) ? random.pick(this.#recent) : undefined
    if (quoted) {
      const { id, author } = quoted
      const excerpt = excerptOf({ content: quoted.content, extras: null })
      extras.replyTo = { id, userId: author.id, username: author.username, excerpt }
    }
    if (random.happens(probability.mention)) {
      const { id: userId, username } = random.pickEarly(span.members)
      message.content = `@${username} ${message.content}`
      extras.mentions = [{ userId, username }]
    }
    if (random.happens(probability.reaction)) extras.reactions = this.#reactions()
    if (this.#pins < maxPins && position > 20 && random.happens(probability.reaction / 3))
      extras.pinned = true
    if (random.happens(probability.thread)) extras.thread = this.#thread(at)
    return extras
  }

  #reactions(): NonNullable<MessageExtras["reactions"]> {
    const span = this.#span
    const random = this.#random
    const chosen = new Set(Array.from({ length: random.between(1, 3) }, () => random.pickEarly(emoji)))
    return [...chosen].map((emoji) => {
      const users = Array.from({ length: random.between(1, 6) }, () => random.pickEarly(span.members))
      const by = [...new Map(users.map((one) => [one.id, one])).values()]
      return { emoji, count: by.length, by: by.map(({ id: userId, username }) => ({ userId, username })) }
    })
  }

  #thread(at: number): MessageExtras["thread"] {
    const count = Math.min(this.#random.between(2, 20), this.#count - this.#written)
    this.#written += count
    return { channelId: this.#random.id(), count, lastAt: new Date(at + count * 60_000) }
  }

  /** The rows of other tables that belong to a message. */
  #writeRelated(
    { id, author, content }: WrittenMessage,
    extras: MessageExtras,
    { position, at }: { position: number; at: number },
  ): void {
    const span = this.#span
    const random = this.#random
    const { replyTo, mentions = [], reactions = [], pinned, thread } = extras
    if (replyTo?.userId) this.#statements.reply.run(id, replyTo.id, replyTo.userId)
    for (const { userId } of mentions) {
      if (userId !== author.id) this.#statements.mention.run(id, span.channelId, userId, position)
    }
    for (const { emoji, by } of reactions) {
      for (const { userId } of by) this.#statements.reaction.run(id, userId, emoji, at)
    }
    if (pinned) {
      this.#pins++
      this.#statements.pin.run(id, span.channelId, span.members[0]?.id ?? "", at)
    }
    if (!thread) return

    const { channelId, count } = thread
    const name = nameOfThread({ content, extras: null })
    this.#statements.channel.run(channelId, span.serverId, name, id, count, count, at)
    for (let n = 1; n <= count; n++) {
      const who = random.pickEarly(span.members)
      this.#statements.message.run(
        random.id(),
        channelId,
        who.id,
        messageText(random),
        n,
        n,
        n,
        at + n * 60_000,
        null,
        null,
      )
    }
  }

  /** When the next message was written: evenly over the span, between 7:00 and 18:00 UTC. */
  #time(): number {
    const { since, until } = this.#span
    const at = since + ((until - since) * this.#written) / (this.#count + 1)
    const day = Math.floor(at / (24 * hourMs)) * 24 * hourMs
    return Math.round(day + 7 * hourMs + (at - day) * (11 / 24))
  }
}
