import type { Db } from "../../db/database.ts"
import type { FileStorage } from "../files/storage.ts"

/** What archives are made from. */
export interface ExportSources {
  db: Db
  storage: FileStorage
  now: Date
  /** Throws when the work was stopped. */
  check(): void
}
