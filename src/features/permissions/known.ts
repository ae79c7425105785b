import { eq, sql } from "drizzle-orm"
import { users } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import { sharePlace } from "./scope.ts"

const viewerId = sql.placeholder("viewerId")

const statements = prepare((db) => ({
  known: db
    .select({ isKnown: sql<boolean>`${sharePlace(users.id, viewerId)}`.mapWith(Boolean) })
    .from(users)
    .where(eq(users.id, sql.placeholder("userId")))
    .prepare(),
}))

/** May a user know of another: themselves, or somebody with whom they share a server or a conversation? */
export async function mayKnow(db: Db, viewerId: string, userId: string): Promise<boolean> {
  if (viewerId === userId) return true
  return (await statements(db).known.get({ viewerId, userId }))?.isKnown ?? false
}
