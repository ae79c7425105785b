import { expect } from "bun:test"
import type { Page } from "playwright-core"
import { story } from "../support/browser.ts"
import { expectAccessible } from "./accessible.ts"
import { untilIntercepted } from "./held.ts"
import { choose, composer, live, meet, message } from "./room.ts"

const options = (page: Page) => page.getByRole("listbox").getByRole("option")

story(
  "names are completed by keyboard and mouse, and the mentioned user sees a highlighted message",
  async ({ cast, open, roomPath }) => {
    const [alice] = await meet(open, cast.alice)
    const bob = await open(cast.bob, { path: `${roomPath}?transport=sse` })
    await live(bob, "sse")
    const box = composer(alice)

    await box.pressSequentially("hi @")
    expect(await options(alice).count()).toBe(0)
    await box.pressSequentially("b")
    await options(alice).filter({ hasText: "bob" }).waitFor()
    await expectAccessible(alice, "names to choose from")
    await alice.keyboard.press("Enter")
    expect(await box.inputValue()).toBe("hi @bob ")
    await box.pressSequentially("in #gen")
    await options(alice).filter({ hasText: "general" }).waitFor()
    await options(alice).filter({ hasText: "general" }).click()
    expect(await box.inputValue()).toBe("hi @bob in #general ")
    // At once: letter by letter the list would keep changing.
    await alice.keyboard.insertText(":tad")
    await options(alice).first().waitFor()
    await alice.keyboard.press("Tab")
    expect(await box.inputValue()).toBe("hi @bob in #general 🎉 ")
    // Nothing was sent. Without the list, Enter sends.
    expect(await message(alice, "hi").count()).toBe(0)
    await alice.keyboard.press("Enter")

    await message(bob, "hi @bob in #general 🎉").waitFor()
    expect(await message(bob, "hi").getByRole("link", { name: "#general" }).getAttribute("href")).toBe(
      roomPath,
    )
    const edge = (page: Page) =>
      message(page, "hi").evaluate((one) => one.ownerDocument.defaultView?.getComputedStyle(one).boxShadow)
    await message(alice, "hi").and(alice.locator("[data-position]")).waitFor()
    expect(await edge(bob)).not.toBe("none")
    expect(await edge(alice)).toBe("none")

    // Also while editing, on a phone: Escape closes the list and not the dialog.
    await alice.setViewportSize({ width: 390, height: 780 })
    const dialog = await choose(alice, "hi", "Edit")
    const editing = dialog.getByRole("textbox", { name: "Message" })
    await editing.press("Control+End")
    await editing.pressSequentially("and @al")
    await options(alice).filter({ hasText: "alice" }).waitFor()
    await alice.keyboard.press("Escape")
    expect(await options(alice).count()).toBe(0)
    await editing.pressSequentially("i")
    await options(alice).filter({ hasText: "alice" }).waitFor()
    await alice.keyboard.press("Enter")
    expect(await editing.inputValue()).toBe("hi @bob in #general 🎉 and @alice ")
  },
)

story("suggestions can be navigated, dismissed and outdated", async ({ cast, open }) => {
  const [alice] = await meet(open, cast.alice)
  const box = composer(alice)
  const chosen = () => box.getAttribute("aria-activedescendant")

  await box.focus()
  await alice.locator("#composer .completing").waitFor({ state: "attached" })
  // At once: letter by letter the list would keep changing.
  await alice.keyboard.insertText(":hear")
  await options(alice).nth(2).waitFor()
  expect(await chosen()).toBe("completion-0")
  await alice.keyboard.press("ArrowDown")
  expect(await chosen()).toBe("completion-1")
  await alice.keyboard.press("ArrowUp")
  await alice.keyboard.press("ArrowUp")
  expect(await chosen()).toBe(`completion-${(await options(alice).count()) - 1}`)
  await alice.keyboard.press("Escape")
  expect(await options(alice).count()).toBe(0)
  expect(await chosen()).toBeNull()
  await alice.keyboard.press("Enter")
  await message(alice, ":hear").waitFor()

  // An answer for a name that was deleted meanwhile must not open a list.
  await alice.route("**/complete?**", async (route) => {
    const answer = await route.fetch()
    if (route.request().url().includes("q=al")) await released
    await route.fulfill({ response: answer })
  })
  await untilIntercepted(alice)
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const late = alice.waitForRequest(/q=al$/)
  await box.pressSequentially("@al")
  await late
  await box.press("Control+a")
  await box.press("Delete")
  await box.pressSequentially("@bo")
  await options(alice).filter({ hasText: "bob" }).waitFor()
  const answered = alice.waitForResponse(/q=al$/)
  release()
  await answered
  await alice.keyboard.press("Enter")
  expect(await box.inputValue()).toBe("@bob ")
  await alice.unrouteAll({ behavior: "ignoreErrors" })
})
