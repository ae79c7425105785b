/** A node of a cluster on this machine. */
export interface ClusterNode {
  name: string
  port: number
}

/** How often each node is asked whether it is healthy, in milliseconds. */
const pollMs = 250
/** A node that takes longer to answer is not healthy. */
const timeoutMs = 1000

/** Knows which nodes are healthy: those whose `/health` answers 200. */
export class NodePool {
  readonly #nodes: ClusterNode[]
  readonly #healthy = new Set<ClusterNode>()
  readonly #timer: ReturnType<typeof setInterval>
  readonly #asking = new Set<ClusterNode>()
  #turn = 0

  /** Called when a node becomes healthy or stops being so. */
  onChange: (node: ClusterNode, isHealthy: boolean) => void = () => {}

  constructor(nodes: ClusterNode[]) {
    this.#nodes = nodes
    this.#timer = setInterval(() => this.#askAll(), pollMs)
    this.#askAll()
  }

  get healthy(): ClusterNode[] {
    return this.#nodes.filter((node) => this.#healthy.has(node))
  }

  /** The healthy node whose turn it is, leaving out those that were tried. */
  next(tried: ReadonlySet<ClusterNode>): ClusterNode | undefined {
    const candidates = this.healthy.filter((node) => !tried.has(node))
    return candidates[this.#turn++ % candidates.length]
  }

  /** Notes whether a node can be used, for who found out before the next poll. */
  note(node: ClusterNode, isHealthy: boolean): void {
    if (this.#healthy.has(node) === isHealthy) return

    if (isHealthy) this.#healthy.add(node)
    else this.#healthy.delete(node)
    this.onChange(node, isHealthy)
  }

  close(): void {
    clearInterval(this.#timer)
  }

  #askAll(): void {
    for (const node of this.#nodes) if (!this.#asking.has(node)) void this.#ask(node)
  }

  async #ask(node: ClusterNode): Promise<void> {
    this.#asking.add(node)
    this.note(node, await isHealthy(node))
    this.#asking.delete(node)
  }
}

/** Whether the node's `/health` answers 200 now. */
export async function isHealthy({ port }: ClusterNode): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/health`, {
      signal: AbortSignal.timeout(timeoutMs),
      // A kept connection would make a hung node look like a dead one, and a new node like the old.
      keepalive: false,
    })
    await response.body?.cancel()
    return response.ok
  } catch {
    return false
  }
}
