import { expect, test } from "bun:test"
import { getTableColumns, is, SQL } from "drizzle-orm"
import { getTableConfig, SQLiteTable } from "drizzle-orm/sqlite-core"
import * as schema from "../../../drizzle/schema.ts"
import { migrate, readMigrations } from "../../../src/db/postgres/migrate.ts"
import { openPostgres } from "../../../src/db/postgres/open.ts"
import { createPostgresDatabase, execute } from "../../support/postgres.ts"
import { describeWithServices } from "../../support/services.ts"

// `search_words` is in Postgres only.
const tables = Object.values(schema).filter((each) => is(each, SQLiteTable))
const options = { schema: "public", deadlineMs: 5_000 }

describeWithServices("the migrations for Postgres", () => {
  test("make the tables of drizzle/schema.ts", async () => {
    await using database = await createPostgresDatabase()
    await migrate({ url: database.url, ...options })

    const columns = await execute(
      database.url,
      `select table_name, column_name, data_type, collation_name, is_nullable, column_default
       from information_schema.columns where table_schema = 'public' 
         and table_name not in ('migrations', 'search_words', 'history')`,
    )
    const expected = tables.flatMap((table) =>
      Object.values(getTableColumns(table)).map((column) => {
        const isText = column.getSQLType() === "text"
        return {
          table_name: getTableConfig(table).name,
          column_name: column.name,
          data_type: isText ? "text" : "bigint",
          collation_name: isText ? "C" : null,
          is_nullable: column.notNull ? "NO" : "YES",
          column_default: defaultOf(column.default),
        }
      }),
    )
    expect(tables.length).toBeGreaterThan(25)
    expect(sorted(columns)).toEqual(sorted(expected))
  })

  test("make its indexes and unique constraints", async () => {
    await using database = await createPostgresDatabase()
    await migrate({ url: database.url, ...options })

    const indexes = await execute(
      database.url,
      `select indexrelid::regclass::text as name, indrelid::regclass::text as on_table, indisunique as is_unique,
         indpred is not null as is_partial,
         (select string_agg(attname, ',' order by place) from unnest(indkey) with ordinality as key (number, place)
           join pg_attribute on attrelid = indrelid and attnum = number) as columns
       from pg_index join pg_class on pg_class.oid = indrelid
       where relnamespace = 'public'::regnamespace and not indisprimary and relname <> 'search_words'`,
    )
    const expected = tables.flatMap((table) => {
      const { name, indexes: declared, columns } = getTableConfig(table)
      const unique = columns.filter(({ isUnique }) => isUnique)
      return [
        ...declared.map(({ config }) => ({
          name: config.name,
          on_table: name,
          is_unique: config.unique,
          is_partial: config.where !== undefined,
          columns: config.columns.map((column) => (is(column, SQL) ? "?" : column.name)).join(","),
        })),
        ...unique.map((column) => ({
          name: column.uniqueName,
          on_table: name,
          is_unique: true,
          is_partial: false,
          columns: column.name,
        })),
      ]
    })
    expect(sorted(indexes)).toEqual(sorted(expected))
  })

  test("make its primary keys, foreign keys and checks", async () => {
    await using database = await createPostgresDatabase()
    await migrate({ url: database.url, ...options })

    const constraints = await execute(
      database.url,
      `select conrelid::regclass::text as on_table, contype as kind, confrelid::regclass::text as to_table, confdeltype as on_delete,
         condeferrable as is_deferrable,
         (select string_agg(attname, ',' order by place) from unnest(conkey) with ordinality as key (number, place)
           join pg_attribute on attrelid = conrelid and attnum = number) as columns
       from pg_constraint where connamespace = 'public'::regnamespace 
         and conrelid not in ('migrations'::regclass, 'search_words'::regclass, 'history'::regclass)`,
    )
    expect(sorted(constraints)).toEqual(sorted(tables.flatMap(constraintsOf)))
  })

  test("run once when two nodes start at the same time", async () => {
    await using database = await createPostgresDatabase()

    const nodes = await Promise.all([openPostgres(database.url), openPostgres(database.url)])

    const applied = await execute(database.url, "select name from migrations order by name")
    expect(applied.map(({ name }) => name)).toEqual(readMigrations().map(({ name }) => name))
    for (const node of nodes) {
      await node.ping()
      await node.close()
    }
  })

  test("of the next version leave this one running; those of the version after it do not", async () => {
    await using database = await createPostgresDatabase()
    await (await openPostgres(database.url)).close()

    await execute(database.url, "insert into migrations (name) values ('9001_next'), ('9001_next_indexes')")
    await (await openPostgres(database.url)).close()

    await execute(database.url, "insert into migrations (name) values ('9002_after_next')")
    expect(openPostgres(database.url)).rejects.toThrow("2 generations ahead of this version of the chat")
  })

  test("that fail leave nothing behind, and the lock free", async () => {
    await using database = await createPostgresDatabase()
    const broken = {
      name: "0001_broken",
      statements: ["create table half (id int)", "nonsense"],
      isConcurrent: false,
    }

    expect(migrate({ url: database.url, ...options }, [broken])).rejects.toThrow("nonsense")
    await migrate({ url: database.url, ...options }, [broken]).catch(() => {})

    expect(await execute(database.url, "select to_regclass('half') as half")).toEqual([{ half: null }])
    await (await openPostgres(database.url)).close()
  })

  test("create indexes without locking the table", async () => {
    await using database = await createPostgresDatabase()
    const statements = [
      "drop index concurrently if exists by_id",
      "create index concurrently by_id on rows (id)",
    ]
    await execute(database.url, "create table rows (id int)")

    await migrate({ url: database.url, ...options }, [{ name: "0001_index", statements, isConcurrent: true }])

    const rows = await execute(
      database.url,
      "select indisvalid from pg_index where indexrelid = 'by_id'::regclass",
    )
    expect(rows).toEqual([{ indisvalid: true }])
  })
})

/** As Postgres' catalog writes them. */
const deletions = new Map<string, string>([
  ["cascade", "c"],
  ["set null", "n"],
  ["no action", "a"],
])

function constraintsOf(table: SQLiteTable): Record<string, unknown>[] {
  const { name, columns, primaryKeys, foreignKeys, checks } = getTableConfig(table)
  const none = { on_table: name, to_table: "-", on_delete: " ", is_deferrable: false }
  const keys = [
    ...columns.filter(({ primary }) => primary).map((column) => [column]),
    ...primaryKeys.map((key) => key.columns),
  ]
  return [
    ...keys.map((key) => ({ ...none, kind: "p", columns: key.map((column) => column.name).join(",") })),
    ...foreignKeys.map((key) => ({
      on_table: name,
      kind: "f",
      to_table: getTableConfig(key.reference().foreignTable).name,
      on_delete: deletions.get(key.onDelete ?? "no action"),
      is_deferrable: true,
      columns: key
        .reference()
        .columns.map((column) => column.name)
        .join(","),
    })),
    ...checks.map(() => ({ ...none, kind: "c", columns: "seq,position" })),
  ]
}

function defaultOf(value: unknown): string | null {
  if (value === undefined) return null
  if (typeof value === "string") return `'${value}'::text`
  if (typeof value === "object") return `'${JSON.stringify(value)}'::text`
  // Postgres says the type of a number that fits no integer.
  return Math.abs(Number(value)) < 2 ** 31 ? String(Number(value)) : `'${value}'::bigint`
}

function sorted(rows: Record<string, unknown>[]): Record<string, unknown>[] {
  const key = (row: Record<string, unknown>) => JSON.stringify(Object.entries(row).toSorted())
  return rows.toSorted((one, other) => (key(one) < key(other) ? -1 : 1))
}
