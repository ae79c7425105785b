import { unexpectedMessage } from "../report.ts"
import { type ChannelFault, channelFaultOf, Refusal } from "../result.ts"
import { resourceTopic } from "../topic.ts"
import { type FrameSender, refField } from "./frame-sender.ts"
import type { Hub } from "./hub.ts"

/** Most resources that one client may listen to. */
export const maxResourcesPerClient = 100

/**
 * Decides whether a client may listen to a resource's updates. It may also throw a `Refusal`, which is then the
 * answer. `identity` is what `getConnectionFromClient` was given; `contexts` are those of the connections that the
 * client held when it began to listen.
 */
export type MayListen = (args: {
  resource: string
  identity: unknown
  contexts: unknown[]
}) => boolean | Promise<boolean>

interface ClientListeningOptions {
  sender: FrameSender
  identity: unknown
  mayListen: MayListen | undefined
  /** The contexts of the client's open connections. */
  contexts(): unknown[]
}

const unidentified: ChannelFault = {
  fault: "client",
  message: "Connect to a channel first: what you listen to begins then",
  code: 401,
}

/** The resources one client listens to. */
export class ClientListening {
  readonly #hub: Hub
  readonly #options: ClientListeningOptions
  /** Functions that unsubscribe, by resource. */
  readonly #resources = new Map<string, () => void>()
  /** Requested before the client could be identified; tried again once it holds a connection. */
  readonly #pending = new Set<string>()
  /** Requests run one after another: a decision takes time, and an `unlisten` must not overtake its `listen`. */
  #queue = Promise.resolve()
  #isClosed = false

  constructor(hub: Hub, options: ClientListeningOptions) {
    this.#hub = hub
    this.#options = options
  }

  /** Starts to listen. Answers with `listening` and the accepted resources, and with an error for each other one. */
  listen(resources: string[], ref?: string): void {
    this.#queue = this.#queue.then(() => this.#listenAll(new Set(resources), ref))
  }

  /** Stops listening. Answers with `unlistening`. */
  unlisten(resources: string[], ref?: string): void {
    this.#queue = this.#queue.then(() => {
      const unique = [...new Set(resources)]
      for (const resource of unique) {
        this.#stop(resource)
        this.#pending.delete(resource)
      }
      this.#options.sender.send({ type: "unlistening", resources: unique, ...refField(ref) })
    })
  }

  /** Tries again what was requested before the client could be identified. Call it after it opened a connection. */
  retryPending(): void {
    if (this.#pending.size === 0) return
    const resources = [...this.#pending]
    this.#pending.clear()
    this.listen(resources)
  }

  /** Stops listening to everything. */
  close(): void {
    this.#isClosed = true
    for (const unsubscribe of this.#resources.values()) unsubscribe()
    this.#resources.clear()
  }

  async #listenAll(resources: Set<string>, ref: string | undefined): Promise<void> {
    const accepted: string[] = []
    for (const resource of resources) {
      if (await this.#listenTo(resource, ref)) accepted.push(resource)
    }
    this.#options.sender.send({ type: "listening", resources: accepted, ...refField(ref) })
  }

  async #listenTo(resource: string, ref: string | undefined): Promise<boolean> {
    if (this.#resources.has(resource)) return true
    const contexts = this.#options.contexts()
    const fault =
      this.#resources.size < maxResourcesPerClient ? await this.#check(resource, contexts) : tooMany
    if (this.#isClosed) return false
    if (fault) {
      this.#options.sender.sendError(fault, { ref })
      return false
    }
    const onUpdate = () => this.#onUpdate(resource, contexts)
    this.#resources.set(resource, this.#hub.updates.subscribe(resourceTopic(resource), onUpdate))

    return true
  }

  /** The client may have lost the permission, so with `mayListen` every update is checked again. */
  async #onUpdate(resource: string, contexts: unknown[]): Promise<void> {
    const fault = this.#options.mayListen && (await this.#check(resource, contexts))
    if (this.#isClosed || !this.#resources.has(resource)) return
    if (!fault) return this.#options.sender.send({ type: "updated", resource })

    this.#stop(resource)
    this.#options.sender.sendError(fault, {})
  }

  /** Why the client may not listen; `undefined` when it may. */
  async #check(resource: string, contexts: unknown[]): Promise<ChannelFault | undefined> {
    const { identity, mayListen } = this.#options
    try {
      const isAllowed = (await mayListen?.({ resource, identity, contexts })) ?? true
      if (isAllowed) return undefined
      if (identity !== undefined || contexts.length > 0)
        return { fault: "client", message: `You may not listen to "${resource}"`, code: 403 }
      if (this.#pending.size < maxResourcesPerClient) this.#pending.add(resource)
      return unidentified
    } catch (error) {
      if (error instanceof Refusal) return channelFaultOf(error)
      this.#hub.report(error, "mayListen")
      return { fault: "server", message: unexpectedMessage, code: 500 }
    }
  }

  #stop(resource: string): void {
    this.#resources.get(resource)?.()
    this.#resources.delete(resource)
  }
}

const tooMany: ChannelFault = {
  fault: "client",
  message: `At most ${maxResourcesPerClient} resources`,
  code: 429,
}
