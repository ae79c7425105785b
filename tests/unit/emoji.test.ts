import { describe, expect, test } from "bun:test"
import { emojiByName, maxEmojiFound, searchEmoji } from "../../src/features/emoji/search.ts"
import { withEmoji } from "../../src/features/emoji/shortcodes.ts"
import { findMessage } from "../../src/features/messages/store.ts"
import { createTestChat } from "../support/chat.ts"
import { cpuMs } from "../support/cpu.ts"
import { find } from "../support/html.ts"
import { say } from "../support/say.ts"
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

  test("unknown words find nothing", async () => {
    for (const query of ["zzzz", "<b>", "\\", "__proto__", "a".repeat(10_000), "%", "\u202e"]) {
      expect(await searchEmoji(query)).toEqual([])
    }
    expect((await emojiByName()).get("constructor")).toBeUndefined()
  })
})

test("the fragment has a named button for each, for signed-in users", async () => {
  using server = await createTestServer()

  const answer = await server.as("bob").get("/emoji?q=tada")
  const buttons = find(await answer.text(), "button")

  expect(buttons[0]?.attributes).toMatchObject({ name: "emoji", value: "🎉", "aria-label": "party popper" })
  expect(await (await server.as("bob").get("/emoji?q=%3Cb%3E&q=2")).text()).not.toContain("<b>")
})

describe("a name between colons becomes its emoji", () => {
  test.each([
    ["ship it :tada::rocket: :+1:", "ship it 🎉🚀 👍"],
    ["**:heart:** (:smile:)", "**❤️** (😄)"],
    ["::tada: a:tada: 10:100:30", "::tada: a:tada: 10:100:30".replace("::tada:", ":🎉")],
    ["`:tada:` ```\n:tada:\n``` \\:tada:", "`:tada:` ```\n:tada:\n``` \\:tada:"],
    ["https://example.org/:tada:/x :tada:", "https://example.org/:tada:/x 🎉"],
    [":no_such_thing: :constructor: :", ":no_such_thing: :constructor: :"],
    [":x :tada:", ":x 🎉"],
  ])("%s", async (written, expected) => {
    expect(await withEmoji(written)).toBe(expected)
  })

  test("when it is sent", async () => {
    using app = await createTestChat()

    const id = await say(app, app.cast.bob, "well done :clap:")

    expect((await findMessage(app.chat.db, id))?.content).toBe("well done 👏")
  })

  test("quickly, in any script", async () => {
    for (const piece of [":", ":a", ":a:", "`:a:", "https://:a:", "\\:"]) {
      const text = piece.repeat(100_000 / piece.length)
      expect([piece, (await cpuMs(() => withEmoji(text))) < 1000]).toEqual([piece, true])
    }
  })
})
