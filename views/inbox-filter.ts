import type { InboxReason, InboxState } from "../src/features/inbox/contract.ts"

/** The filter of the inbox. */
export interface InboxFilter {
  state: InboxState
  reason?: InboxReason
  /** Of a server, or `direct`. */
  serverId?: string
  before?: string
}

/** The filter of the inbox, as the query of its URL. */
export function inboxQuery({ state, reason, serverId, before }: InboxFilter, more = {}): string {
  const asked = {
    ...(state !== "open" && { state }),
    ...(reason && { reason }),
    ...(serverId && { server: serverId }),
    ...(before && { before }),
    ...more,
  }
  const query = String(new URLSearchParams(asked))
  return query === "" ? "" : `?${query}`
}

/** The names of the reasons. */
export const reasons: Record<InboxReason, string> = {
  mention: "Mention",
  reply: "Reply",
  thread: "Thread",
  keyword: "Keyword",
  role: "Role mention",
  everyone: "Everyone",
  reminder: "Reminder",
}
