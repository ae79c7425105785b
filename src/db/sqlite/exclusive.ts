import { existsSync } from "node:fs"
import type { Db } from "../database.ts"
import { lockDatabase } from "./backup.ts"
import { createSqliteHandle } from "./driver.ts"
import { migrateSqlite } from "./open.ts"

/** A database that no other program can open. */
export interface ExclusiveDatabase {
  db: Db
  close(): void
}

/** Opens an SQLite file that no other program uses, and migrates it. Throws when one does, or the file is damaged. */
export function openExclusively(path: string): ExclusiveDatabase {
  if (!existsSync(path)) throw new Error(`There is no database ${path}`)

  const sqlite = lockDatabase(path)
  if (!sqlite) throw new Error(`${path} is damaged, or no database of this chat`)
  // Keeps the lock after the transaction that took it.
  sqlite.run("PRAGMA locking_mode = EXCLUSIVE")
  sqlite.run("COMMIT")
  const db = createSqliteHandle(sqlite)
  migrateSqlite(sqlite, db)
  return {
    db: db as unknown as Db,
    close() {
      // The file stays open until the statements are collected as garbage; the lock must not.
      sqlite.run("PRAGMA locking_mode = NORMAL")
      sqlite.run("BEGIN IMMEDIATE")
      sqlite.run("COMMIT")
      sqlite.close()
    },
  }
}
