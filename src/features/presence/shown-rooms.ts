/** A page that was closed counts for this long: going from page to page, it opens another connection. */
const graceMs = 4000

/** A channel, and somebody who may have it on a screen. */
export interface ViewedRoom {
  userId: string
  channelId: string
}

/** The rooms that pages at other processes of the same chat show. */
export interface ShownElsewhere {
  which<Room extends ViewedRoom>(rooms: readonly Room[]): Promise<Room[]>
}

/**
 * Which channels people have on their screens: with a page that is not hidden, at the end of the channel or not. It is
 * asked when somebody is about to be notified, and nothing is published when a page is opened or hidden.
 */
export class ShownRooms {
  /** Called when no page here shows a room any more that was asked for and shown. */
  onHidden: (room: ViewedRoom) => void = () => {}
  readonly #elsewhere: ShownElsewhere | undefined
  readonly #graceMs: number
  /** How many pages show a channel, by its id and that of their user. */
  readonly #pages = new Map<string, Map<string, number>>()
  /** Rooms that were asked for and are shown, as `keyOf` names them. */
  readonly #asked = new Set<string>()
  readonly #leaving = new Set<ReturnType<typeof setTimeout>>()

  constructor(elsewhere?: ShownElsewhere, grace = graceMs) {
    this.#elsewhere = elsewhere
    this.#graceMs = grace
  }

  /** Counts a page. Call `hide` or `leave` once for it. */
  show({ userId, channelId }: ViewedRoom): void {
    const users = this.#pages.get(channelId) ?? new Map<string, number>()
    this.#pages.set(channelId, users)
    users.set(userId, (users.get(userId) ?? 0) + 1)
  }

  /** The page is hidden. */
  hide(room: ViewedRoom): void {
    const { userId, channelId } = room
    const users = this.#pages.get(channelId)
    const pages = users?.get(userId)
    if (!users || pages === undefined) return
    if (pages > 1) return void users.set(userId, pages - 1)

    users.delete(userId)
    if (users.size === 0) this.#pages.delete(channelId)
    if (this.#asked.delete(keyOf(room))) this.onHidden(room)
  }

  /** The connection of the page was closed. */
  leave(room: ViewedRoom): void {
    const timer = setTimeout(() => {
      this.#leaving.delete(timer)
      this.hide(room)
    }, this.#graceMs)
    timer.unref()
    this.#leaving.add(timer)
  }

  /** The rooms that a page shows, at any process. */
  async which<Room extends ViewedRoom>(rooms: readonly Room[]): Promise<Room[]> {
    const here = this.whichHere(rooms)
    if (!this.#elsewhere || here.length === rooms.length) return here

    const known = new Set(here)
    return [...here, ...(await this.#elsewhere.which(rooms.filter((room) => !known.has(room))))]
  }

  /** The rooms that a page shows at this process: `onHidden` is called for them later. */
  whichHere<Room extends ViewedRoom>(rooms: readonly Room[]): Room[] {
    const shown = rooms.filter(({ userId, channelId }) => this.#pages.get(channelId)?.has(userId))
    for (const room of shown) this.#asked.add(keyOf(room))
    return shown
  }

  /** Clears all timers, for shutting down. */
  close(): void {
    for (const timer of this.#leaving) clearTimeout(timer)
    this.#leaving.clear()
    this.onHidden = () => {}
  }
}

const keyOf = ({ userId, channelId }: ViewedRoom) => `${userId} ${channelId}`
