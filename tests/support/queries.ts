import { Database, type Statement } from "bun:sqlite"

const runners = ["all", "get", "run", "values", "iterate"] as const
type Runner = (...parameters: unknown[]) => unknown

/**
 * Notes every statement that SQLite is asked to run: what `prepare` and `query` hand out is the real statement,
 * with its ways to run it wrapped. Statements prepared before are not seen, so begin before the database opens.
 */
export function noteQueries() {
  const noted: string[] = []
  let rows = 0
  const { prepare, query } = Database.prototype
  const watch = (statement: Statement, sql: string) => {
    for (const name of runners) {
      const run = statement[name] as Runner
      const value = (...parameters: unknown[]) => {
        noted.push(sql)
        const result = run.apply(statement, parameters)
        rows += Array.isArray(result) ? result.length : 0
        return result
      }
      Object.defineProperty(statement, name, { value, configurable: true, writable: true })
    }
    return statement
  }
  const watched = new WeakSet<Statement>()
  const watchOnce = (statement: Statement, sql: string) => {
    if (watched.has(statement)) return statement
    watched.add(statement)
    return watch(statement, sql)
  }
  Database.prototype.prepare = function (this: Database, sql: string, ...rest: never[]) {
    return watchOnce(prepare.call(this, sql, ...rest), sql)
  } as typeof prepare
  Database.prototype.query = function (this: Database, sql: string) {
    return watchOnce(query.call(this, sql), sql)
  } as typeof query

  return {
    /** The SQL that ran so far, without forgetting it. */
    all: (): readonly string[] => noted,
    /** How many rows those of `all`, `values` and the like returned since the last look. */
    takeRows() {
      const taken = rows
      rows = 0
      return taken
    },
    /** The SQL that ran since the last look, without the transactions around it and without what reads nothing. */
    take: () =>
      noted
        .splice(0)
        .filter(
          (sql) => !/^\s*(begin|commit|rollback|savepoint|release)|total_changes|data_version/i.test(sql),
        ),
    [Symbol.dispose]() {
      Object.assign(Database.prototype, { prepare, query })
    },
  }
}
