import { CodeFinder, runEnd } from "../messages/text/code.ts"
import { linkAt } from "../messages/text/links.ts"
import { emojiByName } from "./search.ts"

const shortcode = /:[a-z0-9_+-]{1,64}:/
/** What may be one, and what may hold one that is none. */
const turns = /\\[\s\S]|`|https?:\/\/|(?<![\p{L}\p{N}]):([a-z0-9_+-]{1,64}):/gu

/**
 * A text with emoji in place of the names people type for them (`:tada:`), but for those in code and addresses, and
 * behind a backslash.
 */
export async function withEmoji(text: string): Promise<string> {
  if (!text.includes(":") || !shortcode.test(text)) return text

  const byName = await emojiByName()
  const code = new CodeFinder(text)
  let written = ""
  let end = 0
  turns.lastIndex = 0
  for (let turn = turns.exec(text); turn; turn = turns.exec(text)) {
    const { 0: sign, 1: name, index } = turn
    if (sign === "`") turns.lastIndex = code.at(index)?.end ?? runEnd(text, index)
    else if (sign.startsWith("http")) turns.lastIndex = index + (linkAt(text, index)?.length ?? sign.length)
    else if (name !== undefined) {
      const emoji = byName.get(name)
      // The colon behind what is no name may be the one in front of a name.
      if (emoji === undefined) turns.lastIndex = index + 1
      else {
        written += text.slice(end, index) + emoji
        end = index + sign.length
      }
    }
  }
  return written + text.slice(end)
}
