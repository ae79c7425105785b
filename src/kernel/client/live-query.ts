interface LiveQueryOptions {
  /** Fetches and calls back. Resolves with the resources of the answer, or `null` when it failed. Never rejects. */
  fetch(): Promise<string[] | null>
  /** Called when the resources that the query depends on have changed. */
  onResources(before: ReadonlySet<string>, after: ReadonlySet<string>): void
}

/**
 * A query that is fetched again when one of its resources was updated. A burst of updates causes one fetch, and
 * fetches never overlap.
 */
export class LiveQuery {
  readonly #options: LiveQueryOptions
  #resources: ReadonlySet<string> = new Set()
  /** Updates during a fetch: it may have read before them, and its resources may not be known yet. */
  readonly #missed = new Set<string>()
  #state: "idle" | "scheduled" | "fetching" | "stopped" = "idle"

  /** Fetches at once. */
  constructor(options: LiveQueryOptions) {
    this.#options = options
    void this.#run()
  }

  get isStopped(): boolean {
    return this.#state === "stopped"
  }

  /** Tells the query which resources were updated. */
  update(resources: Iterable<string>): void {
    if (this.#state === "fetching") for (const resource of resources) this.#missed.add(resource)
    if (this.#state !== "idle" || !this.#dependsOn(resources)) return
    this.#state = "scheduled"
    // A task, not a microtask: a client's own mutation is announced twice, by its answer and by the sidekick.
    setTimeout(() => void this.#run(), 0)
  }

  /** Ends the query; no callback follows. */
  stop(): void {
    if (this.isStopped) return
    this.#state = "stopped"
    this.#options.onResources(this.#resources, new Set())
  }

  async #run(): Promise<void> {
    if (this.isStopped) return
    this.#state = "fetching"
    this.#missed.clear()
    const fetched = await this.#options.fetch()
    if (this.isStopped) return
    this.#state = "idle"
    const before = this.#resources
    if (fetched) this.#resources = new Set(fetched)
    this.update([...this.#missed])
    this.#options.onResources(before, this.#resources)
  }

  #dependsOn(updated: Iterable<string>): boolean {
    for (const resource of updated) if (this.#resources.has(resource)) return true

    return false
  }
}
