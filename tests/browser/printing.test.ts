import { expect } from "bun:test"
import type { Page } from "playwright-core"
import { story } from "../support/browser.ts"
import { say as tell } from "../support/say.ts"
import { eventually, live, message } from "./room.ts"

/** Which of these elements are printed. */
const printed = async (page: Page, ...selectors: string[]) => {
  const seen: string[] = []
  for (const selector of selectors) {
    if ((await page.locator(selector).filter({ visible: true }).count()) > 0) seen.push(selector)
  }
  return seen
}

story("a printed room has whole messages and no controls", async (stage) => {
  const { cast, open, write } = stage
  await write(cast.bob, "before", 60)
  await tell(stage, cast.bob, "**@alice** see [the wiki](https://example.org/wiki) and https://example.org/")
  await tell(stage, cast.bob, Array.from({ length: 40 }, (_, at) => `line ${at + 1}`).join("\n"))
  const alice = await open(cast.alice, { colorScheme: "dark" })
  await live(alice)
  const chrome = [
    ".rail",
    ".channels",
    ".people",
    "#composer",
    ".room-tools",
    ".unfold",
    ".new-bar",
    ".pager",
  ]
  expect(await printed(alice, ...chrome)).toEqual(chrome) // or they could not disappear
  // Of Ctrl+P: rooms load the styles of paper with the first input.
  await alice.keyboard.press("Control")

  await alice.emulateMedia({ media: "print", colorScheme: "dark" })

  await eventually(() => printed(alice, ...chrome), [])
  expect(await printed(alice, "#room-name", "#messages")).toEqual(["#room-name", "#messages"])
  const isWhole = (selector: string) =>
    alice
      .locator(selector)
      .last()
      .evaluate((one) => one.scrollHeight <= one.clientHeight + 1)
  expect(await Promise.all(["#log", "#room", ".folded"].map(isWhole))).toEqual([true, true, true])
  const after = (name: string) =>
    message(alice, "the wiki")
      .getByRole("link", { name, exact: name.startsWith("https") })
      .evaluate((one) => one.ownerDocument.defaultView.getComputedStyle(one, "::after").content)
  expect(await after("the wiki")).toBe('" (https://example.org/wiki)"')
  expect(await after("https://example.org/")).toBe("none")
  const inkOf = (selector: string) =>
    alice
      .locator(selector)
      .first()
      .evaluate((one) => one.ownerDocument.defaultView.getComputedStyle(one).color)
  expect(await inkOf(".message .mention")).toBe("rgb(0, 0, 0)")
  expect(await inkOf(".message .content")).toBe("rgb(0, 0, 0)")

  await alice.emulateMedia({ media: "screen" })
  await alice.goto("/search?q=wiki")
  await alice.locator(".found").waitFor()
  await alice.emulateMedia({ media: "print" })
  await eventually(
    () => printed(alice, ".rail", ".search-box button", ".search-pages", ".found", "h1"),
    [".found", "h1"],
  )
})
