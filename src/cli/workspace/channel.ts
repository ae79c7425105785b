import type { Database as Sqlite } from "bun:sqlite"
import { excerptOf } from "../../features/messages/excerpt.ts"
import type { MessageExtras } from "../../features/messages/extras.ts"
import { nameOf as nameOfThread } from "../../features/threads/names.ts"
import type { Chance } from "./random.ts"
import { say, sentence } from "./texts.ts"

export interface Named {
  id: string
  username: string
}

interface Place {
  serverId: string
  channelId: string
  people: Named[]
  since: number
  until: number
}

interface Said {
  id: string
  author: Named
  content: string
}

/** How often, of a hundred messages, each of these is seen. */
const share = { goesOn: 0.35, reply: 0.08, reaction: 0.09, mention: 0.06, edit: 0.02, thread: 0.003 }
const emoji = ["👍", "❤️", "😂", "🎉", "👀", "🙏", "🚀", "🔥"]
/** People answer what was said just before. */
const maxBack = 12
const maxPins = 3
const hourMs = 3_600_000

const statements = (sqlite: Sqlite) => ({
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
    "insert into read_positions (user_id, channel_id, position, ordinal) values (?, ?, ?, ?) on conflict do update set position = excluded.position, ordinal = excluded.ordinal",
  ),
})

/** Writes a channel's history, part by part, as if it had been said. */
export class ChannelWriter {
  readonly #do: ReturnType<typeof statements>
  #written = 0
  #ordinal = 0
  #seq = 0
  #pins = 0
  #last: Said[] = []

  constructor(
    sqlite: Sqlite,
    private readonly place: Place,
    private readonly chance: Chance,
    private readonly count: number,
    private readonly isPlain = false,
  ) {
    this.#do = statements(sqlite)
  }

  get isDone(): boolean {
    return this.#written >= this.count
  }

  write(most: number): void {
    for (const until = this.#written + most; this.#written < until && !this.isDone; ) this.#say()
  }

  /** Its readers have read it, but for the end of some channels. */
  finish(readers: Named[]): void {
    const { channelId } = this.place
    this.#do.head.run(this.#seq, this.#ordinal, channelId)
    for (const { id } of readers) {
      const unread = this.isPlain || this.chance.happens(0.7) ? 0 : this.chance.between(1, 30)
      const read = Math.max(0, this.#ordinal - unread)
      this.#do.read.run(id, channelId, unread === 0 ? this.#seq : Math.max(0, this.#seq - unread), read)
    }
  }

  #say(): void {
    const { place, chance, isPlain } = this
    const before = this.#last.at(-1)
    const goesOn = before && chance.happens(share.goesOn)
    const author = goesOn ? before.author : chance.pickEarly(place.people)
    const said: Said = { id: chance.id(), author, content: say(chance) }
    const [position, at] = [++this.#seq, this.#time()]
    this.#written++

    const extras = isPlain ? {} : this.#extras(said, position, at)
    const first = !isPlain && chance.happens(share.edit) ? sentence(chance) : undefined
    const isChanged = extras.reactions || extras.thread || extras.pinned || first !== undefined
    const seq = isChanged ? ++this.#seq : position
    this.#do.message.run(
      ...[said.id, place.channelId, author.id, said.content, position, seq, ++this.#ordinal, at],
      first === undefined ? null : at + 60_000,
      Object.keys(extras).length > 0 ? JSON.stringify(extras) : null,
    )
    this.#beside(said, position, at, extras)
    if (first !== undefined) this.#do.version.run(said.id, position, first, at)
    this.#last = [...this.#last.slice(1 - maxBack), said]
  }

  /** What a message has besides its text. */
  #extras(said: Said, position: number, at: number): MessageExtras {
    const { chance, place } = this
    const extras: MessageExtras = {}
    const quoted = chance.happens(share.reply) ? chance.pick(this.#last) : undefined
    if (quoted) {
      const { id, author } = quoted
      const excerpt = excerptOf({ content: quoted.content, extras: null })
      extras.replyTo = { id, userId: author.id, username: author.username, excerpt }
    }
    if (chance.happens(share.mention)) {
      const { id: userId, username } = chance.pickEarly(place.people)
      said.content = `@${username} ${said.content}`
      extras.mentions = [{ userId, username }]
    }
    if (chance.happens(share.reaction)) extras.reactions = this.#reactions()
    if (this.#pins < maxPins && position > 20 && chance.happens(share.reaction / 3)) extras.pinned = true
    if (chance.happens(share.thread)) extras.thread = this.#thread(at)
    return extras
  }

  #reactions(): NonNullable<MessageExtras["reactions"]> {
    const { chance, place } = this
    const chosen = new Set(Array.from({ length: chance.between(1, 3) }, () => chance.pickEarly(emoji)))
    return [...chosen].map((emoji) => {
      const people = Array.from({ length: chance.between(1, 6) }, () => chance.pickEarly(place.people))
      const by = [...new Map(people.map((one) => [one.id, one])).values()]
      return { emoji, count: by.length, by: by.map(({ id: userId, username }) => ({ userId, username })) }
    })
  }

  #thread(at: number): MessageExtras["thread"] {
    const count = Math.min(this.chance.between(2, 20), this.count - this.#written)
    this.#written += count
    return { channelId: this.chance.id(), count, lastAt: new Date(at + count * 60_000) }
  }

  /** The rows that stand beside a message's own. */
  #beside({ id, author, content }: Said, position: number, at: number, extras: MessageExtras): void {
    const { chance, place } = this
    const { replyTo, mentions = [], reactions = [], pinned, thread } = extras
    if (replyTo?.userId) this.#do.reply.run(id, replyTo.id, replyTo.userId)
    for (const { userId } of mentions) {
      if (userId !== author.id) this.#do.mention.run(id, place.channelId, userId, position)
    }
    for (const { emoji, by } of reactions) {
      for (const { userId } of by) this.#do.reaction.run(id, userId, emoji, at)
    }
    if (pinned) {
      this.#pins++
      this.#do.pin.run(id, place.channelId, place.people[0]?.id ?? "", at)
    }
    if (!thread) return

    const { channelId, count } = thread
    const name = nameOfThread({ content, extras: null })
    this.#do.channel.run(channelId, place.serverId, name, id, count, count, at)
    for (let n = 1; n <= count; n++) {
      const who = chance.pickEarly(place.people)
      this.#do.message.run(chance.id(), channelId, who.id, say(chance), n, n, n, at + n * 60_000, null, null)
    }
  }

  /** People talk by day. */
  #time(): number {
    const { since, until } = this.place
    const at = since + ((until - since) * this.#written) / (this.count + 1)
    const day = Math.floor(at / (24 * hourMs)) * 24 * hourMs
    return Math.round(day + 7 * hourMs + (at - day) * (11 / 24))
  }
}
