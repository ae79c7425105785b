import type { StoreContent } from "../store.ts"

/** A promise that is checked while the trial runs, by clients of its own. */
export interface Check {
  /** Runs until `stop`. */
  run(): Promise<void>
  stop(): void
  /** Does nothing new until `resume`; resolves once nothing is under way. */
  pause(): Promise<void>
  resume(): void
  /** What it did, by its name in the summary. */
  summary(): Record<string, number>
  /** Waits until everything stored has arrived, and reports what has not by the deadline. */
  settle(readStore: () => Promise<StoreContent>, deadlineMs: number): Promise<void>
}
