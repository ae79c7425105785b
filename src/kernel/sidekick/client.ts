import { type ChannelFault, channelFaultOf, guard, Refusal, unexpectedMessage } from "../result.ts"
import { type Params, resourceTopic, topicOf } from "../topic.ts"
import { ClientFrame, type ClientToSidekickConnection, otherTopic, type SidekickFrame } from "../wire.ts"
import type { Connection, Hub } from "./hub.ts"
import type { LogReading } from "./log-topics.ts"

/** Decides whether a client may hear of a resource's updates. A `Refusal` that it throws is the answer. */
export type MayListen = (args: {
  resource: string
  /** What `getConnectionFromClient` was given. */
  identity: unknown
  /** The contexts of the connections the client held when it began to listen. */
  contexts: unknown[]
}) => boolean | Promise<boolean>

export interface ClientLimits {
  maxConnections: number
  maxResources: number
  mayListen: MayListen | undefined
}

type FrameOf<Type extends ClientFrame["type"]> = Extract<ClientFrame, { type: Type }>

/** One client of a sidekick: frames in, frames out, and everything it holds is gone when it closes. */
export class SidekickClient implements ClientToSidekickConnection {
  private readonly handlers = new Set<(frame: SidekickFrame) => unknown>()
  private readonly connections = new Map<string, Connection>()
  private readonly subscriptions = new Map<string, { tokens: Set<string>; off(): void }>()
  private readonly readings = new Map<string, { reading: LogReading; joined: Promise<void> }>()
  private readonly resources = new Map<string, () => void>()
  /** What was asked for before anything was known of the client: it is asked for again when something is. */
  private readonly wished = new Set<string>()
  /** Why connections of its were ended, the latest. */
  private readonly ended = new Map<string, ChannelFault>()
  private readonly hear = (frame: SidekickFrame) => this.emit(frame)
  // Listening may wait for a decision; in a row, so that a later unlisten is not overtaken by it.
  private listening = Promise.resolve()
  private closed = false

  constructor(
    private readonly hub: Hub,
    private readonly limits: ClientLimits,
    private readonly identity: unknown,
    private readonly onClose: (client: SidekickClient) => void,
  ) {}

  sendMessage(frame: ClientFrame): void {
    if (this.closed) return
    const parsed = ClientFrame.safeParse(frame)
    if (parsed.success) this.obey(parsed.data)
    else this.refuse({ fault: "client", message: "Malformed frame", code: 400 }, {})
  }

  onMessage(handler: (frame: SidekickFrame) => unknown): () => void {
    const own = (frame: SidekickFrame) => handler(frame)
    this.handlers.add(own)

    return () => this.handlers.delete(own)
  }

  close(): void {
    if (this.closed) return
    this.closed = true
    for (const connection of this.connections.values()) connection.close()
    for (const off of this.resources.values()) off()
    this.resources.clear()
    this.handlers.clear()
    this.onClose(this)
  }

  private obey(frame: ClientFrame): void {
    if (frame.type === "subscribe") this.subscribe(frame)
    else if (frame.type === "unsubscribe") this.unsubscribe(frame)
    else if (frame.type === "send") void this.send(frame)
    else this.listening = this.listening.then(() => this.changeListening(frame))
  }

  private subscribe({ token, ref }: FrameOf<"subscribe">): void {
    const connection = this.connectionOf(token, ref)
    if (!connection) return
    const { channel, params, topic, after } = connection
    if (after === undefined) {
      this.enter(connection, () => this.hub.messages.subscribe(topic, this.hear))
      this.emit({ type: "subscribed", channel, params, ...refOf(ref) })
    } else this.subscribeToLog(connection, ref)
  }

  /** Whoever subscribes twice with one token has already been brought to where the log is. */
  private subscribeToLog(connection: Connection, ref: string | undefined): void {
    const { token, channel, params } = connection
    const known = this.readings.get(token)
    const reading = known?.reading ?? this.hub.logs.enter(channel, params)
    const before = known?.joined ?? Promise.resolve()
    const after = known ? null : (connection.after ?? null)
    const joined = before.then(() => this.join(connection, reading, { after, ref }))
    this.readings.set(token, { reading, joined })
  }

  /** All that was missed is at hand before the first of it is sent; the rest comes live. */
  private async join(
    connection: Connection,
    reading: LogReading,
    { after, ref }: { after: number | null; ref: string | undefined },
  ): Promise<void> {
    const { token, channel, params } = connection
    let gap: number | undefined
    let missed: SidekickFrame[] = []
    const reader = {
      deliver: (frames: SidekickFrame[]) => {
        const [first] = frames
        if (first?.type === "subscribed") [gap, missed] = [first.seq, []]
        else missed.push(...frames)
      },
      goLive: (head: number) => {
        if (this.connections.get(token) !== connection) return
        const seq = gap ?? Math.min(after ?? head, head)
        this.emit({
          type: "subscribed",
          channel,
          params,
          seq,
          ...(gap !== undefined && { gap: true }),
          ...refOf(ref),
        })
        for (const frame of missed) this.emit(frame)
        this.enter(connection, () => reading.hear(this.hear))
      },
    }
    try {
      await reading.join(reader, after)
    } catch (error) {
      if (!(error instanceof Refusal)) this.hub.report(error, `subscribing to ${connection.topic}`)
      this.refuse(unreadable, { channel, params, ref })
      connection.close()
    }
  }

  /** One subscription per topic, however many tokens: the frame does not say which token it is for. */
  private enter({ token, topic }: Connection, subscribe: () => () => void): void {
    const subscription = this.subscriptions.get(topic) ?? { tokens: new Set<string>(), off: subscribe() }
    subscription.tokens.add(token)
    this.subscriptions.set(topic, subscription)
  }

  private unsubscribe({ token, ref }: FrameOf<"unsubscribe">): void {
    const connection = this.connections.get(token)
    if (!connection) {
      this.refuse(unknownToken, { token, ref })
      return
    }
    connection.close()

    const { channel, params } = connection
    this.emit({ type: "unsubscribed", channel, params, ...refOf(ref) })
  }

  private async send({ token, channel, params, data, ref }: FrameOf<"send">): Promise<void> {
    const connection = this.connectionOf(token, ref)
    if (!connection) return
    // The grant decides where a message goes; a frame that says otherwise is a mistake or an attack.
    if (topicOf(channel, params) !== connection.topic) {
      return this.refuse(otherTopic, { channel, params, ref })
    }

    const fault = await connection.send(data)

    if (fault) this.refuse(fault, { channel, params, ref })
    else if (ref !== undefined) this.emit({ type: "sent", ref })
  }

  private async changeListening(frame: FrameOf<"listen" | "unlisten">): Promise<void> {
    const ref = refOf(frame.ref)
    const resources = [...new Set(frame.resources)]
    if (frame.type === "unlisten") {
      for (const resource of resources) {
        this.unlisten(resource)
        this.wished.delete(resource)
      }
      return this.emit({ type: "unlistening", resources, ...ref })
    }
    const accepted: string[] = []
    for (const resource of resources) {
      if (await this.listen(resource, frame.ref)) accepted.push(resource)
    }
    this.emit({ type: "listening", resources: accepted, ...ref })
  }

  private async listen(resource: string, ref: string | undefined): Promise<boolean> {
    if (this.resources.has(resource)) return true
    const contexts = [...this.connections.values()].map(({ context }) => context)
    const fault = await this.listenFault(resource, contexts)
    if (this.closed) return false
    if (fault) {
      this.refuse(fault, { ref })
      return false
    }
    const updated = () => this.updated(resource, contexts)
    this.resources.set(resource, this.hub.updates.subscribe(resourceTopic(resource), updated))

    return true
  }

  /** Whoever was allowed to listen may not be any more: with a rule about it, each update asks again. */
  private async updated(resource: string, contexts: unknown[]): Promise<void> {
    const fault = this.limits.mayListen && (await this.denial(resource, contexts))
    if (this.closed || !this.resources.has(resource)) return
    if (!fault) return this.emit({ type: "updated", resource })

    this.unlisten(resource)
    this.refuse(fault, {})
  }

  private async listenFault(resource: string, contexts: unknown[]): Promise<ChannelFault | undefined> {
    if (this.resources.size < this.limits.maxResources) return this.denial(resource, contexts)

    return { fault: "client", message: `At most ${this.limits.maxResources} resources`, code: 429 }
  }

  private async denial(resource: string, contexts: unknown[]): Promise<ChannelFault | undefined> {
    try {
      const allowed = (await this.limits.mayListen?.({ resource, identity: this.identity, contexts })) ?? true
      if (allowed) return undefined
      if (this.identity !== undefined || contexts.length > 0)
        return { fault: "client", message: `You may not listen to "${resource}"`, code: 403 }
      if (this.wished.size < this.limits.maxResources) this.wished.add(resource)
      return stranger
    } catch (error) {
      if (error instanceof Refusal) return channelFaultOf(error)
      this.hub.report(error, "mayListen")
      return { fault: "server", message: unexpectedMessage, code: 500 }
    }
  }

  private unlisten(resource: string): void {
    this.resources.get(resource)?.()
    this.resources.delete(resource)
  }

  /** The client's own connection for a token, claimed now if nobody has; otherwise answers a fault. */
  private connectionOf(token: string, ref: string | undefined): Connection | undefined {
    const own = this.connections.get(token)
    if (own) return own
    if (this.connections.size >= this.limits.maxConnections) {
      const message = `At most ${this.limits.maxConnections} connections`
      this.refuse({ fault: "client", message, code: 429 }, { token, ref })
      return undefined
    }
    const connection = this.hub.claim(token, {
      onEnd: () => this.forget(token),
      onEvict: (reason) => {
        const fault: ChannelFault = { fault: "client", ...reason }
        this.remember(token, fault)
        this.refuse(fault, { token, ...connection })
      },
    })
    if (!connection) {
      this.refuse(this.ended.get(token) ?? unknownToken, { token, ref })
      return undefined
    }
    this.connections.set(token, connection)
    if (this.wished.size > 0) this.listenToWished()

    return connection
  }

  private remember(token: string, fault: ChannelFault): void {
    this.ended.set(token, fault)
    for (const oldest of this.ended.keys()) {
      if (this.ended.size <= maxEnded) return
      this.ended.delete(oldest)
    }
  }

  private listenToWished(): void {
    const resources = [...this.wished]
    this.wished.clear()
    this.listening = this.listening.then(() => this.changeListening({ type: "listen", resources }))
  }

  private forget(token: string): void {
    const topic = this.connections.get(token)?.topic ?? ""
    this.connections.delete(token)
    this.readings.get(token)?.reading.leave()
    this.readings.delete(token)
    const subscription = this.subscriptions.get(topic)
    subscription?.tokens.delete(token)
    if (subscription?.tokens.size !== 0) return
    subscription.off()
    this.subscriptions.delete(topic)
  }

  private refuse(
    fault: ChannelFault,
    {
      channel = "",
      params = {},
      ref,
      token,
    }: { channel?: string; params?: Params; ref?: string; token?: string },
  ): void {
    const error = { channel, params, ...fault }
    this.emit({ type: "error", error, ...refOf(ref), ...(token !== undefined && { token }) })
  }

  private emit(frame: SidekickFrame): void {
    for (const handler of this.handlers) guard(() => handler(frame), "client handler", this.hub.report)
  }
}

const unknownToken: ChannelFault = {
  fault: "client",
  message: "This token is unknown, expired or in use elsewhere. Connect again.",
  code: 410,
}

/** Ended connections whose reason a client is still told when it uses them. */
const maxEnded = 100

const stranger: ChannelFault = {
  fault: "client",
  message: "Connect to a channel first: what you listen to begins then",
  code: 401,
}

const unreadable: ChannelFault = {
  fault: "sidekick",
  message: "What was missed cannot be read right now. Connect again.",
  code: 503,
}

function refOf(ref: string | undefined): { ref?: string } {
  return ref === undefined ? {} : { ref }
}
