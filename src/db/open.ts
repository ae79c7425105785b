import type { Database } from "./database.ts"
import { openSqlite } from "./sqlite/open.ts"

/** Opens the database at an address; creates and migrates it as needed. Rejects when it cannot be opened or migrated. */
export async function openDatabase(path: string): Promise<Database> {
  return openSqlite(path)
}
