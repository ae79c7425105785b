import type { Db } from "../../db/open.ts"
import type { Counted } from "../../db/stamps.ts"
import { Kept } from "../../web/kept.ts"
import { isMember } from "../members/store.ts"
import { findPlace } from "./store.ts"

/** Channels, and people in servers, about which is remembered what decides. */
const maxKept = 20_000

const one = () => 1

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
 * What was read is believed as long as nobody has come or gone anywhere (`stampsOf`). Not for the inside of a commit,
 * which may yet be undone: there `isMember` asks.
 */
export class Admissions {
  readonly #places = new Kept<Place>({ max: maxKept, sizeOf: one })
  readonly #members = new Kept<boolean>({ max: maxKept, sizeOf: one })

  constructor(
    private readonly db: Db,
    private readonly stamp: (of: Counted) => string,
  ) {}

  /** `undefined` where there is no such channel. */
  find(userId: string, channelId: string): Admission | undefined {
    const from = this.stamp("places")
    const place = this.#places.find(channelId, from) ?? this.#read(channelId, from)
    if (!place) return undefined

    const { serverId } = place
    return {
      ...place,
      isMember: this.#members.of(`${userId} ${serverId}`, from, () => isMember(this.db, serverId, userId)),
    }
  }

  #read(channelId: string, from: string): Place | undefined {
    const place = findPlace(this.db, channelId)
    // Of what is not there nothing is remembered: anyone can ask for any name.
    return place && this.#places.keep(channelId, from, place)
  }
}
