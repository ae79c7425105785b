import { Cache } from "../../cache/cache.ts"
import type { DataVersions } from "../../cache/versions.ts"
import type { Db } from "../../db/database.ts"
import { type Identity, type Standing, standingOf } from "./standing.ts"
import { findChannelPlace, isMember } from "./store.ts"

/** Limit for channels, and for pairs of user and server. */
const maxEntries = 20_000

type ChannelPlace = NonNullable<Awaited<ReturnType<typeof findChannelPlace>>>

interface CachedAccess {
  channel: ChannelPlace
  standing: Standing
}

/**
 * Caches which users may read which channels. Every connection needs it, and after a restart thousands connect at once.
 * Do not use it inside a commit, which may still be rolled back: call `isMember` there.
 */
export class MembershipCache {
  readonly #channels = new Cache<ChannelPlace>({ maxEntries })
  readonly #members = new Cache<boolean>({ maxEntries })

  constructor(
    private readonly db: Db,
    private readonly dataVersions: DataVersions,
  ) {}

  /** A channel with the viewer's standing, which is sufficient only to decide `read`. `undefined`: no such channel. */
  async find(viewer: Identity, channelId: string): Promise<CachedAccess | undefined> {
    const version = this.dataVersions.directory
    // Unknown ids are not cached: a client can request any number of them.
    const channel = await this.#channels.getOrLoad(channelId, version, () =>
      findChannelPlace(this.db, channelId),
    )
    if (!channel) return undefined

    const { serverId } = channel
    const isMemberOf = await this.#members.getOrLoad(`${viewer.id} ${serverId}`, version, () =>
      isMember(this.db, serverId, viewer.id),
    )
    // Ownership and blocks do not affect who may read.
    return { channel, standing: standingOf(viewer, { kind: "server", ownerId: "", isMember: isMemberOf }) }
  }
}
