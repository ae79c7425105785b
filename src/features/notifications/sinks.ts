import type { Tx } from "../../db/database.ts"
import { recordInboxItems } from "../inbox/store.ts"
import { recordPushes } from "../push/queue.ts"
import type { Notice } from "./notices.ts"

/**
 * Stores notices in the commit that moves the cursor of their log, so that none is lost or stored twice. A message may come
 * again after an edit that mentions someone: who was told of it is not told again.
 */
export type NotificationSink = (tx: Tx, notices: readonly Notice[]) => Promise<unknown>

/** Everything that is done with notices. */
export const notificationSinks: readonly NotificationSink[] = [recordInboxItems, recordPushes]
