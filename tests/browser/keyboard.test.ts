import { expect } from "bun:test"
import type { Locator, Page } from "playwright-core"
import { story } from "../support/browser.ts"
import { composer, eventually, live, meet, message, say, texts } from "./room.ts"

/** What has the focus. */
const focused = (page: Page) => page.locator(":focus")
/** What the message says that has it. */
const reading = (page: Page) => focused(page).locator(".content").textContent()
const hasFocus = (found: Locator): Promise<boolean> => found.evaluate((element) => element.matches(":focus"))

/** Presses Tab until it has the focus. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 30; presses++) {
    await page.keyboard.press("Tab")
    if (await hasFocus(target)) return
  }
  throw new Error(`No amount of Tab leads to ${target}`)
}

story("from signing in to the first message, no mouse is needed", async ({ cast, open }) => {
  const alice = await open(undefined, { path: "/login" })
  await alice.getByRole("heading", { name: "Log in" }).waitFor()
  await alice.keyboard.type(cast.alice.username)
  await tabTo(alice, alice.getByLabel("Password"))
  await alice.keyboard.type("password")
  await alice.keyboard.press("Enter")

  await alice.getByRole("heading", { name: "My Servers" }).waitFor()
  await tabTo(alice, alice.getByRole("link", { name: "Skip to content" }))
  await alice.keyboard.press("Enter")
  await alice.keyboard.press("Tab")
  expect(await hasFocus(alice.getByRole("main").getByRole("link", { name: "Lab" }))).toBe(true)
  await tabTo(alice, alice.getByLabel("Name"))
  await alice.keyboard.type("Book club")
  await alice.keyboard.press("Enter")
  await live(alice)

  const invite = alice.getByRole("link", { name: "Invite people" })
  await tabTo(alice, invite)
  await alice.keyboard.press("Enter")
  await alice.getByRole("dialog", { name: "Invite people" }).waitFor()
  expect(await alice.getByRole("dialog").locator(":focus").count()).toBe(1)
  await alice.keyboard.press("Escape")
  await alice.getByRole("dialog").waitFor({ state: "hidden" })
  expect(await hasFocus(invite)).toBe(true)

  await tabTo(alice, composer(alice))
  await alice.keyboard.type("first")
  await alice.keyboard.press("Shift+Enter")
  await alice.keyboard.type("second")
  expect(await composer(alice).inputValue()).toBe("first\nsecond")
  await alice.keyboard.press("Enter")
  await eventually(() => texts(alice), ["first\nsecond"])
  expect(await composer(alice).inputValue()).toBe("")
})

story("Enter that ends a composition does not send", async ({ cast, open }) => {
  const [alice] = await meet(open, cast.alice)
  await composer(alice).fill("こんにち")

  const pressed = { key: "Enter", bubbles: true, cancelable: true }
  await composer(alice).dispatchEvent("keydown", { ...pressed, isComposing: true })
  await composer(alice).dispatchEvent("keydown", { ...pressed, keyCode: 229 })
  expect(await composer(alice).inputValue()).toBe("こんにち")
  expect(await texts(alice)).toEqual([])

  await composer(alice).dispatchEvent("keydown", pressed)
  await eventually(() => texts(alice), ["こんにち"])
})

story("arrow keys edit the last message, walk the log and lead back", async ({ cast, open }) => {
  const [alice, bob] = await meet(open, cast.alice, cast.bob)
  for (const text of ["one", "two"]) await say(alice, text)
  await message(bob, "two").waitFor()
  await say(bob, "three")
  await message(alice, "three").waitFor()

  await composer(alice).fill("not empty")
  await alice.keyboard.press("ArrowUp")
  await composer(alice).fill("")
  expect(await alice.getByRole("dialog").count()).toBe(0)
  await alice.keyboard.press("ArrowUp")
  const box = alice.getByRole("dialog", { name: "Edit message" }).getByRole("textbox", { name: "Message" })
  await box.waitFor()
  expect(await box.inputValue()).toBe("two")
  await alice.keyboard.press("ControlOrMeta+A")
  await alice.keyboard.type("zwei")
  await tabTo(alice, alice.getByRole("button", { name: "Save" }))
  await alice.keyboard.press("Enter")
  await message(bob, "zwei").waitFor()
  await alice.getByRole("dialog").waitFor({ state: "hidden" })
  await eventually(() => hasFocus(composer(alice)), true)

  // Into the log backwards is into its last message.
  while (!(await message(alice, "three").locator(":focus").count())) await alice.keyboard.press("Shift+Tab")
  await alice.keyboard.press("ArrowUp")
  await eventually(() => reading(alice), "zwei")
  await alice.keyboard.press("ArrowUp")
  await eventually(() => reading(alice), "one")
  await alice.keyboard.press("ArrowDown")
  await eventually(() => reading(alice), "zwei")

  // What happens meanwhile leaves the focus alone.
  await say(bob, "four")
  await message(alice, "four").waitFor()
  expect(await reading(alice)).toBe("zwei")
  await alice.keyboard.press("e")
  await box.waitFor()
  await alice.keyboard.press("Escape")
  await box.waitFor({ state: "hidden" })
  expect(await focused(alice).textContent()).toContain("zwei")
  await alice.keyboard.press("Escape")
  expect(await hasFocus(composer(alice))).toBe(true)
})
