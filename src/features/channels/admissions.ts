import { Cache } from "../../cache/cache.ts"
import type { DataVersions } from "../../cache/versions.ts"
import type { Db } from "../../db/open.ts"
import { isMember } from "../members/store.ts"
import { findPlace } from "./store.ts"

/** Channels, and people in servers, about which is remembered what decides. */
const maxEntries = 20_000

interface Place {
  serverId: string
  /** Of a conversation between two: whose it is. */
  pair: string | null
}

/** What decides whether someone may be in a channel. */
export interface Admission extends Place {
  isMember: boolean
}

/**
 * Who may be where, as the database has it at this moment: asked for every connection, and thousands come back at once.
 * What was read is believed as long as nobody has come or gone anywhere (`DataVersions.directory`). Not for the inside of a commit,
 * which may yet be undone: there `isMember` asks.
 */
export class Admissions {
  readonly #places = new Cache<Place>({ maxEntries })
  readonly #members = new Cache<boolean>({ maxEntries })

  constructor(
    private readonly db: Db,
    private readonly dataVersions: DataVersions,
  ) {}

  /** `undefined` where there is no such channel. */
  find(userId: string, channelId: string): Admission | undefined {
    const version = this.dataVersions.directory
    const place = this.#places.get(channelId, version) ?? this.#read(channelId, version)
    if (!place) return undefined

    const { serverId } = place
    return {
      ...place,
      isMember: this.#members.getOrCreate(`${userId} ${serverId}`, version, () =>
        isMember(this.db, serverId, userId),
      ),
    }
  }

  #read(channelId: string, version: string): Place | undefined {
    const place = findPlace(this.db, channelId)
    // Of what is not there nothing is remembered: anyone can ask for any name.
    return place && this.#places.set(channelId, version, place)
  }
}
