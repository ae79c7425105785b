import type { Db } from "./open.ts"

/** Builds a feature's statements once for each database: preparing one costs more than running it. */
export function prepare<Statements>(build: (db: Db) => Statements): (db: Db) => Statements {
  const built = new WeakMap<Db, Statements>()
  return (db) => {
    const known = built.get(db)
    if (known) return known

    const statements = build(db)
    built.set(db, statements)
    return statements
  }
}
