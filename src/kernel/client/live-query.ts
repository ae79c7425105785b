/** What a live query fetches: done by the client, so that the query knows only when. */
export interface LiveQueryWork {
  /** Fetches and calls back; resolves with the resources of the answer, or `null` when it failed. Never rejects. */
  fetch(): Promise<string[] | null>
  /** Told when the resources the query depends on have changed, with those before and those now. */
  onResources(before: ReadonlySet<string>, after: ReadonlySet<string>): void
}

/** A query that is fetched again when a resource it depends on was updated: in bursts once, and never twice at once. */
export class LiveQuery {
  private resources: ReadonlySet<string> = new Set()
  // Updates that came during a fetch: it may have read before them, and its resources may not be known yet.
  private readonly missed = new Set<string>()
  private state: "idle" | "scheduled" | "fetching" | "stopped" = "idle"

  constructor(private readonly work: LiveQueryWork) {
    void this.run()
  }

  get stopped(): boolean {
    return this.state === "stopped"
  }

  /** Says that resources were updated. */
  touch(updated: Iterable<string>): void {
    if (this.state === "fetching") for (const resource of updated) this.missed.add(resource)
    if (this.state !== "idle" || !this.dependsOn(updated)) return
    this.state = "scheduled"
    // A task, not a microtask: an own mutation is announced by the sidekick and by its answer, one after the other.
    setTimeout(() => void this.run(), 0)
  }

  /** Ends it: no callback follows. */
  stop(): void {
    if (this.stopped) return
    this.state = "stopped"
    this.work.onResources(this.resources, new Set())
  }

  private async run(): Promise<void> {
    if (this.stopped) return
    this.state = "fetching"
    this.missed.clear()
    const fetched = await this.work.fetch()
    if (this.stopped) return
    this.state = "idle"
    const before = this.resources
    if (fetched) this.resources = new Set(fetched)
    this.touch([...this.missed])
    this.work.onResources(before, this.resources)
  }

  private dependsOn(updated: Iterable<string>): boolean {
    for (const resource of updated) if (this.resources.has(resource)) return true

    return false
  }
}
