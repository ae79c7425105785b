/** One version back must work (docs/decisions/032-expand-then-contract.md), so one generation more is no problem. */
const maxGenerationsAhead = 1

/** Throws when the database was migrated by versions that this one's code cannot work beside. */
export function refuseFutureDatabase(generationsAhead: number): void {
  if (generationsAhead > maxGenerationsAhead) throw new DatabaseTooNew(generationsAhead)
}

/** The message is a sentence. */
export class DatabaseTooNew extends Error {
  override readonly name = "DatabaseTooNew"

  constructor(generationsAhead: number) {
    super(
      `The database is ${generationsAhead} generations ahead of this version of the chat: start a newer version`,
    )
  }
}
