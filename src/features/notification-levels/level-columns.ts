import { type SQL, sql } from "drizzle-orm"
import type { UserIdExpression } from "../permissions/columns.ts"

// The rules of `levelsIn` for statements that list channels. Mutes that have ended have no end time any more: `MuteDuty` removes
// it, so that what is cached changes with it.

/**
 * For `from`, behind a listed channel `c`: what a user chose for it (`own`) and for its category (`ofGroup`), its server
 * (`ofServer`) and the account (`ofAll`).
 */
export function levelChoicesOf(userId: UserIdExpression): SQL {
  return choiceJoins(userId, sql`c.category_id`)
}

/** The same behind a thread, with what they chose for its channel (`ofRoot`). */
export function levelChoicesOfThread(userId: UserIdExpression): SQL {
  return sql`left join channels root on root.id = c.root_id
    left join notification_levels ofRoot on ofRoot.user_id = ${userId} and ofRoot.place_id = c.root_id
    ${choiceJoins(userId, sql`root.category_id`)}`
}

function choiceJoins(userId: UserIdExpression, categoryId: SQL): SQL {
  const joined = (name: string, placeId: SQL) =>
    sql`left join notification_levels ${sql.raw(name)} on ${sql.raw(name)}.user_id = ${userId} and ${sql.raw(name)}.place_id = ${placeId}`
  return sql`${joined("own", sql`c.id`)} ${joined("ofGroup", categoryId)} ${joined("ofServer", sql`c.server_id`)}
    ${joined("ofAll", sql`'account'`)}`
}

/** The effective levels of a channel `c` of a server `s`, behind `levelChoicesOf`. */
export interface LevelColumns {
  level: SQL
  isMuted: SQL
  isEveryoneSuppressed: SQL
  areRolesSuppressed: SQL
}

const listed = ["own", "ofGroup", "ofServer", "ofAll"]

export const levelColumns = columnsOver(listed)
export const threadLevelColumns = columnsOver(["own", "ofRoot", ...listed.slice(1)])

function columnsOver(joined: string[]): LevelColumns {
  const nearest = (column: string, among: string[]) =>
    sql.join(
      among.map((name) => sql.raw(`${name}.${column}`)),
      sql`, `,
    )
  // A conversation is in no server, and its level is not that of the account.
  const itself = joined.filter((name) => name === "own" || name === "ofRoot")
  const aroundConversation = [...itself, "ofAll"]
  const chosen = (column: string, none: string) => sql`case
    when s.kind = 'direct' then coalesce(${nearest(column, aroundConversation)}, ${sql.raw(none)})
    else coalesce(${nearest(column, joined)}, ${sql.raw(none)}) end`
  return {
    level: sql`case when s.kind = 'direct' then coalesce(${nearest("level", itself)}, 'everything')
      else coalesce(${nearest("level", joined)}, 'mentions') end`,
    isMuted: sql`${chosen("muted_until", "0")} <> 0`,
    isEveryoneSuppressed: sql`${chosen("is_everyone_suppressed", "0")} = 1`,
    areRolesSuppressed: sql`${chosen("are_roles_suppressed", "0")} = 1`,
  }
}
