import type { Database } from "bun:sqlite"
import { Cache } from "../../src/cache/cache.ts"

/** A value that was read from the database and cached, with the statements that ran for it. */
export interface CachedRead {
  version: string
  statements: string[]
}

/** Notes every value that is read and cached: what ran between a miss of a cache and its `set` of the same key. */
export function noteCachedReads(queries: { all(): readonly string[] }) {
  const noted: CachedRead[] = []
  const misses = new WeakMap<Cache<unknown>, Map<string, number>>()

  const { get, set } = Cache.prototype
  Cache.prototype.get = function (this: Cache<unknown>, key: string, version: string) {
    const value = get.call(this, key, version)
    const keys = misses.get(this) ?? new Map<string, number>()
    if (value === undefined) misses.set(this, keys.set(key, queries.all().length))
    return value
  }
  Cache.prototype.set = function (this: Cache<unknown>, key: string, version: string, value: unknown) {
    const from = misses.get(this)?.get(key)
    const statements = from === undefined ? [] : queries.all().slice(from).filter(readsTables)
    if (statements.length > 0) noted.push({ version, statements })
    return set.call(this, key, version, value)
  }

  return {
    noted,
    [Symbol.dispose]() {
      Object.assign(Cache.prototype, { get, set })
    },
  }
}

function readsTables(sql: string): boolean {
  return /^\s*(select|with)\b/i.test(sql) && !/temp\.counts/i.test(sql)
}

interface Step {
  opcode: string
  p1: number
  p2: number
  p3: number
}

/**
 * The columns that a statement reads, or finds and sorts rows by, as `table.column`. They are taken from SQLite's
 * program for it (sqlite.org/opcode.html), which also names what a statement's text does not: indexes.
 */
export function columnsRead(sqlite: Database, sql: string): Set<string> {
  const program = sqlite.query<Step, []>(`EXPLAIN ${sql}`).all()
  const relations = relationsOf(sqlite)
  const open = new Map<number, Relation>()
  const read = new Set<string>()
  for (const { opcode, p1, p2, p3 } of program) {
    const relation = opcode === "OpenRead" && p3 === 0 ? relations.get(p2) : undefined
    if (!relation) continue
    open.set(p1, relation)
    // Rows are found and sorted by any column of an index.
    if (relation.isIndex) for (const column of relation.columns) read.add(`${relation.table}.${column}`)
  }
  for (const { opcode, p1, p2 } of program) {
    const relation = opcode === "Column" ? open.get(p1) : undefined
    const column = relation?.columns[p2]
    if (relation && column !== undefined) read.add(`${relation.table}.${column}`)
  }
  return read
}

interface Relation {
  table: string
  columns: string[]
  isIndex: boolean
}

/** Tables and indexes by the page that a statement opens. */
function relationsOf(sqlite: Database): Map<number, Relation> {
  const schema = sqlite
    .query<{ type: string; name: string; table: string; page: number }, []>(
      "select type, name, tbl_name as 'table', rootpage as page from sqlite_schema where rootpage > 0",
    )
    .all()
  return new Map(
    schema.map(({ type, name, table, page }) => {
      const isIndex = type === "index"
      const columns = sqlite
        .query<{ name: string | null }, [string]>(
          `select name from ${isIndex ? "pragma_index_xinfo" : "pragma_table_info"}(?)`,
        )
        .all(name)
        // The row's number, which an index ends with, has no name.
        .map((column) => column.name ?? "rowid")
      return [page, { table, columns, isIndex }]
    }),
  )
}
