import { isNameStart } from "../src/features/messages/text/names.ts"

/** What a name looks like while it is typed, before the caret. Where it may begin is the renderer's rule. */
const patterns = [
  { kind: "member", pattern: /@([\p{L}\p{N}_.-]{1,32})$/u },
  { kind: "channel", pattern: /#([^\s#]{1,50})$/ },
  { kind: "emoji", pattern: /(?<!:):([a-z0-9_+-]{2,32})$/i },
]
const command = /^\/([a-z]{0,20})$/
/** Longer than any of them, with an address in front of it. */
const maxTokenLength = 160

/**
 * A name in front of the caret: `written` includes its `@`, `#`, `:` or `/`.
 * @typedef {{ kind: string, written: string, name: string, start: number }} NameToken
 */

/**
 * Finds the name in front of the caret; `null` in code, where names mean nothing.
 * @param {{ value: string, selectionStart: number, selectionEnd: number }} text
 * @returns {NameToken | null}
 */
export function nameTokenBefore({ value, selectionStart: end, selectionEnd }) {
  const before = value.slice(0, end)
  if (end !== selectionEnd || before.split("```").length % 2 === 0) return null
  if (before.slice(before.lastIndexOf("\n") + 1).split("`").length % 2 === 0) return null

  // A command is the whole text.
  const typed = end === value.length && command.exec(value)
  if (typed) return { kind: "command", written: value, name: typed[1] ?? "", start: 0 }

  const part = before.slice(-maxTokenLength)
  for (const { kind, pattern } of patterns) {
    const [written = "", name = ""] = part.match(pattern) ?? []
    const isName = written !== "" && isNameStart(part, part.length - written.length)
    if (isName) return { kind, written, name, start: end - written.length }
  }
  return null
}
