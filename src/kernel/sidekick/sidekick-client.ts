import type { ChannelFault } from "../result.ts"
import { topicOf } from "../topic.ts"
import { ClientFrame, type ClientToSidekickConnection, type SidekickFrame, wrongTopic } from "../wire.ts"
import { ClientListening, type MayListen } from "./client-listening.ts"
import { ClientSubscriptions } from "./client-subscriptions.ts"
import type { Connection } from "./connection.ts"
import { FrameSender, refField } from "./frame-sender.ts"
import type { GrantsElsewhere } from "./grants.ts"
import type { Hub } from "./hub.ts"

/** Most open connections of one client. */
export const maxConnectionsPerClient = 100
/** Most ended connections of one client whose reason is remembered, to answer frames that still use their token. */
const maxRememberedEvictions = 100

type FrameOf<Type extends ClientFrame["type"]> = Extract<ClientFrame, { type: Type }>

const unknownToken: ChannelFault = {
  fault: "client",
  message: "This token is unknown, expired or in use elsewhere. Connect again.",
  code: 410,
}

interface SidekickClientOptions {
  identity: unknown
  onConnection: ((context: unknown) => void) | undefined
  mayListen: MayListen | undefined
  elsewhere: GrantsElsewhere | undefined
  onClose(client: SidekickClient): void
}

/** One client of a sidekick: receives its frames and answers them. Closing it ends all it holds. */
export class SidekickClient implements ClientToSidekickConnection {
  readonly #hub: Hub
  readonly #sender: FrameSender
  readonly #connections = new Map<string, Connection>()
  /** Why connections were evicted, by token, oldest first. */
  readonly #evicted = new Map<string, ChannelFault>()
  readonly #subscriptions: ClientSubscriptions
  readonly #listening: ClientListening
  readonly #onClose: (client: SidekickClient) => void
  readonly #onConnection: ((context: unknown) => void) | undefined
  readonly #elsewhere: GrantsElsewhere | undefined
  /** Settles when the token of a frame has been looked for elsewhere; later frames wait for it. */
  #looking: Promise<void> | null = null
  #isClosed = false

  constructor(hub: Hub, { identity, onConnection, mayListen, elsewhere, onClose }: SidekickClientOptions) {
    this.#hub = hub
    this.#onConnection = onConnection
    this.#elsewhere = elsewhere
    this.#sender = new FrameSender(hub.report)
    this.#subscriptions = new ClientSubscriptions(
      hub,
      this.#sender,
      (connection) => this.#connections.get(connection.token) === connection,
    )
    this.#listening = new ClientListening(hub, {
      sender: this.#sender,
      identity,
      mayListen,
      contexts: () => [...this.#connections.values()].map(({ context }) => context),
    })
    this.#onClose = onClose
  }

  sendMessage(frame: ClientFrame): void {
    if (this.#isClosed) return
    const parsed = ClientFrame.safeParse(frame)
    if (parsed.success) this.#handle(parsed.data)
    else this.#sender.sendError({ fault: "client", message: "Malformed frame", code: 400 }, {})
  }

  onMessage(handler: (frame: SidekickFrame) => unknown): () => void {
    return this.#sender.onFrame(handler)
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    for (const connection of this.#connections.values()) connection.close()
    this.#listening.close()
    this.#sender.clear()
    this.#onClose(this)
  }

  #handle(frame: ClientFrame): void {
    if (!this.#looking && !this.#isUnknown(frame)) {
      this.#dispatch(frame)
      return
    }

    const looking = (this.#looking ?? Promise.resolve())
      .then(() => this.#adopt(frame))
      .then(() => {
        if (this.#looking === looking) this.#looking = null
        if (!this.#isClosed) this.#dispatch(frame)
      })
    this.#looking = looking
  }

  /** Takes over the grant of a token that was given out elsewhere. */
  async #adopt(frame: ClientFrame): Promise<void> {
    if (this.#isUnknown(frame))
      await this.#elsewhere?.take(frame.token, (grant) => this.#hub.grants.add(grant))
  }

  /** Whether the frame's token may be one that was given out elsewhere. */
  #isUnknown(frame: ClientFrame): frame is FrameOf<"subscribe" | "send"> {
    if (!this.#elsewhere || (frame.type !== "subscribe" && frame.type !== "send")) return false

    const { token } = frame
    return !this.#connections.has(token) && !this.#evicted.has(token) && !this.#hub.grants.has(token)
  }

  #dispatch(frame: ClientFrame): void {
    if (frame.type === "subscribe") this.#subscribe(frame)
    else if (frame.type === "unsubscribe") this.#unsubscribe(frame)
    else if (frame.type === "send") void this.#send(frame)
    else if (frame.type === "listen") this.#listening.listen(frame.resources, frame.ref)
    else this.#listening.unlisten(frame.resources, frame.ref)
  }

  #subscribe({ token, ref }: FrameOf<"subscribe">): void {
    const connection = this.#connectionOf(token, ref)
    if (connection) this.#subscriptions.subscribe(connection, ref)
  }

  #unsubscribe({ token, ref }: FrameOf<"unsubscribe">): void {
    const connection = this.#connections.get(token)
    if (!connection) {
      this.#sender.sendError(unknownToken, { token, ref })
      return
    }
    connection.close()

    const { channel, params } = connection
    this.#sender.send({ type: "unsubscribed", channel, params, ...refField(ref) })
  }

  async #send({ token, channel, params, data, ref }: FrameOf<"send">): Promise<void> {
    const connection = this.#connectionOf(token, ref)
    if (!connection) return
    // Only the grant decides where a message goes. A frame that names another topic is a mistake or an attack.
    if (topicOf(channel, params) !== connection.topic) {
      this.#sender.sendError(wrongTopic, { channel, params, ref })
      return
    }

    const fault = await connection.send(data)

    if (fault) this.#sender.sendError(fault, { channel, params, ref })
    else if (ref !== undefined) this.#sender.send({ type: "sent", ref })
  }

  /** The client's connection for a token, opened if it is not open yet. Otherwise sends an error frame. */
  #connectionOf(token: string, ref: string | undefined): Connection | undefined {
    const own = this.#connections.get(token)
    if (own) return own
    if (this.#connections.size >= maxConnectionsPerClient) {
      const message = `At most ${maxConnectionsPerClient} connections`
      this.#sender.sendError({ fault: "client", message, code: 429 }, { token, ref })
      return undefined
    }
    const connection = this.#hub.claim(token, {
      onEnd: () => this.#forget(token),
      onEvict: (reason) => {
        const fault: ChannelFault = { fault: "client", ...reason }
        this.#rememberEviction(token, fault)
        this.#sender.sendError(fault, { token, ...connection })
      },
    })
    if (!connection) {
      this.#sender.sendError(this.#evicted.get(token) ?? unknownToken, { token, ref })
      return undefined
    }
    this.#connections.set(token, connection)
    this.#onConnection?.(connection.context)
    this.#elsewhere?.onUsed(token)
    this.#listening.retryPending()

    return connection
  }

  #forget(token: string): void {
    this.#connections.delete(token)
    this.#subscriptions.remove(token)
  }

  #rememberEviction(token: string, fault: ChannelFault): void {
    this.#evicted.set(token, fault)
    for (const oldest of this.#evicted.keys()) {
      if (this.#evicted.size <= maxRememberedEvictions) return
      this.#evicted.delete(oldest)
    }
  }
}
