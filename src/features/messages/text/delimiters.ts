import {
  after as afterAt,
  before as beforeAt,
  continuesWord,
  isAmongUnspaced,
  isUnspaced,
} from "./scripts.ts"
import type { Delimiter, Run, Token } from "./tokens.ts"

/** Stands for a node (code, link, mention) beside a run: neither space nor punctuation. Unicode: object replacement character. */
const object = "\ufffc"
const space = /\s/
const punctuation = /[[\p{P}\p{S}]--[\ufffc]]/v
const letter = /[\p{L}\p{N}\p{M}\ufffc]/u
const digit = /\d/

/** Turns runs into delimiters: the characters on both sides decide whether they open, close or are text. */
export function withDelimiters(tokens: Token[]): Token[] {
  const [openStars, openUnderscores] = [new Set<number>(), new Set<number>()]
  return tokens.flatMap((token, at) => {
    if (typeof token === "string" || token.kind !== "run") return token

    const [before, after] = [lastOf(tokens[at - 1]), firstOf(tokens[at + 1])]
    return token.sign === "*"
      ? stars(token, before, after, openStars)
      : underscores(token, before, after, openUnderscores)
  })
}

/**
 * CommonMark 0.31's rules ("left-flanking delimiter run") are stricter than chats: stars between a letter and
 * punctuation, or beside a space, do not format. Here `**Note:**this`, `a**(b)**` and `**this **too` are bold. A single
 * star may mark a footnote: it gets this treatment only in scripts without spaces.
 */
function stars({ length }: Run, before: string, after: string, open: Set<number>): Token {
  const isClosing = open.has(length)
  const isInWord = isInName(before) && isInName(after)
  // A product: 2*3*4.
  if (isInWord && digit.test(before + after) && !isClosing) return "*".repeat(length)

  if (isClosing) open.delete(length)
  else open.add(length)
  const [left, right] = isClosing ? closing(length, before, after) : opening(length, before, after)
  const { canOpen, canClose } = flanking(left, right)
  return { kind: "delimiter", sign: "*", length, canOpen, canClose }
}

function isInName(character: string): boolean {
  return character === "_" || continuesWord(character)
}

/** The neighbors to apply CommonMark's rules to, of stars that may open. */
function opening(length: number, before: string, after: string): [before: string, after: string] {
  if (length === 2 && before === "\n" && space.test(after)) return [before, "a"]

  const isUnspacedText = isAmongUnspaced(before) || isAmongUnspaced(after)
  // After a number they multiply.
  const isWord = letter.test(before) && (isUnspacedText || !/\p{N}/u.test(before))
  const isLenient = isWord && punctuation.test(after) && (length > 1 || isUnspacedText)
  return [isLenient ? " " : before, after]
}

/** The neighbors to apply CommonMark's rules to, of stars that may close. */
function closing(length: number, before: string, after: string): [before: string, after: string] {
  if (length === 2 && space.test(before)) return ["a", after]

  const isLenient =
    punctuation.test(before) &&
    letter.test(after) &&
    (length > 1 || isAmongUnspaced(before) || isAmongUnspaced(after))
  return [before, isLenient ? " " : after]
}

/**
 * Two underscores underline, one emphasizes. Within a word they are part of a name: `my__module__name`. Beside letters of
 * scripts without spaces they may be anything.
 */
function underscores({ length }: Run, before: string, after: string, open: Set<number>): Token[] {
  const pairs = Array.from({ length: length >> 1 }, underline)
  if (pairs.length > 0 && continuesWord(before) && continuesWord(after)) return ["_".repeat(length)]
  if (length % 2 === 0) return pairs

  const single = underscore(before, after)
  const isEnd = single.canClose && (!single.canOpen || open.has(length))
  if (isEnd) open.delete(length)
  else if (single.canOpen) open.add(length)
  // Emphasis goes inside underlining: it opens last and closes first.
  return isEnd ? [single, ...pairs] : [...pairs, single]
}

function underscore(before: string, after: string): Delimiter {
  const { canOpen, canClose } = flanking(before, after)
  return {
    kind: "delimiter",
    sign: "_",
    length: 1,
    canOpen: canOpen && (!canClose || punctuation.test(before) || isUnspaced(before)),
    canClose: canClose && (!canOpen || punctuation.test(after) || isUnspaced(after)),
  }
}

function underline(): Delimiter {
  return { kind: "delimiter", sign: "__", length: 1, canOpen: true, canClose: true }
}

function flanking(before: string, after: string) {
  const [spaceBefore, spaceAfter] = [space.test(before), space.test(after)]
  const [signBefore, signAfter] = [punctuation.test(before), punctuation.test(after)]
  return {
    canOpen: !spaceAfter && (!signAfter || spaceBefore || signBefore),
    canClose: !spaceBefore && (!signBefore || spaceAfter || signAfter),
  }
}

/** The last code point of a token. The ends of a text count as line breaks. */
function lastOf(token: Token | undefined): string {
  if (token === undefined) return "\n"
  if (typeof token === "string") return beforeAt(token, token.length)
  return token.kind === "]" ? ")" : signOf(token)
}

function firstOf(token: Token | undefined): string {
  if (token === undefined) return "\n"
  if (typeof token === "string") return afterAt(token, 0)
  return signOf(token)
}

function signOf(token: Exclude<Token, string>): string {
  if (token.kind === "[" || token.kind === "]") return token.kind
  return token.kind === "delimiter" || token.kind === "run" ? token.sign.charAt(0) : object
}
