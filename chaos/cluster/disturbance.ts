/** Knows what fails now or failed lately, for promises that hold only without that. */
export class Disturbance {
  readonly #scopes = new Map<string, { active: number; endedAtMs: number }>()

  /** Runs a fault of a scope, such as `postgres` or a node's name, until what failed works again. */
  async during(scope: string, fault: () => Promise<void>): Promise<void> {
    const state = this.#scopes.get(scope) ?? { active: 0, endedAtMs: 0 }
    this.#scopes.set(scope, state)
    state.active++
    try {
      await fault()
    } finally {
      state.active--
      state.endedAtMs = Date.now()
    }
  }

  /** Whether anything of these scopes has failed since then. */
  since(timeMs: number, scopes: string[]): boolean {
    return scopes.some((scope) => {
      const state = this.#scopes.get(scope)
      return state !== undefined && (state.active > 0 || state.endedAtMs >= timeMs)
    })
  }
}

/** What a node needs to serve: Postgres and its own link to it. */
export function scopesOf(node: string): string[] {
  return ["postgres", node, linkScope(node, "postgres")]
}

export function linkScope(node: string, service: string): string {
  return `${node} to ${service}`
}
