import { Backoff } from "../backoff.ts"
import type { Channel, ChannelMap, ProcedureMap } from "../declare.ts"
import { makeId } from "../id.ts"
import { Link } from "../link.ts"
import { ChannelFaultError, LostError, Requests } from "../requests.ts"
import { type ChannelFault, type OnUnexpected, parseOwn } from "../result.ts"
import {
  type Callback,
  type Codec,
  type SubscriptionHooks,
  Subscriptions,
} from "../sidekick/subscriptions.ts"
import { type Params, topicOf } from "../topic.ts"
import {
  type ClientToSidekickConnection,
  type ErrorFrame,
  otherTopic,
  type SidekickFrame,
  type SubscribedFrame,
} from "../wire.ts"
import type { Calls, ClientConnectResult } from "./calls.ts"
import { type ClientConnection, ClientConnections } from "./connections.ts"

/** Most messages of one connection that may wait for the link to come back. */
const maxWaiting = 1000

interface Options {
  channels: ChannelMap
  calls: Calls<ProcedureMap>
  sidekick: ClientToSidekickConnection
  report: OnUnexpected
  onFault(fault: ErrorFrame["error"]): void
  /** Frames pass again, and everything that was subscribed is again, or has ended. */
  onBack(): void
}

/**
 * The channels of a client: connections, what is heard on them and sent up. Where the link to the sidekick can be
 * lost, they are made again when it is back, go on after the last change they heard, and send again what was not
 * confirmed, where the contract says that this is safe (`withId`).
 */
export class ClientChannels {
  readonly requests: Requests
  readonly link: Link
  private readonly connections = new ClientConnections()
  private readonly subscriptions: Subscriptions
  private closed = false

  constructor(private readonly options: Options) {
    this.requests = new Requests(options.sidekick)
    this.subscriptions = new Subscriptions(options.report)
    this.link = new Link(options.sidekick, {
      opened: () => this.back(),
      lost: () => this.lose(),
      ended: (reason) => this.endAll(reason),
    })
  }

  async connect(channel: string, params: Params, request: unknown): Promise<ClientConnectResult> {
    const result = await this.options.calls.connect(channel, params, request)
    if (result.success) this.connections.add(result.token, { channel, params, request })

    return result
  }

  async subscribe(
    channel: string,
    params: Params,
    id: string,
    { callback, ...hooks }: SubscriptionHooks & { callback: Callback },
  ): Promise<() => void> {
    const connection = this.connections.find(id) ?? this.stranger(channel, params, id)
    if (connection.ended) throw new ChannelFaultError(connection.ended)
    const topic = topicOf(channel, params)
    const remove = this.subscriptions.add(id, topic, this.codecOf(channel), callback, hooks)
    const end = () => {
      if (remove()) void this.leave(connection)
    }
    try {
      await this.join(connection, topic)
    } catch (error) {
      end()
      throw error
    }

    return end
  }

  async unsubscribe(id: string): Promise<void> {
    this.subscriptions.drop(id)
    const connection = this.connections.find(id)
    this.connections.delete(id)
    if (connection?.ended) throw new ChannelFaultError(connection.ended)
    // On a link that is lost it has ended already.
    if (this.link.isOpen) await this.requests.send({ type: "unsubscribe", token: connection?.token ?? id })
  }

  async send(channel: string, params: Params, id: string, data: unknown): Promise<void> {
    const connection = this.connections.find(id) ?? this.stranger(channel, params, id)
    const { withId } = this.schemasOf(channel)
    const message = withId ? withId(data, makeId()) : data
    if (connection.waiting >= maxWaiting) throw new ChannelFaultError(tooMuchWaits)
    // Whoever comes later does not overtake those who wait.
    if (connection.waiting > 0) await this.settled(connection)
    for (let tries = 0; ; tries++) {
      while (connection.isStale || !this.link.isOpen) await this.settled(connection)
      if (connection.ended) throw new ChannelFaultError(connection.ended)
      connection.isUsed = true
      try {
        await this.requests.send({ type: "send", token: connection.token, channel, params, data: message })
        return
      } catch (error) {
        const isUnsure = error instanceof LostError && withId !== undefined
        if (!isUnsure && !this.isUnknown(connection, error, tries)) throw error
        connection.isStale = true
      }
    }
  }

  /** Reads a log again from the last change that all callbacks of a connection could take. */
  async catchUp(id: string): Promise<void> {
    const connection = this.connections.find(id)
    if (!connection || connection.ended) return
    await this.alone(connection, async () => {
      const { token } = connection
      connection.isStale = true
      if (this.link.isOpen) await this.requests.send({ type: "unsubscribe", token }).catch(() => {})
    })
    await this.join(connection, topicOf(connection.channel, connection.params))
  }

  hear(frame: SidekickFrame): void {
    if (frame.type === "message") this.subscriptions.deliver(topicOf(frame.channel, frame.params), frame.data)
    else if (frame.type === "subscribed" && frame.gap && frame.seq !== undefined) {
      this.subscriptions.gap(topicOf(frame.channel, frame.params), frame.seq)
    } else if (frame.type === "error") this.fault(frame)
  }

  close(): void {
    this.closed = true
    this.link.close()
    this.subscriptions.clear()
    this.requests.abandon()
  }

  private fault({ error, token }: ErrorFrame): void {
    const connection = token === undefined ? undefined : this.connections.findByToken(token)
    if (connection && this.link.canBeLost && error.code === 503) {
      // The server restarts, and takes the link with it.
      connection.isStale = true
      return
    }
    if (connection) this.end(connection, error)
    else if (token !== undefined) this.subscriptions.drop(token, error)
    this.options.onFault(error)
  }

  /** Subscribes, as often as the link is lost in between; with `persists` also until the sidekick is able to. */
  private join(connection: ClientConnection, topic: string, persists = false): Promise<void> {
    return this.alone(connection, async () => {
      const backoff = new Backoff()
      for (let tries = 0; ; tries++) {
        await this.ready(connection)
        connection.isUsed = true
        try {
          await this.subscribeOnce(connection, topic)
          connection.isSubscribed = true
          return
        } catch (error) {
          const isKnown = this.connections.find(connection.id) === connection
          const isPassed = isKnown && persists && error instanceof ChannelFaultError && isPassing(error)
          const isLost = isKnown && error instanceof LostError
          if (!isLost && !isPassed && !this.isUnknown(connection, error, tries)) throw error
          connection.isStale = true
          if (!isLost) await wait(backoff.nextMs())
        }
      }
    })
  }

  /** Its token expired, or was taken back with no word: it can be asked for again, once. */
  private isUnknown(connection: ClientConnection, error: unknown, tries: number): boolean {
    const isKnown = this.connections.find(connection.id) === connection

    return isKnown && tries === 0 && error instanceof ChannelFaultError && error.code === 410
  }

  private async subscribeOnce({ id, token, request }: ClientConnection, topic: string): Promise<void> {
    const asked = this.subscriptions.cursorOf(id) ?? afterIn(request)
    await this.requests
      .send({ type: "subscribe", token }, (frame) => {
        if (frame.type !== "subscribed" || topicOf(frame.channel, frame.params) !== topic) return
        this.subscriptions.subscribed(id, frame, asked)
      })
      .then((frame) => checkTopic(frame as SubscribedFrame, topic))
  }

  /** Waits until the link is open and the token worth something; not inside `alone`. */
  private async settled(connection: ClientConnection): Promise<void> {
    connection.waiting++
    try {
      if (connection.ended) throw new ChannelFaultError(connection.ended)
      await this.alone(connection, () => this.ready(connection))
    } finally {
      connection.waiting--
    }
  }

  private async ready(connection: ClientConnection): Promise<void> {
    do {
      if (connection.ended) throw new ChannelFaultError(connection.ended)
      await this.link.opened()
      if (connection.isStale) await this.renew(connection)
    } while (!this.link.isOpen)
  }

  /** Asks for a new token, as long as it takes; the server may say that there is no right to it any more. */
  private async renew(connection: ClientConnection): Promise<void> {
    const { id, channel, params, request } = connection
    const backoff = new Backoff()
    for (;;) {
      if (connection.ended) throw new ChannelFaultError(connection.ended)
      const after = this.subscriptions.cursorOf(id)
      const asked = after === undefined ? request : { ...(request as object), after }
      const result = await this.options.calls.connect(channel, params, asked)
      if (this.closed) throw new LostError()
      if (result.success) {
        Object.assign(connection, { token: result.token, isStale: false, isUsed: false })
        return
      }
      if (!isPassing(result.error)) {
        this.end(connection, result.error)
        throw new ChannelFaultError(result.error)
      }
      const { retryAfterSeconds = 0 } = result.error
      await wait(Math.max(backoff.nextMs(), retryAfterSeconds * 1000))
    }
  }

  /** One thing at a time is done about a connection. */
  private alone<T>(connection: ClientConnection, work: () => Promise<T>): Promise<T> {
    const done = connection.work.then(work)
    connection.work = done.catch(() => {})

    return done
  }

  private back(): void {
    const subscribed = this.connections.all().filter(({ isSubscribed }) => isSubscribed)
    const joined = subscribed.map((connection) => this.rejoin(connection))
    void Promise.all(joined).then(() => this.closed || this.options.onBack())
  }

  private async rejoin(connection: ClientConnection): Promise<void> {
    const { channel, params } = connection
    try {
      await this.join(connection, topicOf(channel, params), true)
    } catch (error) {
      if (this.closed || !(error instanceof ChannelFaultError)) return
      const { fault, message, code } = error
      this.end(connection, { fault, message, code })
      this.options.onFault({ channel, params, fault, message, code })
    }
  }

  private lose(): void {
    this.connections.lose()
    this.requests.lose()
  }

  private endAll(reason: ChannelFault): void {
    for (const connection of this.connections.all()) {
      const { channel, params, isSubscribed } = connection
      this.end(connection, reason)
      if (isSubscribed) this.options.onFault({ channel, params, ...reason })
    }
    this.lose()
  }

  private end(connection: ClientConnection, reason: ChannelFault): void {
    if (connection.ended) return
    connection.ended = reason
    connection.isSubscribed = false
    this.subscriptions.drop(connection.id, reason)
  }

  private async leave(connection: ClientConnection): Promise<void> {
    this.connections.delete(connection.id)
    if (!this.link.isOpen || connection.ended) return
    // It may have been evicted or disconnected in the meantime: then there is nothing left to end.
    await this.requests.send({ type: "unsubscribe", token: connection.token }).catch(() => {})
  }

  /** A token from elsewhere: it is used as it is, and nothing is known of how to get another. */
  private stranger(channel: string, params: Params, token: string): ClientConnection {
    const connection = new ClientConnections()
    connection.add(token, { channel, params, request: undefined })

    return connection.find(token) as ClientConnection
  }

  private codecOf(channel: string): Codec {
    const { serverMessage, seqOf } = this.schemasOf(channel)
    const parse = (data: unknown) => parseOwn(serverMessage, data, `A message of channel ${channel}`)

    return { parse, seqOf }
  }

  private schemasOf(channel: string): Channel {
    const schemas = this.options.channels[channel]
    if (!schemas) throw new Error(`There is no channel "${channel}" in the covenant`)

    return schemas
  }
}

const tooMuchWaits: ChannelFault = {
  fault: "sidekick",
  message: `The live connection is lost, and ${maxWaiting} messages wait for it already`,
}

function checkTopic({ channel, params }: SubscribedFrame, topic: string): void {
  if (topicOf(channel, params) !== topic) throw new ChannelFaultError(otherTopic)
}

/** Will it be different later? */
function isPassing({ fault, code }: ChannelFault): boolean {
  return fault !== "client" || code === 429
}

function afterIn(request: unknown): number | undefined {
  const { after } = (request ?? {}) as { after?: unknown }

  return typeof after === "number" ? after : undefined
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
