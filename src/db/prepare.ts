import { memoize } from "../cache/memoize.ts"
import type { Db, Tx } from "./database.ts"

/**
 * Prepares a feature's statements once per handle of the database, because preparing one costs more than running it.
 * Returns a function that takes the handle and returns the prepared statements.
 *
 * @example
 * const statements = prepare((db) => ({ all: db.select().from(pins).prepare() }))
 * await statements(db).all.all()
 */
export function prepare<Statements>(build: (db: Db) => Statements): (db: Db) => Statements {
  return memoize(build)
}

/** Like `prepare`, for statements that write; they need the handle of a commit. */
export function prepareWrites<Statements>(build: (tx: Tx) => Statements): (tx: Tx) => Statements {
  return memoize(build)
}
