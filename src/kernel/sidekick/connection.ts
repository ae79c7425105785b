import type { ChannelFault } from "../result.ts"
import type { Params } from "../topic.ts"
import type { Grant } from "../wire.ts"

/** Why connections were ended. `code` is an HTTP status; `message` is written for users. */
export interface EvictReason {
  code: number
  message: string
}

/** An open connection. */
export interface Connection extends Readonly<Grant> {
  readonly topic: string
  /** Sends a message to the server. Resolves with `null` once it was processed, or with the fault. Never rejects. */
  send(data: unknown): Promise<ChannelFault | null>
  /** Ends the connection. Nothing is delivered to it afterwards, and `send` is refused. */
  close(): void
}

/** Callbacks of a connection's holder. */
export interface ConnectionHooks {
  /** Called once after the server ended the connection. */
  onEvict?(reason: EvictReason): unknown
  /** Called with every message posted to the connection's topic, in order. */
  onMessage?(data: unknown): unknown
}

/** Callbacks of a connection's holder inside the sidekick. */
export interface InternalHooks extends ConnectionHooks {
  /** Called when the connection ends, before `onEvict` of any connection. */
  onEnd?(): void
}

/** The part of the hub that a connection uses. */
export interface ConnectionOwner {
  process(connection: Grant, data: unknown): Promise<ChannelFault | null>
  remove(connection: OpenConnection): void
}

interface ConnectionParts {
  topic: string
  owner: ConnectionOwner
  hooks: InternalHooks
  /** Ends the subscription of `hooks.onMessage`. */
  unsubscribe: (() => void) | undefined
}

const closed: ChannelFault = { fault: "client", message: "This connection is closed", code: 410 }

/** The hub's own record of a connection. A class instead of closures, because there are thousands of them. */
export class OpenConnection implements Connection {
  readonly token: string
  readonly channel: string
  readonly params: Params
  readonly context: unknown
  readonly after: number | null | undefined
  readonly isLiveOnly: true | undefined
  readonly topic: string
  readonly hooks: InternalHooks
  readonly #owner: ConnectionOwner
  readonly #unsubscribe: (() => void) | undefined
  #refusal: ChannelFault | undefined

  constructor(grant: Grant, { topic, owner, hooks, unsubscribe }: ConnectionParts) {
    this.token = grant.token
    this.channel = grant.channel
    this.params = grant.params
    this.context = grant.context
    this.after = grant.after
    this.isLiveOnly = grant.isLiveOnly
    this.topic = topic
    this.hooks = hooks
    this.#owner = owner
    this.#unsubscribe = unsubscribe
  }

  async send(data: unknown): Promise<ChannelFault | null> {
    return this.#refusal ?? this.#owner.process(this, data)
  }

  close(): void {
    this.end(closed)
  }

  /** Ends the connection; later messages are refused with this fault. */
  end(refusal: ChannelFault): void {
    if (this.#refusal) return
    this.#refusal = refusal
    this.#unsubscribe?.()
    this.#owner.remove(this)
    this.hooks.onEnd?.()
  }
}
