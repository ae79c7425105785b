/**
 * What can be wrong: a confirmed message that is not stored or not shown; one stored or delivered twice; one in
 * another place than the store's; one that says something else; someone who was not served in time; a server that
 * ended by itself or could not be stopped.
 */
export type Wrong = "lost" | "doubled" | "misordered" | "different" | "late" | "crashed"

export interface Violation {
  atMs: number
  kind: Wrong
  who: string
  what: string
  messageId?: string
}

/** Violations kept with their details; all are counted. One bug breaks thousands of messages. */
const maxKept = 500

/** What happened, in order: to be read when something went wrong. */
export class Trace {
  readonly startedAt = Date.now()
  readonly events: Record<string, unknown>[] = []
  readonly violations: Violation[] = []
  readonly counts: Record<Wrong, number> = {
    lost: 0,
    doubled: 0,
    misordered: 0,
    different: 0,
    late: 0,
    crashed: 0,
  }

  get nowMs(): number {
    return Date.now() - this.startedAt
  }

  note(event: string, details: Record<string, unknown> = {}): void {
    this.events.push({ atMs: this.nowMs, event, ...details })
  }

  violate(kind: Wrong, who: string, what: string, messageId?: string): void {
    this.counts[kind]++
    if (this.violations.length < maxKept) {
      this.violations.push({ atMs: this.nowMs, kind, who, what, messageId })
    }
  }
}
