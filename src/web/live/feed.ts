import { type FeedGroup, type FeedLog, Feed as KernelFeed } from "../../kernel/index.ts"
import type { Update } from "./update.ts"

/** Where a feed reads what it was not told. */
export type Log = FeedLog<Update>

/** All readers of one feed by one transport: told once, whatever their number. */
export interface Group extends FeedGroup<Update> {
  /** Of presence and typing: left out for whoever is behind, so that messages get through first. */
  sign(update: Update): void
}

/** Carries one log to its readers, and beside it what is not kept. */
export class Feed extends KernelFeed<Update> {
  constructor(
    log: Log,
    private readonly readers: Group[],
    report: (error: unknown) => void,
  ) {
    super(log, readers, report)
  }

  /** Tells everyone something that is not kept. */
  tell(update: Update): void {
    for (const group of this.readers) group.sign(update)
  }
}
