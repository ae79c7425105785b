import { memoize } from "../cache/memoize.ts"
import type { Db } from "./open.ts"

/**
 * Prepares a feature's statements once per database, because preparing one costs more than running it. Returns a
 * function that takes the database and returns the prepared statements.
 *
 * @example
 * const statements = prepare((db) => ({ all: db.select().from(pins).prepare() }))
 * statements(db).all.all()
 */
export function prepare<Statements>(build: (db: Db) => Statements): (db: Db) => Statements {
  return memoize(build)
}
