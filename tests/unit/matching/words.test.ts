import { describe, expect, test } from "bun:test"
import { type Steps, WordList } from "../../../src/features/matching/words.ts"

const matches: [list: string[], text: string, found: string | undefined][] = [
  [["cat"], "a cat sat", "cat"],
  [["cat"], "concatenate", undefined],
  [["cat"], "cats", undefined],
  [["cat"], "_cat_, (cat)!", "cat"],
  [["cat"], "CAT", "cat"],
  [["cat"], "cat5", undefined],
  [["cat*"], "cats", "cat*"],
  [["cat*"], "concat", undefined],
  [["*cat"], "concat", "*cat"],
  [["*cat"], "cats", undefined],
  [["*cat*"], "concatenate", "*cat*"],
  [["buy now"], "BUY \n  NOW", "buy now"],
  [["buy now"], "buynow", undefined],
  [["a*b"], "a*b", "a*b"], // a wildcard inside is a character
  [["café"], "CAFE", "café"],
  [["cafe"], "cafe\u0301", "cafe"],
  [["cat"], "c\u200bat", "cat"], // zero width space
  [["cat"], "c\u00ada\u2060t", "cat"], // soft hyphen, word joiner
  [["cat"], "ｃａｔ", "cat"], // full width
  [["cat"], "𝐜𝐚𝐭", "cat"], // mathematical bold
  [["file"], "ﬁle", "file"], // ligature
  [["strasse"], "Straße", "strasse"],
  [["ΟΔΟΣ"], "οδος", "ΟΔΟΣ"], // final sigma
  [["istanbul"], "İstanbul", "istanbul"],
  [["кот"], "КОТ!", "кот"],
  [["кот"], "котик", undefined],
  [["हिन्दी"], "यह हिन्दी है", "हिन्दी"],
  [["हिन्दी"], "हन्द", undefined], // vowel signs are not accents
  [["猫"], "黒猫です", undefined],
  [["*猫*"], "黒猫です", "*猫*"],
  [["𐐷"], "𐐏", "𐐷"], // outside the basic plane, with case
  [["dog", "doge", "*og"], "doge", "doge"],
  [["x"], "", undefined],
]

test.each(matches)("%p and %p: %p", (list, text, found) => {
  expect(new WordList(list).find(text)).toBe(found)
})

describe("costs at most the text's length times the longest word", () => {
  const long = "a".repeat(58)
  const hostile: [name: string, list: string[], text: string][] = [
    ["a word that almost matches everywhere", [`*${long}b*`], "a".repeat(2000)],
    [
      "a thousand of them",
      Array.from({ length: 1000 }, (_, at) => `*${"a".repeat(54)}${at}*`),
      "a".repeat(2000),
    ],
    [
      "a character that becomes eighteen",
      ["*صلى الله عليه وسلم صلى الله عليه وسلم صلى*"],
      "\ufdfa".repeat(2000),
    ],
    ["words of one letter", ["*b*"], "a".repeat(2000)],
  ]

  test.each(hostile)("%s", (_name, list, text) => {
    const words = new WordList(list)
    const steps: Steps = { count: 0 }

    words.find(text, steps)

    expect(steps.count).toBeGreaterThanOrEqual(text.length)
    expect(steps.count).toBeLessThan(text.length * 4 * 62)
  })
})
