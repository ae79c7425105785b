import { describe, expect, test } from "bun:test"
import { faultOfPattern, maxInstructions, Pattern } from "../../../src/features/matching/pattern.ts"
import type { Steps } from "../../../src/features/matching/words.ts"

const matches: [pattern: string, yes: string[], no: string[]][] = [
  ["free", ["FREE coins", "xfreey", "fr\u200bee"], ["fre e"]],
  ["fr[e3]{2}", ["fr3e", "free"], ["fr3", "frxe"]],
  ["^buy", ["Buy it"], ["to buy"]],
  ["now$", ["buy now"], ["now or never"]],
  ["\\bcat\\b", ["a cat."], ["cats", "concat"]],
  ["\\Bcat", ["concat"], ["cat"]],
  ["colou?r", ["color", "COLOUR"], ["colouur"]],
  ["(?:ha){3,}", ["hahaha"], ["haha"]],
  ["(a|bc)+d", ["abcad"], ["abab"]],
  ["a|b|c", ["c"], ["d"]],
  ["a.c", ["abc", "a💥c"], ["a\nc", "ac"]],
  ["[^a-z ]x", ["1x", "-x"], ["ax", "AX"]],
  ["[A-C]1", ["b1"], ["d1"]],
  ["[]a]+!", ["]]!"], ["b!"]],
  ["[\\w.-]+@[\\w-]+\\.com", ["x.y@ex-1.com"], ["@ex.com"]],
  ["\\d{3}-\\d{4}", ["call 555-1234"], ["55-1234"]],
  ["\\D\\S\\W", ["ab!"], ["123"]],
  ["é", ["É", "e\u0301"], ["e"]],
  ["СПАМ", ["спам"], ["хлам"]],
  ["a{2}", ["aa"], ["a"]],
  ["a{0,2}b", ["b", "aab"], ["a"]],
  ["x*?y", ["xxy"], ["x"]],
  ["\\$\\{\\(", ["${("], ["$("]],
]

describe("a pattern matches what it says", () => {
  test.each(matches)("%s", (text, yes, no) => {
    const pattern = new Pattern(text)

    for (const each of yes) expect([each, pattern.matches(each)]).toEqual([each, true])
    for (const each of no) expect([each, pattern.matches(each)]).toEqual([each, false])
    // The same as the engine that would be dangerous, where the two mean the same.
    const engine = new RegExp(text.replace("[]a]", "[\\]a]"), "iu")
    for (const each of [...yes, ...no].filter((one) => /^[ -~]*$/.test(one))) {
      expect([each, engine.test(each)]).toEqual([each, pattern.matches(each)])
    }
  })
})

describe("what cannot be matched in linear time is refused with a sentence", () => {
  test.each([
    ["(a)\\1", "linear time"],
    ["a(?=b)", "not supported"],
    ["(?<!a)b", "not supported"],
    ["(?<name>a)", "not supported"],
    ["(?i)a", "not supported"],
    ["\\p{L}", "not supported"],
    ["a++", "not supported"],
    ["a**", "repeat"],
    ["*a", "repeat"],
    ["(a", "not closed"],
    ["a)", "closes no group"],
    ["[a", "not closed"],
    ["[z-a]", "lower to a higher"],
    ["[\\d-z]", "lower to a higher"],
    ["a\\", "escapes nothing"],
    ["a{", "needs numbers"],
    ["a{3,2}", "greater than the second"],
    ["a{101}", "more than 100"],
    ["a*", "every message"],
    ["(|a)", "every message"],
    ["(((a{100}){100}){100}){100}", "too large"],
    ["((((){100}){100}){100}){100}", "too large"],
    ["(a{50}){50}", "too large"],
  ])("%s", (pattern, part) => {
    expect(faultOfPattern(pattern)).toContain(part)
    expect(() => new Pattern(pattern)).toThrow()
  })
})

describe("matching takes at most the length times the size in steps", () => {
  const hostile = [
    "(a+)+b",
    "(a*)*b",
    "(a|a)*b",
    "(a|aa)+b",
    "(a?){50}a{50}b",
    "(.*)*(.*)*(.*)*b",
    "^(([a-z])+.)+[A-Z]([a-z])+b$",
    "(x+x+)+y",
    "((a{1,10}){1,10})b",
    "a.{0,100}b.{0,100}c",
  ]

  test.each(hostile)("%s", (text) => {
    const pattern = new Pattern(text)
    const cost = (message: string) => {
      const steps: Steps = { count: 0 }
      pattern.matches(message, steps)
      return steps.count
    }
    const [short, long] = [cost("a".repeat(1000)), cost("a".repeat(2000))]

    expect(pattern.size).toBeLessThanOrEqual(maxInstructions + 1)
    expect(long).toBeLessThanOrEqual(2001 * pattern.size)
    expect(long).toBeLessThanOrEqual(short * 2.1 + pattern.size) // twice the text, twice the steps
    expect(cost("x".repeat(2000))).toBeLessThanOrEqual(2001 * pattern.size)
  })
})
