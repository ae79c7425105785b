/** How often the heads of open rooms are looked at, in milliseconds. */
const lookMs = 1000
/** How often while this node does not hear the others. */
const lookAloneMs = 250
/** Most rooms in one statement. */
const maxPerStatement = 1000

/** A room that someone reads at this node. */
export interface OpenRoom {
  channelId: string
  /** Says how far its log is. */
  behind(seq: number): void
}

interface HealerOptions {
  /** The rooms with readers at this node. */
  rooms(): Iterable<OpenRoom>
  /** The heads of channels' logs, in one statement. */
  heads(channelIds: string[]): Promise<Iterable<{ id: string; seq: number }>>
  /** Reads the log of ended access, before anything else is read. */
  catchUpAccess(): Promise<unknown>
  /** Called before each look while this node does not hear the others. */
  onAlone(): void
  isBusUp(): boolean
  report(error: unknown, where: string): unknown
}

/**
 * Looks in the database for what announcements did not bring: one that was lost, or whose node was killed between its
 * commit and the announcement, costs readers a second at most.
 */
export class Healer {
  readonly #options: HealerOptions
  #timer: ReturnType<typeof setTimeout> | undefined
  #looking: Promise<void> | null = null
  #isClosed = false

  constructor(options: HealerOptions) {
    this.#options = options
  }

  start(): void {
    this.#lookLater()
  }

  /** Looks now; resolves once rooms that are behind know it. Does nothing more when it is looking already. */
  look(): Promise<void> {
    this.#looking ??= this.#lookAtAll()
      .catch((error) => void this.#options.report(error, "looking for news"))
      .finally(() => {
        this.#looking = null
      })
    return this.#looking
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
  }

  #lookLater(): void {
    if (this.#isClosed) return
    clearTimeout(this.#timer)
    const delayMs = this.#options.isBusUp() ? lookMs : lookAloneMs
    this.#timer = setTimeout(() => void this.look().finally(() => this.#lookLater()), delayMs)
  }

  async #lookAtAll(): Promise<void> {
    const { rooms, catchUpAccess, isBusUp, onAlone } = this.#options
    if (!isBusUp()) onAlone()
    await catchUpAccess()
    const byChannel = Map.groupBy(rooms(), ({ channelId }) => channelId)
    const channelIds = [...byChannel.keys()]
    for (let at = 0; at < channelIds.length; at += maxPerStatement) {
      for (const { id, seq } of await this.#options.heads(channelIds.slice(at, at + maxPerStatement))) {
        for (const room of byChannel.get(id) ?? []) room.behind(seq)
      }
    }
  }
}
