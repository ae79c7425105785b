import type { ServerName } from "../../../views/layout.tsx"
import { MembersPane } from "../../../views/members.tsx"
import type { Db } from "../../db/open.ts"
import type { Counted } from "../../db/stamps.ts"
import { type Bytes, encode, joined } from "../../web/bytes.ts"
import { Kept } from "../../web/kept.ts"
import { findChannelSeenBy, type SeenChannel } from "../channels/store.ts"
import type { Presence } from "../presence/presence.ts"
import { type History, readHistory } from "./history.ts"
import { findSurroundings, type Lists, type People } from "./store.ts"

interface Dependencies {
  db: Db
  stamp(of: Counted): string
  presence: Presence
}

/** As many as are looked at before most of them have changed. */
const maxKept = 2000
/** Newest pages of channels: some 50 KB of messages each. */
const maxNewest = 500
/** Markup, in bytes or UTF-16 code units. */
const maxMarkup = 16 * 1024 * 1024

/** What it costs to remember a log that was asked for once. */
const askedBytes = 512

const one = () => 1

/** A page as it is around its log: what comes before, and what comes after. */
type Frame = [top: Bytes, bottom: Bytes]

interface Framed {
  channel: SeenChannel
  /** For whom: all that their pages look different by. */
  look: string
  from: string
}

/** Stands for the log in what is kept without it. Nobody can write it: what people write is escaped. */
export const logMark = "<!-- the log -->"

/**
 * What rooms' pages are made of, each part kept by what it is made from: a page for which one thing has changed is made
 * from that and from what is kept. Nothing has to be told of a change: stamps and the data itself tell.
 */
export class KeptRooms {
  readonly #channels = new Kept<SeenChannel>({ max: maxKept, sizeOf: one })
  readonly #lists = new Kept<Lists>({ max: maxMarkup, sizeOf: ({ text }) => text.length })
  readonly #people = new Kept<People>({ max: maxKept, sizeOf: one })
  readonly #newest = new Kept<History>({ max: maxNewest, sizeOf: one })
  readonly #logs = new Kept<Bytes | null>({ max: maxMarkup, sizeOf: (log) => log?.length ?? askedBytes })
  readonly #panes = new Kept<string>({ max: maxMarkup, sizeOf: (markup) => markup.length })
  readonly #frames = new Kept<Frame>({
    max: maxMarkup,
    sizeOf: ([top, bottom]) => top.length + bottom.length,
  })

  constructor(private readonly dependencies: Dependencies) {}

  /** A channel as that viewer sees it (`findChannelSeenBy`). */
  async channel(viewerId: string, id: string): Promise<SeenChannel | undefined> {
    const [key, from] = [`${viewerId} ${id}`, this.#reading]
    const kept = this.#channels.find(key, from)
    if (kept) return kept

    const found = await findChannelSeenBy(this.dependencies.db, viewerId, id)
    return found && this.#channels.keep(key, from, found)
  }

  /** The end of a channel's log. */
  async newest({ id, seq }: SeenChannel): Promise<History | undefined> {
    // What is said changes with `seq`; what people are called does not.
    const from = `${seq} ${this.#places}`
    const kept = this.#newest.find(id, from)
    if (kept) return kept

    const found = await readHistory(this.dependencies.db, id, {})
    return found && this.#newest.keep(id, from, found)
  }

  /**
   * The end of a channel's log as markup, for those who want it so. Where much is said it changes before it is asked for
   * again, so it is kept when it is.
   */
  log({ id, seq }: SeenChannel, size: string, make: () => (string | Bytes)[]): (string | Bytes)[] {
    const [key, from] = [`${id} ${size}`, `${seq} ${this.#places}`]
    const kept = this.#logs.find(key, from)
    if (kept) return [kept]

    const made = make()
    this.#logs.keep(key, from, kept === null ? joined(made) : null)
    return made
  }

  /** What that viewer sees around a room. */
  async around(
    viewerId: string,
    { id: channelId, serverId }: SeenChannel,
  ): Promise<{ lists: Lists; people: People }> {
    const key = `${viewerId} ${channelId}`
    const [reading, places] = [this.#reading, this.#places]
    const [lists, people] = [this.#lists.find(key, reading), this.#people.find(serverId, places)]
    if (lists && people) return { lists, people }

    const room = { viewerId, serverId, channelId, membersAreKnown: people !== undefined }
    const found = await findSurroundings(this.dependencies.db, room)
    return {
      lists: this.#lists.keep(key, reading, found.lists),
      people: people ?? this.#people.keep(serverId, places, found.people),
    }
  }

  /** Who is in a server and which of them are here, as markup. */
  pane(server: ServerName, { members, total }: People, isOwner: boolean): string {
    const { presence } = this.dependencies
    return this.#panes.of(`${server.id} ${isOwner}`, `${this.#places} ${presence.changes}`, () => {
      const entries = members.map((member) => ({ ...member, status: presence.of(member.userId) }))
      return String(<MembersPane server={server} members={entries} total={total} isOwner={isOwner} />)
    })
  }

  /**
   * A page without its log. It is made from `from` and, as all of these are, from who and what there is and who is here;
   * of a conversation or thread also from what is said elsewhere.
   */
  async frame({ channel, look, from }: Framed, make: () => Promise<string>): Promise<Frame> {
    const { presence } = this.dependencies
    const isListed = !channel.isConversation && channel.parentId === null
    const [key, all] = [
      `${channel.id} ${look}`,
      `${isListed ? this.#places : this.#reading} ${presence.changes} ${from}`,
    ]
    const kept = this.#frames.find(key, all)
    if (kept) return kept

    const [top = "", bottom = ""] = (await make()).split(logMark)
    return this.#frames.keep(key, all, [encode(top), encode(bottom)])
  }

  get #places(): string {
    return this.dependencies.stamp("places")
  }

  /** What a viewer has before them changes with both. */
  get #reading(): string {
    return `${this.#places} ${this.dependencies.stamp("reading")}`
  }
}
