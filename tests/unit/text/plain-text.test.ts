import { expect, test } from "bun:test"
import { excerptOf } from "../../../src/features/messages/excerpt.ts"
import { plainText } from "../../../src/features/messages/render.ts"
import { threadNameOf } from "../../../src/features/threads/names.ts"

test("as plain text it is one line, and what it hides is not in it", () => {
  const text =
    "# Title\n> **bold** ||secret||\n- a\n- [docs](https://example.org)\n```js\nlet x\n```\n<https://a.example> __u__"

  expect(plainText(text)).toBe("Title bold [spoiler] a docs let x https://a.example u")
  expect(plainText("hi @cooks", { roles: [{ roleId: "r1", name: "Cooks" }] })).toBe("hi @Cooks")
  expect(plainText("  just\n\nwords  ")).toBe("just words")
  expect(plainText("+ fast\n- dear")).toBe("+ fast dear")
})

test("among what reads from right to left, code, links and names keep their own direction as plain text", () => {
  expect(plainText("קראו ל־`code()` של @alice, https://a.example/ **[שם](https://b.example)**")).toBe(
    "קראו ל־\u2066code()\u2069 של @alice, \u2068https://a.example/\u2069 \u2068שם\u2069",
  )
  expect(plainText("`code()` of https://a.example/")).toBe("code() of https://a.example/")

  const mentions = [{ userId: "a1", username: "alice" }]
  expect(excerptOf({ content: "של @alice", extras: { mentions } })).toBe("של \u2068@alice\u2069")
  expect(threadNameOf({ content: "ל־`code()`", extras: null })).toBe("ל־code()")

  const long = excerptOf({ content: `ארוך \`${"f() ".repeat(60)}\``, extras: null })
  expect(long).toEndWith("…\u2069")
  expect(long.split("\u2066")).toHaveLength(2)

  // What somebody left open themselves ends too, and no end stands in for one that comes later.
  expect(excerptOf({ content: "\u2069\u2067of", extras: null })).toBe("\u2069\u2067of\u2069")
})
