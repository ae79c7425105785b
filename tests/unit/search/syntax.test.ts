import { expect, test } from "bun:test"
import fc from "fast-check"
import { parseQuery } from "../../../src/features/search/syntax.ts"
import { Refusal } from "../../../src/kernel/index.ts"

function refusalOf(text: string): string {
  try {
    parseQuery(text)
    return ""
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    expect(error.options.issues).toEqual([{ path: "query", message: error.message }])
    return error.message
  }
}

test("words, phrases, exclusions and operators are told apart", () => {
  expect(
    parseQuery('Deploy "the big Thing" -draft -"old one" from:Alice in:"off topic" -has:images'),
  ).toEqual({
    phrases: [
      { words: ["deploy"], match: "forms", written: "deploy" },
      { words: ["the", "big", "thing"], match: "exact" },
    ],
    without: [
      { words: ["draft"], match: "forms", written: "draft" },
      { words: ["old", "one"], match: "exact" },
    ],
    filters: [
      { operator: "from", value: "Alice", isExcluded: false },
      { operator: "in", value: "off topic", isExcluded: false },
      { operator: "has", value: "image", isExcluded: true },
    ],
  })
  // As phones and other keyboards write it.
  expect(parseQuery("“so geht es” From: bob on：2026-01-31")).toEqual({
    phrases: [{ words: ["so", "geht", "es"], match: "exact" }],
    without: [],
    filters: [
      { operator: "from", value: "bob", isExcluded: false },
      { operator: "on", value: "2026-01-31", isExcluded: false },
    ],
  })
})

test("what only looks like an operator is text, and what means something to the index means nothing here", () => {
  const { phrases, filters } = parseQuery(
    'login:now https://example.org 12:30 (a OR b) NEAR/2 *c* body:x "from:bob" constructor:y',
  )

  expect(filters).toEqual([])
  expect(phrases.map(({ words }) => words.join(" "))).toEqual([
    "login now",
    "https example org",
    "12 30",
    "a",
    "or",
    "b",
    "near 2",
    "c",
    "body x",
    "from bob",
    "constructor y",
  ])
})

test("a star at the end of a word finds its beginning, where words have one", () => {
  const matches = (text: string) =>
    parseQuery(text).phrases.map(({ words, match }) => `${words.join(" ")} ${match}`)

  expect(matches("Wild* getUser* Éco* -x")).toEqual(["wild start", "getuser start", "eco start"])
  expect(matches("**bold** a*b 会* foo-bar* 5 * 3")).toEqual([
    "bold forms",
    "a b exact",
    "会 forms",
    "foo bar exact",
    "5 forms",
    "3 forms",
  ])
})

test("what cannot be understood says why, and what would work", () => {
  for (const [text, reason] of [
    ['"open', "quotation mark"],
    ['say "this" and "that', "quotation mark"],
    ["from:", "from:alice"],
    ['hello in:""', "in:#general"],
    ["has:video", "has:link, has:image, has:file or has:poll"],
    ["before:31.01.2026", "before:2026-01-31"],
    ["after:2026-02-30", "after:2026-01-31"],
    ["-after:2026-01-01", "cannot be excluded"],
    ["the news -The", "both searched for and excluded"],
    ["author:bob", "from:alice"],
    ["ab* x", "at least 3 letters before *"],
    ["!!! ...", "Write a word"],
    ["  ", "Write a word"],
  ] as const) {
    expect(`${text} → ${refusalOf(text)}`).toContain(reason)
  }
})

test("every query is parsed or explained", () => {
  const piece = fc.oneof(
    fc.string({ unit: "binary", maxLength: 12 }),
    fc.constantFrom(
      '"',
      "-",
      ":",
      "from:",
      "in:#",
      "has:",
      "before:",
      "AND",
      "NEAR(",
      "*",
      "会議",
      "(",
      " ",
      "^",
      "'",
    ),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      refusalOf(pieces.join(""))
    }),
    { numRuns: 500 },
  )
})
