/** Where a feed reads what it was not told. */
export interface FeedLog<Item> {
  /** The number of the log's last change. */
  head(): Promise<number>
  /** What changed after `cursor`, and the number that brings a reader to; a fresh start when it is too much. */
  since(cursor: number): Promise<Missed<Item>>
}

/** What a reader missed, and the number it brings them to. */
export interface Missed<Item> {
  updates: Item[]
  seq: number
}

/** All readers of one feed by one transport: told once, whatever their number. */
export interface FeedGroup<Item> {
  send(updates: Item[]): void
}

/** Someone about to read. `deliver` hands over what they missed; `goLive` adds them to their group, at once. */
export interface FeedReader<Item> {
  deliver(updates: Item[]): void
  goLive(seq: number): void
}

/** What was read last is kept so long: after a restart everyone comes back to the same place at once. */
const keptMs = 2000

/**
 * Carries one log to its readers. Announcements are hints: what they skip is read from the log, and what the
 * log has handed out is not sent again, so every reader gets each change once and in order.
 */
export class Feed<Item> {
  /** The last change that was sent to the groups; unknown until someone reads. */
  #sent: number | undefined
  /** The last change that was announced. */
  #announced = 0
  #reading: Promise<void> | null = null
  #kept: Kept<Item> | null = null

  constructor(
    private readonly log: FeedLog<Item>,
    private readonly groups: FeedGroup<Item>[],
    private readonly report: (error: unknown) => void,
  ) {}

  /** A change was stored. `render` is called only when it is the next one and not yet sent. */
  announced(seq: number, render: () => Item): void {
    this.#announced = Math.max(this.#announced, seq)
    if (this.#sent === undefined || seq <= this.#sent) return

    if (seq === this.#sent + 1 && !this.#reading) this.#send([render()], seq)
    else this.#readOn().catch(this.report)
  }

  /**
   * Brings a reader from `cursor` to now, then live. Nothing is awaited between the last look at where the feed
   * is and joining it, so nothing can slip between.
   */
  async join(reader: FeedReader<Item>, cursor: number): Promise<void> {
    let sent = await this.#start()
    // Whoever just read the log itself may be ahead of its announcements. A cursor beyond the log is not waited for.
    if (cursor > sent) sent = await this.#catchUpTo(await this.log.head())

    for (let at = Math.min(cursor, sent); at < sent; ) {
      const missed = await this.#missedSince(at)
      if (missed.seq <= at) break

      reader.deliver(missed.updates)
      at = missed.seq
      sent = await this.#catchUpTo(at)
    }
    reader.goLive(sent)
  }

  /** Where the feed is; at first where the log is. */
  async #start(): Promise<number> {
    if (this.#sent !== undefined) return this.#sent

    const head = await this.log.head()
    this.#sent ??= head
    return this.#catchUpTo(head)
  }

  /** Everyone is told at least as far as someone has read; returns how far that is. */
  async #catchUpTo(seq: number): Promise<number> {
    this.#announced = Math.max(this.#announced, seq)
    if (this.#sent !== undefined && this.#sent < this.#announced) await this.#readOn()
    return this.#sent ?? seq
  }

  /** Sends from the log what was announced out of turn or not at all. */
  #readOn(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null
    })
    return this.#reading
  }

  async #read(): Promise<void> {
    while (this.#sent !== undefined && this.#sent < this.#announced) {
      const { updates, seq } = await this.log.since(this.#sent)
      if (seq <= this.#sent) break
      this.#send(updates, seq)
    }
  }

  #send(updates: Item[], seq: number): void {
    this.#sent = seq
    this.#forget()
    for (const group of this.groups) group.send(updates)
  }

  /** One read for all who come back to the same place before anything new is stored. */
  async #missedSince(cursor: number): Promise<Missed<Item>> {
    const kept = this.#kept?.cursor === cursor ? this.#kept : null
    if (kept && (kept.seq === undefined || kept.seq === (await this.log.head()))) return kept.missed

    this.#forget()
    const reading: Kept<Item> = new Kept(cursor, this.log.since(cursor), () => {
      if (this.#kept === reading) this.#forget()
    })
    this.#kept = reading
    return reading.missed
  }

  #forget(): void {
    this.#kept?.drop()
    this.#kept = null
  }
}

/** What someone missed, as it was read last. */
class Kept<Item> {
  /** What it brings a reader to; unknown while it is being read. */
  seq: number | undefined
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(
    readonly cursor: number,
    readonly missed: Promise<Missed<Item>>,
    over: () => void,
  ) {
    missed.then(({ seq }) => {
      this.seq = seq
      this.#timer = setTimeout(over, keptMs)
    }, over)
  }

  drop(): void {
    clearTimeout(this.#timer)
  }
}
