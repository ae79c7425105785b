import { expect, test } from "bun:test"
import { snippetOf } from "../../../src/features/search/snippet.ts"
import { loadStems } from "../../../src/features/search/stems.ts"
import { parseQuery } from "../../../src/features/search/syntax.ts"
import { wordsIn } from "../../../src/features/search/words.ts"
import { cpuMs } from "../../support/cpu.ts"

const words = (text: string) =>
  wordsIn(text.normalize("NFC"))
    .map(({ word }) => word)
    .join(" ")
const stems = await loadStems()
const marked = (content: string, query: string) =>
  snippetOf({ content, extras: null }, parseQuery(query).phrases, stems)
    .map(({ text, isMatch }) => (isMatch ? `[${text}]` : text))
    .join("")

test("case, accents, width and composition do not count", () => {
  expect(words("Łódź MALMÖ café naïve Straße İstanbul ΟΔΌΣ Ёлка")).toBe(
    "lodz malmo cafe naive strasse istanbul οδοσ елка",
  )
  expect(words("ＡＢＣ１")).toBe("abc1")
  expect(words("é한".normalize("NFD"))).toBe("e 한")
  expect(words("מַיִם مُحَمَّد")).toBe("מים محمد")
})

test("writing without spaces is found letter by letter, other marks stay with theirs", () => {
  expect(words("検索エンジンv2です")).toBe("検 索 エ ン ジ ン v2 で す")
  expect(words("ﾃﾞｰﾀ")).toBe("デ ー タ")
  expect(words("नमस्ते दुनिया")).toBe("नमस्ते दुनिया")
  expect(words("don't v1.2 snake_case 👍🏽 🇩🇪")).toBe("don t v 1 2 snake case 👍 🇩🇪")
})

test("a snippet shows matches as they were written, and no spoilers", () => {
  expect(marked("We *deploy* the **Café** ||secret café||", 'cafe "we deploy"')).toBe(
    "[We deploy] the [Café] [spoiler]",
  )
  expect(marked("a ||hidden cafe|| here", "cafe")).toBe("a [[spoiler]] here")
  expect(marked("今日は会議があります", "会議")).toBe("今日は[会議]があります")
  expect(marked("会会会", "会会")).toBe("[会会会]")
  expect(marked("nothing of it", "else")).toBe("nothing of it")
  expect(marked("It was deployed in camelCaseName", "deploys case")).toBe(
    "It was [deployed] in [camelCaseName]",
  )
  expect(marked("wilderness and wildcards", 'wild* "wild"')).toBe("[wilderness] and [wildcards]")
  expect(marked("We deployed it", '"deploy"')).toBe("We deployed it")

  const long = marked(`${"word ".repeat(300)}needle ${"word ".repeat(300)}`, "needle")
  expect(long).toMatch(/^…word (word )*\[needle\] (word )*wo?r?d?…$/)
  expect(long.length).toBeLessThan(320)
})

test("words, their parts and their forms take time proportional to the text", async () => {
  for (const piece of [
    "a",
    "aB",
    "a1",
    "1.",
    "1a.",
    "A",
    "Aa1",
    "\u2060",
    "a\u2060",
    "é1",
    "1-1T1:",
    "ing",
    "中",
    "**a",
  ]) {
    const text = piece.repeat(20_000 / piece.length)
    const cost = await cpuMs(() => stems.termsOf(wordsIn(text)))
    expect([piece, cost < 500]).toEqual([piece, true])
  }
})
