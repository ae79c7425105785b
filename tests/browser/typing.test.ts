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
  expect(await composer(alice).inputValue()).toBe("hm")
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
