import { integer } from "drizzle-orm/sqlite-core"

// Columns that many tables have.

export const time = (name: string) => integer(name, { mode: "timestamp_ms" })

export const createdAt = () =>
  time("created_at")
    .notNull()
    .$defaultFn(() => new Date())
