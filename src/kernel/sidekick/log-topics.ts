import { Feed, type FeedReader } from "../feed.ts"
import { type OnUnexpected, runSafely } from "../report.ts"
import { type Params, topicOf } from "../topic.ts"
import type { LogPart, MessageFrame, SidekickFrame } from "../wire.ts"
import type { TopicSubscriber, Topics } from "./topics.ts"

/** Reads a channel's log at the server: the changes after a sequence number; with `null` only the current head. */
export type LogCallback = (channelName: string, params: Params, after: number | null) => Promise<LogPart>

/** A subscriber's access to one topic's log. */
export interface LogReading {
  /** Replays the changes after `after` (with `null` none), then lets the reader go live. */
  join(reader: FeedReader<SidekickFrame>, after: number | null): Promise<void>
  /** Subscribes to all later frames. Call it in the reader's `goLive`. Returns a function that unsubscribes. */
  subscribe(callback: TopicSubscriber<SidekickFrame>): () => void
  /** Releases the log. Further calls have no effect. */
  leave(): void
}

/** A log that has readers. */
export interface ReadLog {
  channel: string
  params: Params
  /** Says how far the log is; what its readers have not got is read and sent. */
  behind(seq: number): void
}

interface OpenLog {
  channel: string
  params: Params
  feed: Feed<SidekickFrame>
  /** Subscribers that are live. */
  live: Set<TopicSubscriber<SidekickFrame>>
  /** How many readings are in use. */
  users: number
  unsubscribe(): void
}

/** Topics whose messages are a log at the server: every subscriber gets each change once and in order. */
export class LogTopics {
  callback: LogCallback | undefined
  readonly #messages: Topics<MessageFrame>
  readonly #report: OnUnexpected
  readonly #open = new Map<string, OpenLog>()

  constructor(messages: Topics<MessageFrame>, report: OnUnexpected) {
    this.#messages = messages
    this.#report = report
  }

  /** The logs that have readers. */
  *list(): Iterable<ReadLog> {
    for (const { channel, params, feed } of this.#open.values()) {
      yield { channel, params, behind: (seq) => feed.behind(seq) }
    }
  }

  /** Opens a topic's log. The caller must call `leave` on the result. */
  open(channel: string, params: Params): LogReading {
    const topic = topicOf(channel, params)
    const log = this.#open.get(topic) ?? this.#start(topic, channel, params)
    this.#open.set(topic, log)
    log.users++
    let hasLeft = false

    return {
      join: (reader, after) => log.feed.join(reader, after ?? Number.MAX_SAFE_INTEGER),
      subscribe: (callback) => {
        log.live.add(callback)
        return () => log.live.delete(callback)
      },
      leave: () => {
        if (hasLeft) return
        hasLeft = true
        log.users--
        if (log.users > 0) return
        log.unsubscribe()
        this.#open.delete(topic)
      },
    }
  }

  #start(topic: string, channel: string, params: Params): OpenLog {
    const live = new Set<TopicSubscriber<SidekickFrame>>()
    const send = (frames: SidekickFrame[]) => {
      for (const frame of frames) {
        for (const subscriber of live) runSafely(() => subscriber(frame), "subscriber", this.#report)
      }
    }
    const read = async (after: number | null) => {
      if (!this.callback) throw new Error("setLogCallback was not called, so no log can be read")
      return this.callback(channel, params, after)
    }
    const log = {
      head: async () => (await read(null)).seq,
      since: async (after: number) => replayOf(channel, params, await read(after)),
    }
    const feed = new Feed<SidekickFrame>(log, [{ send }], (error) => this.#report(error, `log of ${topic}`))
    const unsubscribe = this.#messages.subscribe(topic, (frame) => {
      if (frame.seq !== undefined) feed.announce(frame.seq, () => frame)
    })

    return { channel, params, feed, live, users: 0, unsubscribe }
  }
}

/** The frames a subscriber gets for a part of the log: its messages as they would have been posted, or a gap. */
function replayOf(channel: string, params: Params, { messages, seq }: LogPart) {
  const updates: SidekickFrame[] = messages
    ? messages.map((message) => ({ type: "message", channel, params, ...message }))
    : [{ type: "subscribed", channel, params, seq, gap: true }]

  return { updates, seq }
}
