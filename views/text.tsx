import type { Message } from "../src/features/messages/contract.ts"
import { isEmojiAlone, isLong, renderMessage } from "../src/features/messages/render.ts"
import type { Clock } from "../src/web/clock.ts"

/** A message's text. A long one is folded, and unfolded by a check box, without a script. */
export function messageTextHtml(
  message: Pick<Message, "content" | "extras" | "serverId">,
  clock?: Clock,
): string {
  const { content } = message
  const isFolded = isLong(content)
  const look = isFolded ? " folded" : isEmojiAlone(content) ? " large" : ""
  const text = `<div class="content${look}" dir="auto">${renderMessage(message, clock)}</div>`
  return isFolded ? text + unfold : text
}

const unfold = String(
  <label class="unfold">
    <input type="checkbox" class="visually-hidden" autocomplete="off" />
    <span class="more">Show more</span>
    <span class="less">Show less</span>
  </label>,
)
