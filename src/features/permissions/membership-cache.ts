import { Cache } from "../../cache/cache.ts"
import type { DataVersions } from "../../cache/versions.ts"
import type { Db } from "../../db/open.ts"
import { type Identity, type Standing, standingOf } from "./standing.ts"
import { findChannelPlace, isMember } from "./store.ts"

/** Channels, and users in servers, that are cached. */
const maxEntries = 20_000

type ChannelPlace = NonNullable<ReturnType<typeof findChannelPlace>>

interface CachedAccess {
  channel: ChannelPlace
  standing: Standing
}

/**
 * Caches who may read which channel: asked for every connection, and after a restart thousands connect at once. Not for
 * the inside of a commit, which may yet be undone: there `isMember` asks.
 */
export class MembershipCache {
  readonly #channels = new Cache<ChannelPlace>({ maxEntries })
  readonly #members = new Cache<boolean>({ maxEntries })

  constructor(
    private readonly db: Db,
    private readonly dataVersions: DataVersions,
  ) {}

  /** A channel with what a viewer is to it, as far as reading it goes. `undefined` when there is none. */
  find(viewer: Identity, channelId: string): CachedAccess | undefined {
    const version = this.dataVersions.directory
    const channel = this.#channels.get(channelId, version) ?? this.#read(channelId, version)
    if (!channel) return undefined

    const { serverId } = channel
    const isIn = this.#members.getOrCreate(`${viewer.id} ${serverId}`, version, () =>
      isMember(this.db, serverId, viewer.id),
    )
    // Who owns the server or has blocked whom changes nothing about who may read.
    return { channel, standing: standingOf(viewer, { kind: "server", ownerId: "", isMember: isIn }) }
  }

  #read(channelId: string, version: string): ChannelPlace | undefined {
    const channel = findChannelPlace(this.db, channelId)
    // Unknown ids are not cached: anyone can ask for any number of them.
    return channel && this.#channels.set(channelId, version, channel)
  }
}
