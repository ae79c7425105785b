import type { Database } from "./database.ts"
import { openPostgres } from "./postgres/open.ts"
import { openSqlite } from "./sqlite/open.ts"

/**
 * Opens an SQLite file, which is created if missing, or a database in Postgres; migrates it as needed. Rejects when it
 * cannot be opened or migrated.
 */
export async function openDatabase(database: { path: string } | { url: string }): Promise<Database> {
  return "url" in database ? openPostgres(database.url) : openSqlite(database.path)
}
