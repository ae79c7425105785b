import { describe, expect, test } from "bun:test"
import { emojiByName, maxEmojiFound, searchEmoji } from "../../src/features/emoji/search.ts"
import { find } from "../support/html.ts"
import { createTestServer } from "../support/server.ts"

describe("finding an emoji", () => {
  test.each([
    ["smile", "😄"],
    [":smile:", "😄"],
    ["Thumbs Up", "👍"],
    ["thumbsup", "👍"],
    ["+1", "👍"],
    ["tada", "🎉"],
    ["hoora", "🎉"],
    ["fir", "🔥"],
    ["flag germany", "🇩🇪"],
    ["face_with_thermo", "🤒"],
  ])("%s is %s", async (query, expected) => {
    const found = await searchEmoji(query)

    expect(found.slice(0, 3).map(({ emoji }) => emoji)).toContain(expected)
  })

  test("it is named as it was asked for", async () => {
    expect((await searchEmoji("thumbsu"))[0]?.name).toBe("thumbsup")
    expect((await searchEmoji("+1"))[0]?.name).toBe("+1")
  })

  test("without a question the popular ones come first, and never more than a page shows", async () => {
    const found = await searchEmoji("", 10_000)

    expect(found.slice(0, 3).map(({ emoji }) => emoji)).toEqual(["👍", "❤️", "😂"])
    expect(found).toHaveLength(maxEmojiFound)
    expect(await searchEmoji("e", 8)).toHaveLength(8)
  })

  test("what nothing is called finds nothing, whatever it is made of", async () => {
    for (const query of ["zzzz", "<b>", "\\", "__proto__", "a".repeat(10_000), "%", "\u202e"]) {
      expect(await searchEmoji(query)).toEqual([])
    }
    expect((await emojiByName()).get("constructor")).toBeUndefined()
  })
})

test("the page's part has a named button for each, for those who are signed in", async () => {
  using server = await createTestServer()

  const answer = await server.as("bob").get("/emoji?q=tada")
  const buttons = find(await answer.text(), "button")

  expect(buttons[0]?.attributes).toMatchObject({ name: "emoji", value: "🎉", "aria-label": "party popper" })
  expect(await (await server.as("bob").get("/emoji?q=%3Cb%3E&q=2")).text()).not.toContain("<b>")
})
