import { messageHtml } from "../../../views/messages.tsx"
import type { GrowingPage, Update } from "../../web/live/update.ts"
import type { Message } from "./contract.ts"
import { insertion, replacement, streamPatch, streamSlot } from "./fragments.ts"

/**
 * The update for readers with this cursor. Inserts a message that is newer than the cursor by its position; replaces
 * an older one on pages that show it.
 */
export function toUpdate(message: Message, cursor: number): Update {
  const html = messageHtml(message)
  const { seq, position, createdAt } = message
  const change = { seq, position, entries: [message] }
  return position > cursor
    ? {
        ...change,
        fragment: html,
        wrapper: insertion,
        stream: (page) => page.dayBefore(createdAt) + page.localize(streamSlot(message, html)),
      }
    : {
        ...change,
        fragment: replacement(message, html),
        stream: (page) => page.localize(streamPatch(message, html)),
      }
}

/** The message in a slot, for the end of a page that has no script and may have to change the message later. */
export function inStream(message: Message, page: Pick<GrowingPage, "localize">): string {
  return page.localize(streamSlot(message, messageHtml(message)))
}
