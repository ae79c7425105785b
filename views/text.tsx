import type { Message } from "../src/features/messages/contract.ts"
import { isEmojiAlone, isLong, renderMessage } from "../src/features/messages/render.ts"

/** What a message says. A long one is folded: a check box of its own unfolds it, without a script. */
export function MessageText({ message }: { message: Pick<Message, "content" | "extras" | "serverId"> }) {
  const { content } = message
  const html = renderMessage(message)
  if (!isLong(content)) {
    return (
      <div class={isEmojiAlone(content) ? "content large" : "content"} dir="auto">
        {html as "safe"}
      </div>
    )
  }
  return (
    <>
      <div class="content folded" dir="auto">
        {html as "safe"}
      </div>
      <label class="unfold">
        <input type="checkbox" class="visually-hidden" autocomplete="off" />
        <span class="more">Show more</span>
        <span class="less">Show less</span>
      </label>
    </>
  )
}
