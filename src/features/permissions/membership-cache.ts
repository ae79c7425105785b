import { Cache } from "../../cache/cache.ts"
import type { DataVersions } from "../../cache/versions.ts"
import type { Db } from "../../db/database.ts"
import type { Identity, Standing } from "./standing.ts"
import { findChannelPlace } from "./store.ts"
import { findViewing } from "./viewing.ts"

/** Limit for channels, and for pairs of user and channel. */
const maxEntries = 20_000

type ChannelPlace = NonNullable<Awaited<ReturnType<typeof findChannelPlace>>>

interface CachedAccess {
  channel: ChannelPlace
  standing: Standing
}

/** A channel in one version of the directory. */
interface KnownChannel {
  place: ChannelPlace
  /** Shared by the standings of its viewers: each would have its own copy of the text. */
  version: string
}

/**
 * Caches which users may read which channels. Every connection needs it, and after a restart thousands connect at once.
 * Do not use it inside a commit, which may still be rolled back: call `findViewing` there.
 */
export class MembershipCache {
  readonly #channels = new Cache<KnownChannel>({ maxEntries })
  readonly #viewers = new Cache<Standing>({ maxEntries })

  constructor(
    private readonly db: Db,
    private readonly dataVersions: DataVersions,
  ) {}

  /** A channel, without anybody's standing. `undefined`: no such channel. */
  async place(channelId: string): Promise<ChannelPlace | undefined> {
    return (await this.#find(channelId))?.place
  }

  /** A channel with the viewer's standing, which is sufficient only to decide `read`. `undefined`: no such channel. */
  async find(viewer: Identity, channelId: string): Promise<CachedAccess | undefined> {
    const known = await this.#find(channelId)
    if (!known) return undefined

    const standing = await this.#viewers.getOrLoad(`${viewer.id} ${channelId}`, known.version, () =>
      findViewing(this.db, viewer, channelId),
    )
    return { channel: known.place, standing }
  }

  #find(channelId: string): Promise<KnownChannel | undefined> {
    const version = this.dataVersions.directory
    // Unknown ids are not cached: a client can request any number of them.
    return this.#channels.getOrLoad(channelId, version, async () => {
      const place = await findChannelPlace(this.db, channelId)
      return place && { place, version }
    })
  }
}
