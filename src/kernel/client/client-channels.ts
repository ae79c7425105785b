import { Backoff } from "../backoff.ts"
import type { ChannelDeclaration, ChannelMap, ProcedureMap } from "../declare.ts"
import { parseOwn } from "../parse.ts"
import type { OnUnexpected } from "../report.ts"
import type { ChannelFault } from "../result.ts"
import { cursorIn, type Params, topicOf } from "../topic.ts"
import {
  type ClientToSidekickConnection,
  type ErrorFrame,
  type SidekickFrame,
  type SubscribedFrame,
  wrongTopic,
} from "../wire.ts"
import { type ClientConnection, ClientConnections, createConnection } from "./connections.ts"
import { ChannelFaultError, ConnectionLostError } from "./errors.ts"
import { makeId } from "./id.ts"
import { Link } from "./link.ts"
import {
  type MessageCallback,
  MessageCallbacks,
  type MessageCodec,
  type SubscriptionHooks,
} from "./message-callbacks.ts"
import { Requests } from "./requests.ts"
import type { ClientConnectResult, ServerCalls } from "./server-calls.ts"
import { isTemporary, TokenRenewal, wait } from "./token-renewal.ts"

/** Most messages of one connection that wait for the link. */
const maxWaiting = 1000

const tooManyWaiting: ChannelFault = {
  fault: "sidekick",
  message: `The live connection is lost, and ${maxWaiting} messages wait for it already`,
}

interface ClientChannelsOptions {
  channels: ChannelMap
  calls: ServerCalls<ProcedureMap>
  sidekick: ClientToSidekickConnection
  report: OnUnexpected
  onFault(fault: ErrorFrame["error"]): void
  /** Called when the link is open again and every subscription was restored or has ended. */
  onRestored(): void
}

/** How a program refers to a connection; `id` is its first token. */
interface ConnectionReference {
  channel: string
  params: Params
  id: string
}

/**
 * A client's channels: its connections, subscriptions and messages. When the link to the sidekick is lost and back,
 * it renews the connections, continues after the last change each received, and sends again what was not confirmed,
 * if the contract allows that (`withId`).
 */
export class ClientChannels {
  readonly requests: Requests
  readonly link: Link
  readonly #options: ClientChannelsOptions
  readonly #connections = new ClientConnections()
  readonly #callbacks: MessageCallbacks
  readonly #renewal: TokenRenewal
  #isClosed = false

  constructor(options: ClientChannelsOptions) {
    this.#options = options
    this.requests = new Requests(options.sidekick)
    this.#callbacks = new MessageCallbacks(options.report)
    this.link = new Link(options.sidekick, {
      onOpen: () => this.#restoreAll(),
      onLost: () => this.#lose(),
      onEnded: (reason) => this.#endAll(reason),
    })
    this.#renewal = new TokenRenewal({
      link: this.link,
      calls: options.calls,
      callbacks: this.#callbacks,
      onRefused: (connection, reason) => this.#end(connection, reason),
    })
  }

  /** Requests a connection and remembers it, so that it can be renewed. */
  async connect(channel: string, params: Params, request: unknown): Promise<ClientConnectResult> {
    const result = await this.#options.calls.connect(channel, params, request)
    if (result.success) this.#connections.add(createConnection(result.token, { channel, params, request }))

    return result
  }

  /** Adds a callback. Resolves, once subscribed, with a function that removes it. */
  async subscribe(
    reference: ConnectionReference,
    { callback, ...hooks }: SubscriptionHooks & { callback: MessageCallback },
  ): Promise<() => void> {
    const { channel, params, id } = reference
    const connection = this.#connectionOf(reference)
    if (connection.ended) throw new ChannelFaultError(connection.ended)
    const topic = topicOf(channel, params)
    const remove = this.#callbacks.add(id, { topic, codec: this.#codecOf(channel), callback, hooks })
    const unsubscribe = () => {
      if (remove()) void this.#leave(connection)
    }
    try {
      await this.#join(connection, topic)
    } catch (error) {
      unsubscribe()
      throw error
    }

    return unsubscribe
  }

  /** Ends a connection with all its callbacks. */
  async unsubscribe(id: string): Promise<void> {
    this.#callbacks.drop(id)
    const connection = this.#connections.find(id)
    this.#connections.delete(id)
    if (connection?.ended) throw new ChannelFaultError(connection.ended)
    // On a lost link it has ended already.
    if (this.link.isOpen) await this.requests.send({ type: "unsubscribe", token: connection?.token ?? id })
  }

  /** Sends a message. Resolves once the server has processed it. */
  async send(reference: ConnectionReference, data: unknown): Promise<void> {
    const { channel, params } = reference
    const connection = this.#connectionOf(reference)
    const { withId } = this.#declaration(channel)
    const message = withId ? withId(data, makeId()) : data
    if (connection.waiting >= maxWaiting) throw new ChannelFaultError(tooManyWaiting)
    // Keeps the order: it must not overtake messages that wait for the link.
    if (connection.waiting > 0) await this.#renewal.whenReady(connection)
    for (let tries = 0; ; tries++) {
      while (connection.isStale || !this.link.isOpen) await this.#renewal.whenReady(connection)
      if (connection.ended) throw new ChannelFaultError(connection.ended)
      connection.isUsed = true
      try {
        await this.requests.send({ type: "send", token: connection.token, channel, params, data: message })
        return
      } catch (error) {
        const mayResend = error instanceof ConnectionLostError && withId !== undefined
        if (!mayResend && !this.#isExpired(connection, error, tries)) throw error
        connection.isStale = true
      }
    }
  }

  /** Replays a log from the last change that all callbacks of a connection could take. */
  async catchUp(id: string): Promise<void> {
    const connection = this.#connections.find(id)
    if (!connection || connection.ended) return
    await this.#renewal.exclusively(connection, async () => {
      const { token } = connection
      connection.isStale = true
      if (this.link.isOpen) await this.requests.send({ type: "unsubscribe", token }).catch(() => {})
    })
    await this.#join(connection, topicOf(connection.channel, connection.params))
  }

  /** Handles a frame that answers no request. */
  handle(frame: SidekickFrame): void {
    if (frame.type === "message") {
      this.#callbacks.deliver(topicOf(frame.channel, frame.params), frame.data)
    } else if (frame.type === "subscribed" && frame.gap && frame.seq !== undefined) {
      this.#callbacks.gap(topicOf(frame.channel, frame.params), frame.seq)
    } else if (frame.type === "error") this.#handleError(frame)
  }

  /** Ends everything; what awaits an answer is rejected. */
  close(): void {
    this.#isClosed = true
    this.#renewal.close()
    this.link.close()
    this.#callbacks.clear()
    this.requests.close()
  }

  #handleError({ error, token }: ErrorFrame): void {
    const connection = token === undefined ? undefined : this.#connections.findByToken(token)
    if (connection && this.link.canBeLost && error.code === 503) {
      // The server restarts and will close the link.
      connection.isStale = true
      return
    }
    if (connection) this.#end(connection, error)
    else if (token !== undefined) this.#callbacks.drop(token, error)
    this.#options.onFault(error)
  }

  /** Subscribes, again whenever the link is lost meanwhile. With `persists` also again after temporary refusals. */
  #join(connection: ClientConnection, topic: string, persists = false): Promise<void> {
    return this.#renewal.exclusively(connection, async () => {
      const backoff = new Backoff()
      for (let tries = 0; ; tries++) {
        await this.#renewal.ready(connection)
        connection.isUsed = true
        try {
          await this.#subscribeOnce(connection, topic)
          connection.isSubscribed = true
          return
        } catch (error) {
          const isLost = error instanceof ConnectionLostError
          const isRefusedForNow = persists && error instanceof ChannelFaultError && isTemporary(error)
          const mayRetry = this.#isKnown(connection) && (isLost || isRefusedForNow)
          if (!mayRetry && !this.#isExpired(connection, error, tries)) throw error
          connection.isStale = true
          if (!isLost) await wait(backoff.nextMs())
        }
      }
    })
  }

  /** The token has expired or was revoked: it can be renewed, once. */
  #isExpired(connection: ClientConnection, error: unknown, tries: number): boolean {
    return (
      this.#isKnown(connection) && tries === 0 && error instanceof ChannelFaultError && error.code === 410
    )
  }

  #isKnown(connection: ClientConnection): boolean {
    return this.#connections.find(connection.id) === connection
  }

  async #subscribeOnce({ id, token, request }: ClientConnection, topic: string): Promise<void> {
    // The program may have named other params than the token was granted for.
    const isTopic = (frame: SubscribedFrame) => topicOf(frame.channel, frame.params) === topic
    const cursor = this.#callbacks.cursorOf(id) ?? cursorIn(request)
    const answer = await this.requests.send({ type: "subscribe", token }, (frame) => {
      if (frame.type === "subscribed" && isTopic(frame)) this.#callbacks.subscribed(id, frame, cursor)
    })
    if (!isTopic(answer as SubscribedFrame)) throw new ChannelFaultError(wrongTopic)
  }

  #restoreAll(): void {
    const subscribed = this.#connections.all().filter(({ isSubscribed }) => isSubscribed)
    const restored = subscribed.map((connection) => this.#restore(connection))
    void Promise.all(restored).then(() => this.#isClosed || this.#options.onRestored())
  }

  async #restore(connection: ClientConnection): Promise<void> {
    const { channel, params } = connection
    try {
      await this.#join(connection, topicOf(channel, params), true)
    } catch (error) {
      if (this.#isClosed || !(error instanceof ChannelFaultError)) return
      const { fault, message, code } = error
      this.#end(connection, { fault, message, code })
      this.#options.onFault({ channel, params, fault, message, code })
    }
  }

  #lose(): void {
    this.#connections.lose()
    this.requests.lose()
  }

  #endAll(reason: ChannelFault): void {
    for (const connection of this.#connections.all()) {
      const { channel, params, isSubscribed } = connection
      this.#end(connection, reason)
      if (isSubscribed) this.#options.onFault({ channel, params, ...reason })
    }
    this.#lose()
  }

  #end(connection: ClientConnection, reason: ChannelFault): void {
    if (connection.ended) return
    connection.ended = reason
    connection.isSubscribed = false
    this.#callbacks.drop(connection.id, reason)
  }

  async #leave(connection: ClientConnection): Promise<void> {
    this.#connections.delete(connection.id)
    if (!this.link.isOpen || connection.ended) return
    // It may have been evicted or disconnected meanwhile, so a refusal is no failure.
    await this.requests.send({ type: "unsubscribe", token: connection.token }).catch(() => {})
  }

  /** The connection with this id. A token from elsewhere is used as it is and cannot be renewed. */
  #connectionOf({ channel, params, id }: ConnectionReference): ClientConnection {
    return this.#connections.find(id) ?? createConnection(id, { channel, params, request: undefined })
  }

  #codecOf(channel: string): MessageCodec {
    const { serverMessage, seqOf } = this.#declaration(channel)
    const parse = (data: unknown) => parseOwn(serverMessage, data, `A message of channel ${channel}`)

    return { parse, seqOf }
  }

  #declaration(channel: string): ChannelDeclaration {
    const declared = this.#options.channels[channel]
    if (!declared) throw new Error(`There is no channel "${channel}" in the covenant`)

    return declared
  }
}
