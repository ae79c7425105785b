import type { Database as Sqlite } from "bun:sqlite"
import { NoopLogger, type Query } from "drizzle-orm"
import { BunSQLiteDatabase, PreparedQuery, SQLiteBunSession } from "drizzle-orm/bun-sqlite"
import {
  type SelectedFieldsOrdered,
  type SQLiteExecuteMethod,
  SQLiteSyncDialect,
} from "drizzle-orm/sqlite-core"
import { type RowMapper, rowMapper } from "../row-mapper.ts"

/**
 * Drizzle's handle over an open SQLite file. It differs from Drizzle's own in `rowMapper`, and writes parameters as `+?`:
 * for a plain one SQLite looks at its value as it plans, and plans again each time that it is bound, which takes ten times
 * as long as running the statement (docs/decisions/052-parameters-behind-a-plus.md).
 */
export function createSqliteHandle(sqlite: Sqlite) {
  const dialect = new SQLiteSyncDialect()
  // Not in Drizzle's types.
  Object.assign(dialect, { escapeParam: () => "+?" })
  return new BunSQLiteDatabase("sync", dialect, new Session(sqlite, dialect) as never, undefined)
}

const noLogger = new NoopLogger()

class Session extends SQLiteBunSession<Record<string, never>, Record<string, never>> {
  readonly #sqlite: Sqlite

  constructor(sqlite: Sqlite, dialect: SQLiteSyncDialect) {
    super(sqlite, dialect, undefined)
    this.#sqlite = sqlite
  }

  override prepareQuery(
    query: Query,
    fields: SelectedFieldsOrdered | undefined,
    method: SQLiteExecuteMethod,
    isInArrays: boolean,
    mapper?: (rows: unknown[][]) => unknown,
  ): PreparedQuery<never> {
    const map = fields && !mapper ? rowMapper(fields) : undefined
    if (!map) return super.prepareQuery(query, fields, method, isInArrays, mapper)

    return new MappedQuery(
      map,
      this.#sqlite.prepare(query.sql),
      query,
      noLogger,
      fields,
      method,
      isInArrays,
      mapper,
    )
  }
}

/** A statement whose rows this program maps. */
class MappedQuery extends PreparedQuery<never> {
  readonly #map: RowMapper

  constructor(map: RowMapper, ...rest: ConstructorParameters<typeof PreparedQuery>) {
    super(...rest)
    this.#map = map
  }

  override all(values?: Record<string, unknown>): never {
    return (this.values(values) as unknown[][]).map(this.#map) as never
  }

  override get(values?: Record<string, unknown>): never {
    const row = (this.values(values) as unknown[][])[0]
    return (row && this.#map(row)) as never
  }
}
