import { NoopLogger, type Query } from "drizzle-orm"
import { NoopCache } from "drizzle-orm/cache/core"
import {
  BaseSQLiteDatabase,
  type SelectedFieldsOrdered,
  SQLiteAsyncDialect,
  type SQLiteExecuteMethod,
} from "drizzle-orm/sqlite-core"
import {
  type AsyncRemoteCallback,
  type PreparedQueryConfig,
  RemotePreparedQuery,
  SQLiteRemoteSession,
} from "drizzle-orm/sqlite-proxy"
import { registerDialect } from "../dialect.ts"
import type { RunStatement } from "./connections.ts"
import type { Rows } from "./statement.ts"

/** Drizzle's SQLite handle over Postgres, which takes nearly all SQL of that dialect; `translate` does the rest. */
export function createHandle(run: RunStatement) {
  const dialect = new SQLiteAsyncDialect()
  const session = new PostgresSession(run, dialect)
  const db = new BaseSQLiteDatabase<"async", unknown>("async", dialect, session, undefined)
  registerDialect(db, "postgres")
  return db
}

class PostgresSession extends SQLiteRemoteSession<Record<string, never>, Record<string, never>> {
  readonly #asArrays: AsyncRemoteCallback
  readonly #asObjects: AsyncRemoteCallback

  constructor(run: RunStatement, dialect: SQLiteAsyncDialect) {
    const asArrays = callback(run, (rows) => rows)
    super(asArrays, dialect, undefined)
    this.#asArrays = asArrays
    this.#asObjects = callback(run, toObjects)
  }

  override prepareQuery<T extends PreparedQueryConfig>(
    query: Query,
    fields: SelectedFieldsOrdered | undefined,
    method: SQLiteExecuteMethod,
    isInArrays: boolean,
    mapper?: (rows: unknown[][]) => unknown,
  ): RemotePreparedQuery<T> {
    // Drizzle maps arrays to the selected fields. Statements written by hand have none and return objects, as in SQLite.
    const run = fields || mapper ? this.#asArrays : this.#asObjects
    const none = undefined
    return new PostgresQuery<T>(run, query, noLogger, noCache, none, none, fields, method, isInArrays, mapper)
  }
}

const noLogger = new NoopLogger()
const noCache = new NoopCache()

class PostgresQuery<T extends PreparedQueryConfig> extends RemotePreparedQuery<T> {
  /** Drizzle's own wraps errors into one with all parameters in its message, which would be logged: secrets among them. */
  queryWithCache<Result>(_text: string, _values: unknown[], query: () => Promise<Result>): Promise<Result> {
    return query()
  }
}

function callback(run: RunStatement, shape: (rows: Rows) => unknown[]): AsyncRemoteCallback {
  return async (text, values, method) => {
    const found = await run(text, values)
    const rows = method === "values" ? found : shape(found)
    // Typed as a list of rows, but for `get` Drizzle takes the row itself.
    return { rows: method === "get" ? (rows[0] as unknown[]) : rows }
  }
}

function toObjects(rows: Rows): unknown[] {
  const names = rows.columns.map(({ name }) => name)
  return rows.map((row) => Object.fromEntries(row.map((value, index) => [names[index], value])))
}
