/**
 * - lost: a confirmed message is not stored or not shown
 * - duplicated: a message is stored or delivered twice
 * - misordered: a message is in another position than in the store
 * - different: a message has another content, author or state than in the store
 * - late: a client was not served before the deadline
 * - leaked: a client got something after it had lost the right to it
 * - crashed: the server exited by itself or did not stop when asked
 */
export type ViolationKind = "lost" | "duplicated" | "misordered" | "different" | "late" | "leaked" | "crashed"

export interface Violation {
  atMs: number
  kind: ViolationKind
  /** Name of the client, channel or process that saw it. */
  who: string
  what: string
  messageId?: string
}

/** Violations stored with their details; all are counted. One bug can break thousands of messages. */
const maxDetailed = 500

/** Records events and violations in order, for the report. */
export class Trace {
  readonly startedAt = Date.now()
  readonly events: Record<string, unknown>[] = []
  readonly violations: Violation[] = []
  readonly counts: Record<ViolationKind, number> = {
    lost: 0,
    duplicated: 0,
    misordered: 0,
    different: 0,
    late: 0,
    leaked: 0,
    crashed: 0,
  }

  get nowMs(): number {
    return Date.now() - this.startedAt
  }

  event(name: string, details: Record<string, unknown> = {}): void {
    this.events.push({ atMs: this.nowMs, event: name, ...details })
  }

  violation(violation: Omit<Violation, "atMs">): void {
    this.counts[violation.kind]++
    if (this.violations.length < maxDetailed) this.violations.push({ atMs: this.nowMs, ...violation })
  }
}
