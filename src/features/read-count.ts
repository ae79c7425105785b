import { type SQL, type SQLWrapper, sql } from "drizzle-orm"

interface Place {
  ordinal: SQLWrapper
  countedAsRead: SQLWrapper
}

const ofReader: Place = { ordinal: sql`r.ordinal`, countedAsRead: sql`r.counted_as_read` }

/**
 * How many messages of a channel are not unread: those up to somebody's read position, and what they wrote behind it. Default:
 * of their place `r`.
 */
export function readCountOf({ ordinal, countedAsRead }: Place = ofReader): SQL {
  return sql`coalesce(case when ${countedAsRead} > ${ordinal} then ${countedAsRead} else ${ordinal} end, 0)`
}

/** Condition: something in a channel `c` is unread, by the viewer's place `r`. */
export const isAnyUnread = sql`c.message_count > ${readCountOf()}`
