import { MembersPane } from "../../../views/members.tsx"
import type { ServerName } from "../../../views/shell.tsx"
import type { Slotted } from "../../../views/slotted.ts"
import { AdmissionFilter, Cache } from "../../cache/cache.ts"
import type { DataVersions } from "../../cache/versions.ts"
import { type Bytes, type PagePart, toPagePart } from "../../web/bytes.ts"
import type { PageReader } from "../messages/pages.ts"
import { can, canActOn } from "../permissions/can.ts"
import type { Identity, Standing } from "../permissions/standing.ts"
import { type ChannelAccess, findChannelAccess, type SeenChannel } from "../permissions/store.ts"
import type { Presence } from "../presence/presence.ts"
import { type HistoryPage, readHistory } from "./history.ts"
import { type MemberList, MemberLists } from "./member-lists.ts"
import { findSidebar, type Sidebar } from "./store.ts"

interface Dependencies extends PageReader {
  dataVersions: DataVersions
  presence: Presence
}

/** Entries are small, and most are requested again before they change. */
const maxChannels = 2000
/** Memory for each cache below, in bytes or UTF-16 code units. */
const maxBytes = 16 * 1024 * 1024
/** Approximate memory of a row, without its texts. */
const rowBytes = 400

/** A room's page, before and after its log. */
export interface RoomFrame {
  before: PagePart
  after: PagePart
}

interface FrameInputs {
  channel: SeenChannel
  /** Identifies the viewer and the variant of the page. */
  key: string
  /** Version of its inputs, except the directory and presence. */
  version: string
}

/**
 * Caches the parts of a room page, so that a change of one part does not render the others again. Every entry stores
 * the data version it was built from, so nothing has to be invalidated explicitly.
 */
export class RoomCache {
  readonly #dependencies: Dependencies
  readonly #channels = new Cache<ChannelAccess>({ maxEntries: maxChannels })
  readonly #sidebars = new Cache<Sidebar>({ maxBytes, bytesOf: (sidebar) => sidebar.bytes })
  readonly #memberLists: MemberLists
  readonly #newest = new Cache<HistoryPage>({ maxBytes, bytesOf: historyBytes })
  readonly #logs = new Cache<PagePart>({ maxBytes, bytesOf: ({ bytes }) => bytes.length })
  readonly #logRequests = new AdmissionFilter()
  readonly #memberPanes = new Cache<string>({ maxBytes, bytesOf: (markup) => markup.length })
  readonly #frames = new Cache<RoomFrame>({
    maxBytes,
    bytesOf: ({ before, after }) => before.bytes.length + after.bytes.length,
  })

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies
    this.#memberLists = new MemberLists(dependencies)
  }

  /** A channel with the viewer's read position and standing; `undefined` when they may not read it. */
  channel(viewer: Identity, id: string): Promise<ChannelAccess | undefined> {
    const { db, dataVersions } = this.#dependencies
    return this.#channels.getOrLoad(`${viewer.id} ${id}`, dataVersions.unread, async () =>
      findChannelAccess(db, viewer, id),
    )
  }

  /** The end of a channel's log. */
  newest(channel: SeenChannel): Promise<HistoryPage | undefined> {
    return this.#newest.getOrLoad(channel.id, this.#logVersion(channel), () =>
      readHistory(this.#dependencies, channel, {}),
    )
  }

  /** The end of a channel's log as markup, shared by viewers with the same `variantKey`. */
  log(channel: SeenChannel, variantKey: string, render: () => (string | Bytes)[]): PagePart {
    const [key, version] = [`${channel.id} ${variantKey}`, this.#logVersion(channel)]
    const cached = this.#logs.get(key, version)
    if (cached) return cached

    const rendered = toPagePart(render())
    if (this.#logRequests.admits(key, version)) this.#logs.set(key, version, rendered)
    return rendered
  }

  /** The servers, channels and unread counts in the sidebar of a room. */
  sidebar(viewerId: string, { id: channelId, serverId }: SeenChannel): Promise<Sidebar> {
    const { db, dataVersions } = this.#dependencies
    return this.#sidebars.getOrLoad(`${viewerId} ${channelId}`, dataVersions.unread, () =>
      findSidebar(db, { viewerId, serverId, channelId }),
    )
  }

  /** The members that a room lists in the sidebar. */
  members(channel: Pick<SeenChannel, "serverId" | "rootId">): Promise<MemberList> {
    return this.#memberLists.of(channel)
  }

  /** The members of a server with their statuses, as markup. */
  async memberPane(server: ServerName, list: MemberList, standing: Standing): Promise<string> {
    const { presence, dataVersions } = this.#dependencies
    const { id, members } = list
    const version = `${dataVersions.directory} presence:${presence.version}`
    // Viewers of the same rank may remove the same members.
    const mayRemove = can(standing, "kickMembers") ? standing.rank : "nobody"
    return this.#memberPanes.getOrCreate(`${id} ${mayRemove}`, version, () => {
      const entries = members.map((member) => ({
        ...member,
        status: presence.of(member.userId),
        mayRemove: canActOn(standing, "kickMembers", member),
      }))
      return String(<MembersPane {...list} server={server} members={entries} />)
    })
  }

  /** A room's page around its log. */
  frame({ channel, key, version }: FrameInputs, render: () => Promise<Slotted>): Promise<RoomFrame> {
    const { presence, dataVersions } = this.#dependencies
    // The page of a conversation lists all conversations by activity, and a thread quotes its message.
    const showsMessages = channel.isConversation || channel.parentId !== null
    const dataVersion = showsMessages ? dataVersions.unread : dataVersions.directory
    return this.#frames.getOrLoad(
      `${channel.id} ${key}`,
      `${dataVersion} presence:${presence.version} ${version}`,
      async () => toRoomFrame(await render()),
    )
  }

  /** Every change of a message changes its channel's `seq`, but its author's name is in the directory. */
  #logVersion({ seq }: SeenChannel): string {
    return `log:${seq} ${this.#dependencies.dataVersions.directory}`
  }
}

export function toRoomFrame({ before, after }: Slotted): RoomFrame {
  return { before: toPagePart([before]), after: toPagePart([after]) }
}

function historyBytes({ messages }: HistoryPage): number {
  return messages.reduce(
    (bytes, { content, extras }) =>
      bytes + rowBytes + content.length + (extras ? JSON.stringify(extras).length : 0),
    0,
  )
}
