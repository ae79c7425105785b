import type { PageText } from "./collect.ts"

interface Rule {
  pattern: RegExp
  /** What to write in its place. */
  instead: string
}

/** Words and forms that texts do not have, so that one thing has one name on all pages. */
const rules: Rule[] = [
  { pattern: /^Looks?$/, instead: "Appearance" },
  { pattern: /\bAs your system\b/i, instead: "System" },
  { pattern: /\bmeant for you\b/i, instead: "Mentions and direct messages" },
  { pattern: /\bWhere your browser is\b/i, instead: "Browser's time zone" },
  { pattern: /\bNothing found\b/i, instead: "No results, and what to try" },
  { pattern: /\b(who|what|where)(so)?ever\b(?! you)/i, instead: "everyone, any, everywhere" },
  { pattern: /\b(nowhere|one's|oneself|anew|hear of)\b/i, instead: "a plain word, and “you” for the reader" },
  { pattern: /\bsign(s|ed|ing)?[ -]in\b/i, instead: "log in, login" },
  { pattern: /\b(log ?out of|log ?off)\b(?! a device)/i, instead: "log out" },
  { pattern: /\bcolour/i, instead: "color" },
  { pattern: /\be-?mails?\b(?<!e-mails?)/i, instead: "e-mail" },
  { pattern: /\bkick(s|ed)?\b/i, instead: "remove" },
  { pattern: /\b(guild|community|nick)\b/i, instead: "server, nickname" },
  { pattern: /\b(please|sorry|oops)\b/i, instead: "what to do" },
  { pattern: /\bnotices? for\b|\ba notice\b/i, instead: "notification" },
  { pattern: /\.\.\./, instead: "…" },
  { pattern: /!$/, instead: "a full stop" },
  { pattern: /(^|[\s(])"\p{L}[^"]*"/u, instead: "“ and ”" },
  { pattern: / {2}|\p{L} [,;:?]/u, instead: "one space, and none before a mark" },
]

/** Names with more than one capital. */
const properNames =
  /Covenant Chat|Samsung Internet|Home Screen|JavaScript|Web [A-Z]|Discord|Slack|GitHub|OpenID Connect|YYYY/

/** What is wrong with a text, as a sentence; nothing when nothing is. */
export function wordingFault({ text, isRefusal }: Pick<PageText, "text" | "isRefusal">): string | undefined {
  const rule = rules.find(({ pattern }) => pattern.test(text))
  if (rule) return `“${text.match(rule.pattern)?.[0]}”: write ${rule.instead}`
  // Refusals are shown beside fields and after colons.
  if (isRefusal && /[^.…]\.$/.test(text)) return "a refusal ends without a full stop"
  if (/^\p{Lu}\p{Ll}+( \p{Lu}\p{Ll}+)+$/u.test(text) && !properNames.test(text))
    return "only the first word has a capital"
  return undefined
}
