import { expect } from "bun:test"
import { story } from "../support/browser.ts"
import { composer, eventually, live, message, say } from "./room.ts"

story("what is typed where nothing has the focus is written in the composer", async (stage) => {
  const { cast, open, roomPath, write } = stage
  await write(cast.bob, "line", 2)
  const alice = await open(cast.alice)
  await live(alice)

  await alice.keyboard.type("at once")
  expect(await composer(alice).inputValue()).toBe("at once")
  await alice.keyboard.press("Enter")
  await message(alice, "at once").and(alice.locator("[data-position]")).waitFor()

  // These letters are shortcuts of a message that has the focus by keyboard.
  await message(alice, "line 2").locator(".content").click()
  await alice.keyboard.type("perhaps true")
  expect(await composer(alice).inputValue()).toBe("perhaps true")
  expect(new URL(alice.url()).pathname).toBe(roomPath)
  expect(await message(alice, "line 2").locator(".pinned").count()).toBe(0)
  await composer(alice).fill("")

  await alice.getByRole("navigation", { name: "Channels" }).getByRole("link", { name: "general" }).click()
  await alice.keyboard.type("hm")
  // The room is opened again: what is typed meanwhile waits for its composer.
  await eventually(() => composer(alice).inputValue(), "hm")
})

story("what is typed elsewhere stays there, and shortcuts work", async ({ cast, open, write }) => {
  await write(cast.bob, "line", 1)
  const alice = await open(cast.alice)
  await live(alice)
  await say(alice, "mine")
  await message(alice, "mine").and(alice.locator("[data-position]")).waitFor()

  await alice.locator("#main").getByRole("link", { name: "Search", exact: true }).click()
  const search = alice.getByRole("complementary", { name: "Search" }).getByRole("searchbox")
  await search.click()
  await search.pressSequentially("word")
  expect(await search.inputValue()).toBe("in:#general word")
  expect(await composer(alice).inputValue()).toBe("")

  await message(alice, "mine").locator(".content").click()
  await alice.keyboard.press("ArrowUp")
  await alice.keyboard.press("ArrowDown")
  await alice.keyboard.press("p")
  await message(alice, "mine").locator(".pinned").waitFor()
  await message(alice, "mine").locator(".content").click()
  await alice.keyboard.press("?")
  await alice.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor()
  await alice.keyboard.type("x")
  await alice.keyboard.press("Escape")
  await eventually(() => composer(alice).inputValue(), "")
})

story(
  "the composer grows with its text where styles cannot size it",
  async ({ cast, open, roomPath, write }) => {
    await write(cast.bob, "line", 40)
    const alice = await open(cast.alice, { path: "about:blank" })
    // As Safari was until 26.2.
    await alice.addInitScript(`{
    const { supports } = CSS
    CSS.supports = (...asked) => !asked.join().includes("field-sizing") && supports.apply(CSS, asked)
  }`)
    await alice.goto(roomPath)
    await live(alice)
    await composer(alice).evaluate((text) => text.style.setProperty("field-sizing", "fixed"))
    const height = async () => (await composer(alice).boundingBox())?.height ?? Number.NaN
    const empty = await height()
    const isLastInView = () =>
      message(alice, "line 40").evaluate((last) => {
        const log = last.closest("section")?.getBoundingClientRect().bottom ?? Number.NaN
        return last.getBoundingClientRect().bottom <= log
      })

    await composer(alice).press("a")
    await composer(alice).fill("one\ntwo\nthree\nfour")
    await eventually(async () => (await height()) > 1.5 * empty, true)
    await composer(alice).press("End")
    await composer(alice).press("!")
    await eventually(isLastInView, true)
    expect(await height()).toBeGreaterThan(1.5 * empty)

    await composer(alice).fill("one")
    await eventually(height, empty)
    await composer(alice).fill("one\ntwo\nthree")
    await eventually(async () => (await height()) > 1.2 * empty, true)
    await composer(alice).press("Enter")
    await eventually(height, empty)
  },
)
