import { Feed, type FeedReader } from "../feed.ts"
import { guard, type OnUnexpected } from "../result.ts"
import { type Params, topicOf } from "../topic.ts"
import type { LogPart, MessageFrame, SidekickFrame } from "../wire.ts"
import type { Topics } from "./topics.ts"

/** Reads a channel's log at the server: what changed after a number, or, asked with `null`, only where it is. */
export type LogCallback = (channelName: string, params: Params, after: number | null) => Promise<LogPart>

type Hear = (frame: SidekickFrame) => unknown

interface OpenLog {
  feed: Feed<SidekickFrame>
  /** Those who have got everything so far. */
  hearers: Set<Hear>
  /** How many read or are about to. */
  users: number
  untap(): void
}

/** Topics whose messages are a log that the server keeps: each reader gets every change, once and in order. */
export class LogTopics {
  callback: LogCallback | undefined
  private readonly open = new Map<string, OpenLog>()

  constructor(
    private readonly messages: Topics<MessageFrame>,
    private readonly report: OnUnexpected,
  ) {}

  /** Holds a topic's log open; call `leave` once when it is no longer needed. */
  enter(channel: string, params: Params): LogReading {
    const topic = topicOf(channel, params)
    const opened = this.open.get(topic) ?? this.start(topic, channel, params)
    this.open.set(topic, opened)
    opened.users++
    let left = false

    return {
      join: (reader, after) => opened.feed.join(reader, after ?? Number.MAX_SAFE_INTEGER),
      hear: (hear) => {
        opened.hearers.add(hear)
        return () => opened.hearers.delete(hear)
      },
      leave: () => {
        if (left) return
        left = true
        opened.users--
        if (opened.users > 0) return
        opened.untap()
        this.open.delete(topic)
      },
    }
  }

  private start(topic: string, channel: string, params: Params): OpenLog {
    const hearers = new Set<Hear>()
    const send = (frames: SidekickFrame[]) => {
      for (const frame of frames) {
        for (const hear of hearers) guard(() => hear(frame), "subscriber", this.report)
      }
    }
    const read = async (after: number | null) => {
      if (!this.callback) throw new Error("setLogCallback was not called, so no log can be read")
      return this.callback(channel, params, after)
    }
    const log = {
      head: async () => (await read(null)).seq,
      since: async (after: number) => framesOf(channel, params, await read(after)),
    }
    const feed = new Feed<SidekickFrame>(log, [{ send }], (error) => this.report(error, `log of ${topic}`))
    const untap = this.messages.subscribe(topic, (frame) => {
      if (frame.seq !== undefined) feed.announced(frame.seq, () => frame)
    })

    return { feed, hearers, users: 0, untap }
  }
}

/** One reader's way to a log. */
export interface LogReading {
  join(reader: FeedReader<SidekickFrame>, after: number | null): Promise<void>
  /** Hears everything from now on. Call it as the reader goes live; returns what stops it. */
  hear(hear: Hear): () => void
  leave(): void
}

function framesOf(channel: string, params: Params, { messages, seq }: LogPart) {
  // What the server reads is what it would have posted: in the order of the changes, up to `seq`.
  const updates: SidekickFrame[] = messages
    ? messages.map((message) => ({ type: "message", channel, params, ...message }))
    : [{ type: "subscribed", channel, params, seq, gap: true }]

  return { updates, seq }
}
