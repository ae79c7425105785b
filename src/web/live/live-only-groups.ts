import type { UpdateGroup } from "./broadcast-feed.ts"
import { SocketGroup } from "./socket-group.ts"
import { type StreamFormat, type StreamGroup, StreamGroups } from "./stream-group.ts"
import type { Update } from "./update.ts"

/** Readers who went live after the same change: they get only what is newer than it. */
interface Newcomers {
  sockets: SocketGroup
  streams: StreamGroups
}

/**
 * Readers who may not read the history: a change of a message that is older than their connection, such as an edit, would
 * tell them what it says. Those who went live after the same change share a group.
 */
export class LiveOnlyGroups implements UpdateGroup {
  readonly #name: string
  readonly #publish: (topic: string, data: string) => void
  readonly #bySeq = new Map<number, Newcomers>()

  constructor(name: string, publish: (topic: string, data: string) => void) {
    this.#name = name
    this.#publish = publish
  }

  /** The groups of readers who go live now, after this change of the log. */
  after(seq: number): { sockets: SocketGroup; groupFor(format: StreamFormat): StreamGroup } {
    for (const [other, { sockets, streams }] of this.#bySeq) {
      if (other !== seq && sockets.isEmpty && streams.isEmpty) this.#bySeq.delete(other)
    }
    const found = this.#bySeq.get(seq) ?? this.#create(seq)
    this.#bySeq.set(seq, found)
    return { sockets: found.sockets, groupFor: (format) => found.streams.groupFor(format) }
  }

  send(updates: Update[]): void {
    for (const [seq, { sockets, streams }] of this.#bySeq) {
      const newer = updates.flatMap((update) => partsAfter(update, seq))
      if (newer.length === 0) continue
      sockets.send(newer)
      streams.send(newer)
    }
  }

  sendEphemeral(update: Update): void {
    for (const { sockets, streams } of this.#bySeq.values()) {
      sockets.sendEphemeral(update)
      streams.sendEphemeral(update)
    }
  }

  close(): void {
    for (const { sockets } of this.#bySeq.values()) sockets.close()
  }

  #create(seq: number): Newcomers {
    const sockets = new SocketGroup(`${this.#name} after ${seq}`, this.#publish)
    return { sockets, streams: new StreamGroups() }
  }
}

function partsAfter(update: Update, seq: number): Update[] {
  if (update.partsAfter) return update.partsAfter(seq)
  return update.seq === null || update.position > seq ? [update] : []
}
