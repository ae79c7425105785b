import { integer, text } from "drizzle-orm/sqlite-core"
import { users } from "../schema.ts"

// Columns that many tables have.

export const time = (name: string) => integer(name, { mode: "timestamp_ms" })

export const createdAt = () =>
  time("created_at")
    .notNull()
    .$defaultFn(() => new Date())

export const ofUser = (name = "user_id") =>
  text(name)
    .notNull()
    .references(() => users.id, { onDelete: "cascade" })
