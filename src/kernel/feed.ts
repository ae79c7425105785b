/** How a feed reads its log. */
export interface FeedLog<Item> {
  /** The sequence number of the last change; 0 for an empty log. */
  head(): Promise<number>
  /** The changes after `cursor`, or a replacement for them (a reset) when there are too many. */
  since(cursor: number): Promise<Replay<Item>>
}

/** What a reader missed. `seq` is the sequence number it brings the reader to. */
export interface Replay<Item> {
  updates: Item[]
  seq: number
}

/** All live readers of one feed over one transport; they get each update in one call. */
export interface FeedGroup<Item> {
  send(updates: Item[]): void
}

/** A reader that joins a feed. */
export interface FeedReader<Item> {
  /** Hands over a part of what the reader missed. */
  deliver(updates: Item[]): void
  /** Called once, after the last `deliver`: the reader must join its group before this returns. */
  goLive(seq: number): void
}

/** How long the last replay is cached, in milliseconds: after a restart all readers return with the same cursor. */
const replayCacheTtlMs = 2000

/**
 * Distributes one log to its readers; each gets every change once and in order. Announcements are only hints: if one
 * skips a number, the feed reads the missing changes from the log, and what it has read it does not send again.
 */
export class Feed<Item> {
  readonly #log: FeedLog<Item>
  readonly #groups: FeedGroup<Item>[]
  readonly #report: (error: unknown) => void
  /** The last change sent to the groups; `undefined` until the first reader joins. */
  #sent: number | undefined
  #announced = 0
  #catchingUp: Promise<void> | null = null
  #lastReplay: CachedReplay<Item> | null = null

  /** `report` is called when the log cannot be read after an announcement. */
  constructor(log: FeedLog<Item>, groups: FeedGroup<Item>[], report: (error: unknown) => void) {
    this.#log = log
    this.#groups = groups
    this.#report = report
  }

  /** Announces a stored change. `render` is called only if it is the next one and was not sent yet. */
  announce(seq: number, render: () => Item): void {
    this.#announced = Math.max(this.#announced, seq)
    if (this.#sent === undefined || seq <= this.#sent) return

    if (seq === this.#sent + 1 && !this.#catchingUp) this.#send([render()], seq)
    else this.#catchUp().catch(this.#report)
  }

  /** Says how far the log is, without what changed: the feed reads that if it was not sent yet. */
  behind(seq: number): void {
    this.#announced = Math.max(this.#announced, seq)
    if (this.#sent !== undefined && seq > this.#sent) this.#catchUp().catch(this.#report)
  }

  /**
   * Replays everything after `cursor` to a reader, then lets it go live. Nothing is awaited between the last check
   * of the feed's position and `goLive`, so no change is missed or sent twice. Rejects when the log cannot be read.
   */
  async join(reader: FeedReader<Item>, cursor: number): Promise<void> {
    const start = await this.#start()
    // A reader that just read the log itself may be ahead of the announcements. A cursor beyond the log is ignored.
    if (cursor > start) await this.#catchUpTo(await this.#log.head())

    for (let at = Math.min(cursor, this.#position); at < this.#position; ) {
      const replay = await this.#replaySince(at)
      if (replay.seq <= at) break

      reader.deliver(replay.updates)
      at = replay.seq
      await this.#catchUpTo(at)
    }
    reader.goLive(this.#position)
  }

  /** The last change sent to the groups. It moves while anything is awaited, so it is read again after that. */
  get #position(): number {
    return this.#sent ?? 0
  }

  /** The feed's position; for the first reader it is the head of the log. */
  async #start(): Promise<number> {
    if (this.#sent !== undefined) return this.#sent

    const head = await this.#log.head()
    this.#sent ??= head
    return this.#catchUpTo(head)
  }

  /** Brings the groups at least to `seq`, so that no reader is ahead of the feed. Returns the new position. */
  async #catchUpTo(seq: number): Promise<number> {
    this.#announced = Math.max(this.#announced, seq)
    if (this.#sent !== undefined && this.#sent < this.#announced) await this.#catchUp()
    return this.#sent ?? seq
  }

  #catchUp(): Promise<void> {
    this.#catchingUp ??= this.#sendFromLog()
    return this.#catchingUp
  }

  /** Ends in the same turn as its last check: an announcement between the two would be forgotten. */
  async #sendFromLog(): Promise<void> {
    try {
      while (this.#sent !== undefined && this.#sent < this.#announced) {
        const { updates, seq } = await this.#log.since(this.#sent)
        if (seq <= this.#sent) break
        this.#send(updates, seq)
      }
    } finally {
      this.#catchingUp = null
    }
  }

  #send(updates: Item[], seq: number): void {
    this.#sent = seq
    this.#dropReplay()
    for (const group of this.#groups) group.send(updates)
  }

  /** Readers that return with the same cursor share one read, until something new is stored. */
  async #replaySince(cursor: number): Promise<Replay<Item>> {
    const cached = this.#lastReplay?.cursor === cursor ? this.#lastReplay : null
    if (cached && (cached.seq === undefined || cached.seq === (await this.#log.head()))) return cached.replay

    this.#dropReplay()
    const created: CachedReplay<Item> = new CachedReplay(cursor, this.#log.since(cursor), () => {
      if (this.#lastReplay === created) this.#dropReplay()
    })
    this.#lastReplay = created
    return created.replay
  }

  #dropReplay(): void {
    this.#lastReplay?.drop()
    this.#lastReplay = null
  }
}

class CachedReplay<Item> {
  readonly cursor: number
  readonly replay: Promise<Replay<Item>>
  /** What the replay brings a reader to; `undefined` while it is being read. */
  seq: number | undefined
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(cursor: number, replay: Promise<Replay<Item>>, onExpire: () => void) {
    this.cursor = cursor
    this.replay = replay
    replay.then(({ seq }) => {
      this.seq = seq
      this.#timer = setTimeout(onExpire, replayCacheTtlMs)
    }, onExpire)
  }

  drop(): void {
    clearTimeout(this.#timer)
  }
}
