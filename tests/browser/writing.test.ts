import { expect } from "bun:test"
import type { Page } from "playwright-core"
import { updateExtras } from "../../src/features/messages/store.ts"
import { story } from "../support/browser.ts"
import { expectAccessible } from "./accessible.ts"
import { hold } from "./held.ts"
import { choose, composer, eventually, meet, message, say, texts } from "./room.ts"

const logOf = (page: Page) => page.frameLocator("iframe[title='Messages']")
const composerOf = (page: Page) => page.frameLocator("iframe[title='Write a message']")

/** Whether the spoiler of a message shows its text. */
const isUncovered = (page: Page, text: string) => message(page, text).locator(".spoiler > span").isVisible()

story(
  "spoilers and long texts are opened by keyboard, and stay open when a message changes",
  async ({ cast, chat, open }) => {
    const [alice, bob] = await meet(open, cast.alice, cast.bob)
    await say(alice, "the end: ||they [wake up](https://example.org/)|| <t:0:R>")
    await say(alice, `a story\n${"and then ".repeat(200)}`)
    await message(bob, "a story").and(bob.locator("[data-position]")).waitFor()

    const spoiler = message(bob, "the end").getByRole("checkbox", { name: "Show spoiler" })
    expect(await isUncovered(bob, "the end")).toBe(false)
    expect(await message(bob, "the end").getByRole("link", { name: "wake up" }).count()).toBe(0)
    await spoiler.focus()
    await expectAccessible(bob, "something hidden, something folded")
    await bob.keyboard.press("Space")
    await message(bob, "the end").getByRole("link", { name: "wake up" }).waitFor()

    const story = message(bob, "a story").locator(".content")
    const heightOf = async () => (await story.boundingBox())?.height ?? 0
    const folded = await heightOf()
    await message(bob, "a story").getByRole("checkbox", { name: "Show more" }).press("Space")
    await message(bob, "a story").getByRole("checkbox", { name: "Show less" }).waitFor()
    expect(await heightOf()).toBeGreaterThan(folded + 40)

    // Both change, and their texts stay the same.
    for (const text of ["the end", "a story"]) {
      const { id = "", seq } = await told(bob, text)
      await chat.publisher.decide((changes) =>
        updateExtras(changes, id, (extras) => ({ ...extras, pinned: true })),
      )
      await eventually(async () => (await told(bob, text)).seq !== seq, true)
    }
    expect(await isUncovered(bob, "the end")).toBe(true)
    expect(await heightOf()).toBeGreaterThan(folded + 40)

    await bob.goto(
      `/messages/${(await message(bob, "a story").getAttribute("id"))?.slice("message-".length)}`,
    )
    await eventually(async () => (await heightOf()) > folded + 40, true)
  },
)

story("the draft preview follows the text, and closes when it is sent", async ({ cast, open }) => {
  const [alice, bob] = await meet(open, cast.alice, cast.bob)
  const preview = alice.getByRole("region", { name: "Preview" })

  await composer(alice).fill("**bold** @bob")
  await alice.getByRole("button", { name: "Preview" }).click()
  await preview.locator("strong").getByText("bold").waitFor()
  await preview.locator(".mention").getByText("@bob").waitFor()
  await expectAccessible(alice, "a preview")
  await composer(alice).press("End")
  await composer(alice).pressSequentially(" `code`")
  await preview.locator("code").waitFor()
  const soon = new Date(Date.now() + 125 * 60_000)
  await alice.keyboard.insertText(` <t:${Math.floor(soon.getTime() / 1000)}:R>`)
  await preview.getByText("in 2 hours").waitFor()
  expect(await message(bob, "bold").count()).toBe(0)

  await alice.getByRole("button", { name: "Close preview" }).click()
  await preview.waitFor({ state: "detached" })
  await alice.getByRole("button", { name: "Preview" }).click()
  await preview.waitFor()
  await composer(alice).press("Enter")
  await message(bob, "bold").locator("strong").waitFor()
  expect(await message(bob, "in 2 hours").locator(".content time").getAttribute("title")).toContain(
    String(soon.getFullYear()),
  )
  await preview.waitFor({ state: "hidden" })
})

story("the draft preview shows what was written while an answer was on its way", async ({ cast, open }) => {
  const [alice] = await meet(open, cast.alice)
  const preview = alice.getByRole("region", { name: "Preview" })
  await composer(alice).fill("one")
  await alice.getByRole("button", { name: "Preview" }).click()
  await preview.getByText("one", { exact: true }).waitFor()

  const answers = await hold(alice, /\/preview$/)
  await composer(alice).fill("one two")
  await answers.holds(1)
  await composer(alice).fill("one two three")
  await answers.letThrough()

  await preview.getByText("one two three", { exact: true }).waitFor()
})

story("a too long text is kept, counted, and can be attached as a file", async ({ cast, open }) => {
  const [alice, bob] = await meet(open, cast.alice, cast.bob)
  const box = composer(alice)
  const note = alice.locator("#composer .length")
  const long = "words ".repeat(333) // 1,998 characters
  await box.fill("short")
  await alice.locator("#composer .completing").waitFor({ state: "attached" })
  expect(await note.isVisible()).toBe(false)

  await box.fill(long)
  await note.getByText("2 characters left.").waitFor()
  await alice.keyboard.insertText("some")
  await note.getByText("2 characters too long.").waitFor()
  await alice.getByRole("status").getByText("2 characters too long.").waitFor()
  await alice.keyboard.press("Enter")
  await alice.getByRole("alert").getByText("2 characters too long. A message has at most 2000").waitFor()
  expect(await box.inputValue()).toBe(`${long}some`)
  expect(await texts(alice)).toEqual([])
  await expectAccessible(alice, "a message that is too long")

  await note.getByRole("button", { name: "Attach as a file" }).click()
  await alice.locator("#tray").getByText("message.txt").waitFor()
  expect(await box.inputValue()).toBe("")
  expect(await note.isVisible()).toBe(false)
  await alice.keyboard.press("ControlOrMeta+z")
  expect(await box.inputValue()).toBe(`${long}some`)
  for (const key of ["Control+End", "Backspace", "Backspace"]) await box.press(key)
  await box.press("Enter")
  await message(bob, `${long}so`.slice(-20)).getByText("message.txt").waitFor()
  expect(await note.isVisible()).toBe(false)

  const edit = await choose(alice, "words", "Edit")
  await edit.getByRole("textbox", { name: "Message" }).press("End")
  await alice.keyboard.press("Control+End")
  await alice.keyboard.insertText("!")
  await alice.keyboard.press("Enter")
  await edit.getByText("1 character too long.").first().waitFor()
  expect(await edit.getByRole("textbox", { name: "Message" }).inputValue()).toBe(`${long}so!`)
})

story(
  "without JavaScript messages can be read, uncovered and previewed",
  async ({ cast, open, roomPath, expectTrouble }) => {
    expectTrouble(/400/)
    const [alice] = await meet(open, cast.alice)
    const bob = await open(cast.bob, { javaScriptEnabled: false })
    await say(alice, "@bob the end: ||they wake up|| <t:0:D>")
    await say(alice, `a story\n${"and then ".repeat(200)}`)
    const [ending, tale] = [message(logOf(bob), "the end"), message(logOf(bob), "a story")]
    await tale.waitFor()
    expect(await ending.locator(".content time").getAttribute("title")).toContain("1 January 1970")

    expect(await ending.locator(".spoiler > span").isVisible()).toBe(false)
    await ending.getByRole("checkbox", { name: "Show spoiler" }).press("Space")
    await ending.locator(".spoiler > span").waitFor()
    const folded = (await tale.locator(".content").boundingBox())?.height ?? 0
    await tale.locator(".unfold").click()
    await eventually(
      async () => ((await tale.locator(".content").boundingBox())?.height ?? 0) > folded + 40,
      true,
    )

    const long = "words ".repeat(400)
    await composer(composerOf(bob)).fill(long)
    await composerOf(bob).getByRole("button", { name: "Send" }).click()
    await composerOf(bob).getByRole("alert").getByText("this is 400 too long").waitFor()
    expect(await composer(composerOf(bob)).inputValue()).toBe(long)

    await composer(composerOf(bob)).fill("**bold** @alice :tada:")
    await composerOf(bob).getByRole("button", { name: "Preview" }).click()
    await bob.getByRole("heading", { name: "Preview" }).waitFor()
    await bob.locator(".previewed strong").getByText("bold").waitFor()
    await bob.locator(".previewed .mention").getByText("@alice").waitFor()
    const box = bob.getByRole("textbox", { name: "Message" })
    expect(await box.inputValue()).toBe("**bold** @alice :tada:")
    await box.fill("*slanted*")
    await bob.getByRole("button", { name: "Preview again" }).click()
    await bob.locator(".previewed em").getByText("slanted").waitFor()
    await bob.getByRole("button", { name: "Send" }).click()
    await message(alice, "slanted").locator("em").waitFor()
    // The room has a streaming iframe, so its load event never fires.
    await bob.waitForURL((url) => url.pathname === roomPath, { waitUntil: "commit" })
  },
)

/** The id and version of a message. */
async function told(page: Page, text: string) {
  const [id, seq] = await Promise.all(
    ["id", "data-seq"].map((name) => message(page, text).getAttribute(name)),
  )
  return { id: id?.slice("message-".length), seq }
}
