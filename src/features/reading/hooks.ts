import type { MessageHooks } from "../messages/hooks.ts"

/** A channel can be marked as unread from any of its messages. */
export const readingHooks: MessageHooks = {
  actions: [{ label: "Mark as unread from here", path: "unread", kind: "do", order: 430 }],
}
