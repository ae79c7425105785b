import { integer } from "drizzle-orm/sqlite-core"

// Columns that many tables have.

export const time = (name: string) => integer(name, { mode: "timestamp_ms" })

export const createdAt = () =>
  time("created_at")
    .notNull()
    .$defaultFn(() => new Date())

/** Permission bits, see `src/features/permissions/bits.ts`. Below 2^53, so that a number holds them exactly. */
export const bits = (name: string) => integer(name).notNull().default(0)
