import { memoize } from "../../../cache/memoize.ts"
import { type Language, languageOf } from "./languages.ts"

/** Kinds of tokens besides words and numbers, each with a class in the style sheet. */
const kinds = ["comment", "mark", "string", "removed", "added"] as const

/**
 * Code as HTML with its tokens marked up. Our own, because it runs while a message is sent: the packages for this
 * backtrack, so crafted code takes quadratic time. This one looks at each character once.
 */
export function highlight(code: string, name: string | undefined): string {
  const language = name && languageOf(name)
  if (!language) return Bun.escapeHTML(code)

  let html = ""
  let end = 0
  for (const match of code.matchAll(patternOf(language))) {
    const kind = kindOf(match, language)
    if (!kind) continue

    html += `${Bun.escapeHTML(code.slice(end, match.index))}<span class="code-${kind}">${Bun.escapeHTML(match[0])}</span>`
    end = match.index + match[0].length
  }
  return html + Bun.escapeHTML(code.slice(end))
}

/** One expression with an alternative for each kind of token; the first one that matches counts. */
const patternOf = memoize((language: Language) => {
  const own = kinds.flatMap((kind) => (language[kind] ? [`(?<${kind}>${language[kind]})`] : []))
  const numbers = String.raw`(?<number>\b(?:0x[\da-fA-F_]+|\d[\d_]*(?:\.\d+)?)\w*)`
  const names = String.raw`(?<word>[\p{L}_$][\p{L}\p{N}_$]*)`
  const rest = [...(language.keywords ? [numbers, names] : []), ...(language.skip ? [language.skip] : [])]
  return new RegExp([...own, ...rest].join("|"), "gmu")
})

function kindOf({ groups = {}, 0: text, index, input }: RegExpExecArray, { keywords }: Language) {
  if (groups.number !== undefined) return "number"
  if (groups.word === undefined) return kinds.find((kind) => groups[kind] !== undefined)
  if (keywords?.has(text) || (!/[a-z]/.test(text) && keywords?.has(text.toLowerCase()))) return "keyword"
  return input[index + text.length] === "(" ? "call" : undefined
}
