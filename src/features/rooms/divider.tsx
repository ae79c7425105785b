import { NewDivider } from "../../../views/reading.tsx"
import type { Message } from "../messages/contract.ts"

/**
 * A page of messages as HTML, with the mark before the first that its reader has not read. It belongs to the page
 * and not to a message: the articles are the same bytes for everyone.
 */
export function withDivider(
  messages: Message[],
  readCount: number | undefined,
  render: (message: Message) => string,
): string {
  const divider = String(<NewDivider />)
  return messages
    .map((message) => (message.ordinal - 1 === readCount ? divider : "") + render(message))
    .join("")
}
