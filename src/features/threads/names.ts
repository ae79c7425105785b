import type { Message } from "../messages/contract.ts"
import { excerptOf, shorten } from "../messages/excerpt.ts"
import { withoutIsolates } from "../messages/text/plain.ts"
import { Name } from "../names.ts"

/** Of the name that a message gives its thread. */
const maxLength = 60

/** What a thread is called on a message of which nothing is left. */
export const nameless = "Thread"

/** What a message's thread is called: the beginning of what it says. */
export function threadNameOf(message: Pick<Message, "content" | "extras">): string {
  return Name.safeParse(shorten(withoutIsolates(excerptOf(message)), maxLength)).data ?? nameless
}
