/** What happened to a node's connection with the others. */
export type BusEvent =
  /** This node hears the others, and may have missed something before. */
  | { kind: "up" }
  /** This node may not hear the others. */
  | { kind: "down"; cause: string }
  /** A node was heard for the first time, or again after a silence. When it is not new, posts of it may be missing. */
  | { kind: "joined"; node: string; isNew: boolean }
  /** A post of a node was lost. */
  | { kind: "missed"; node: string }
  /** A node has ended properly, or is silent: it was not heard for `nodeSilenceMs`, and its last posts may be missing. */
  | { kind: "left"; node: string; isSilent: boolean }

/** What a node does with one kind of post of the others. */
export interface PostHandler {
  /** Whether posts about a topic matter to this node. The others are not even parsed. Default: all matter. */
  wants?(topic: string): boolean
  /** Called with each post, in the order in which `node` published them. */
  receive(body: unknown, node: string): void
}

/** Counts of a bus, for metrics. */
export interface BusStats {
  isUp: boolean
  /** The other nodes that are heard. */
  nodes: number
  /** Posts that were discarded because they could not be sent. */
  lost: number
  /** Posts sent, received and handled, and received but not wanted here. */
  sent: number
  received: number
  skipped: number
  /** Times that posts of another node were missed. */
  missed: number
}

/**
 * Carries posts between the nodes of an installation: at most once, in order for each node. What is lost is noticed and
 * shows as an event, so posts are hints of what is stored.
 */
export interface Bus {
  /** Identifies this process. */
  readonly node: string
  /** Whether what this node publishes comes back to it: only then can it know that it hears the others. */
  readonly isUp: boolean
  /** The other nodes that are heard. */
  readonly nodes: Iterable<string>
  /** How far this node has published: once another node `hasHeard` it, that node knows of everything until now. */
  readonly position: string
  /** Whether what a node had published at a position was heard here, or was noticed to be missed. */
  hasHeard(position: string): boolean
  /** Queues a post for the other nodes; what is published in one turn of the event loop goes out together. */
  publish(post: { path: string; topic?: string; body: unknown }): void
  /** Like `publish`, with a body that `encodeBody` made. */
  publishEncoded(post: { path: string; topic?: string; body: string }): void
  /** Sets what handles one kind of post. Kinds without a handler are ignored: a newer version may have sent them. */
  handle(path: string, handler: PostHandler): void
  /** Subscribes to events. Returns a function that unsubscribes. */
  subscribe(listener: (event: BusEvent) => void): () => void
  stats(): BusStats
  /** Tells the others that this node ends, once everything was sent. */
  close(): Promise<void>
}
