import { expect } from "bun:test"
import type { Page } from "playwright-core"
import { story } from "../support/browser.ts"
import { expectData } from "../support/chat.ts"
import { expectAccessible } from "./accessible.ts"
import { openBeforeInput } from "./held.ts"
import { composer, eventually, hasFocus, live, meet, message, say } from "./room.ts"

/** The focused element. */
const focused = (page: Page) => page.locator(":focus")
/** The text of the focused message. */
const reading = (page: Page) => focused(page).locator(".content").textContent()

story("arrow keys edit the last message and move in the log", async ({ cast, open }) => {
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
  await eventually(() => hasFocus(box), true)
  await alice.keyboard.type("!")
  expect(await box.inputValue()).toBe("two!")
  await alice.keyboard.press("ControlOrMeta+A")
  await alice.keyboard.type("zwei")
  await alice.keyboard.press("Enter")
  await message(bob, "zwei").waitFor()
  await alice.getByRole("dialog").waitFor({ state: "hidden" })
  await eventually(() => hasFocus(composer(alice)), true)

  // Backwards from the composer, the log is one stop: its last message.
  await alice.keyboard.press("Shift+Tab")
  await alice.keyboard.press("Shift+Tab")
  expect(await reading(alice)).toBe("three")
  await alice.keyboard.press("ArrowUp")
  await eventually(() => reading(alice), "zwei")
  await alice.keyboard.press("ArrowUp")
  await eventually(() => reading(alice), "one")
  await alice.keyboard.press("ArrowDown")
  await eventually(() => reading(alice), "zwei")

  // Live changes leave the focus alone.
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

  // An action of the panel replaces or removes the message that the panel was opened from.
  const dialog = alice.getByRole("dialog")
  const pinned = message(alice, "zwei")
  const choose = async (tool: string) => {
    await pinned.focus()
    await pinned.getByRole("link", { name: "More" }).press("Enter")
    await dialog.getByRole("listitem").locator("a, button").filter({ hasText: tool }).press("Enter")
  }
  await choose("Pin")
  await pinned.locator(".pinned").waitFor()
  // In the message, or at its control if that was replaced before the panel closed.
  const at = () =>
    alice.evaluate("document.activeElement.closest('article')?.querySelector('.content').textContent")
  await eventually(at, "zwei")
  await choose("Delete")
  await dialog.getByRole("heading", { name: "Delete message" }).waitFor()
  await eventually(() => dialog.locator(":focus").count(), 1)
  await dialog.getByRole("button", { name: "Delete" }).press("Enter")
  await message(alice, "zwei").waitFor({ state: "detached" })
  await eventually(() => alice.getByRole("log").locator(":focus").count(), 1)
})

story("the log is one stop for Tab: one message with its controls", async ({ cast, open, write }) => {
  await write(cast.bob, "see https://example.org/", 80)
  const [alice] = await meet(open, cast.alice)
  const stops = alice.locator("#messages").locator("[tabindex='0'], a[href]:not([tabindex='-1'])")
  await say(alice, "mine")
  await message(alice, "mine").and(alice.locator("[data-position]")).waitFor()
  expect(await stops.count()).toBe(1)

  await composer(alice).focus()
  await alice.keyboard.press("Shift+F6")
  await eventually(() => reading(alice), "mine")
  await alice.keyboard.press("PageUp")
  await eventually(async () => /\/ \d+$/.test((await reading(alice)) ?? ""), true)
  expect(await focused(alice).evaluate((element) => element.getBoundingClientRect().bottom)).toBeGreaterThan(
    0,
  )
  await alice.keyboard.press("Home")
  const first = Number((await reading(alice))?.split(" ").at(-1))
  expect(first).toBeLessThan(40)
  // Older messages load on the way, and the focus stays.
  await alice.locator("#messages .content", { hasText: /\/ 1$/ }).waitFor()
  expect(await reading(alice)).toEndWith(`/ ${first}`)
  await alice.keyboard.press("ArrowUp")
  await eventually(async () => (await reading(alice))?.split(" ").at(-1), String(first - 1))

  const current = message(alice, new RegExp(`/ ${first - 1}(?!\\d)`))
  const names: (string | null)[] = []
  for (
    await alice.keyboard.press("Tab");
    await current.locator(":focus").count();
    await alice.keyboard.press("Tab")
  )
    names.push((await focused(alice).getAttribute("aria-label")) ?? (await focused(alice).textContent()))
  const quick = ["👍", "❤️", "😂"].map((emoji) => `React with ${emoji}`)
  expect(names.slice(-7)).toEqual(["https://example.org/", ...quick, "React", "Reply", "More"])
  expect(await focused(alice).evaluate((element) => element.closest("#log") === null)).toBe(true)
  await alice.keyboard.press("Shift+Tab")
  // The message itself, not its controls.
  expect(await reading(alice)).toEndWith(`/ ${first - 1}`)
  expect(await stops.count()).toBeGreaterThan(1)
  await alice.keyboard.press("End")
  await eventually(() => reading(alice), "mine")
})

story("an arrow key that comes first moves once the keys are loaded", async (stage) => {
  await stage.write(stage.cast.bob, "line", 3)
  const { alice, asked, release } = await openBeforeInput(stage)

  await message(alice, "line 3").focus()
  await alice.keyboard.press("ArrowUp")
  await asked
  expect(await reading(alice)).toBe("line 3")
  release()

  await eventually(() => reading(alice), "line 2")
})

story("the arrow key of an empty composer edits the last message, also as the first input", async (stage) => {
  await stage.write(stage.cast.alice, "mine", 1)
  const { alice, asked, release } = await openBeforeInput(stage)

  await composer(alice).focus()
  await alice.keyboard.press("ArrowUp")
  await asked
  expect(await alice.getByRole("dialog").count()).toBe(0)
  release()

  await alice.getByRole("dialog", { name: "Edit message" }).waitFor()
})

story("letters act on the focused message, and not while typing", async ({ cast, open, roomPath }) => {
  const [alice, bob] = await meet(open, cast.alice, cast.bob)
  await say(bob, "hello")
  await message(alice, "hello").waitFor()
  await say(alice, "my own")
  await message(alice, "my own").and(alice.locator("[data-position]")).waitFor()
  const dialog = (name: string) => alice.getByRole("dialog", { name })
  const opens = async (key: string, name: string) => {
    await alice.keyboard.press(key)
    await dialog(name).waitFor()
    await alice.keyboard.press("Escape")
    await dialog(name).waitFor({ state: "hidden" })
  }

  await composer(alice).focus()
  await alice.keyboard.type("er+tpu?")
  expect(await composer(alice).inputValue()).toBe("er+tpu?")
  expect(await alice.getByRole("dialog").count()).toBe(0)
  await composer(alice).fill("")
  await alice.keyboard.press("Shift+F6")
  await eventually(() => reading(alice), "my own")
  await opens("?", "Keyboard shortcuts")
  await opens("Enter", "Message")
  await opens("+", "Add reaction")
  await opens("e", "Edit message")
  await opens("Delete", "Delete message")
  expect(await reading(alice)).toBe("my own")
  await alice.keyboard.press("p")
  await message(alice, "my own").locator(".pinned").waitFor()
  expect(await reading(alice)).toBe("my own")
  await alice.keyboard.press("p")
  await message(alice, "my own").locator(".pinned").waitFor({ state: "detached" })

  await alice.keyboard.press("ArrowUp")
  await eventually(() => reading(alice), "hello")
  await alice.keyboard.press("e") // not her own
  await alice.keyboard.press("u")
  await alice.locator("#messages .new-divider").waitFor()
  await alice.keyboard.press("r")
  await eventually(() => hasFocus(composer(alice)), true)
  await alice.keyboard.type("hello yourself")
  await alice.keyboard.press("Enter")
  await message(bob, "hello yourself").getByText("bob").first().waitFor()
  expect(await alice.getByRole("dialog").count()).toBe(0)

  await alice.keyboard.press("Shift+F6")
  await eventually(() => reading(alice), "hello") // the message focused before
  await alice.keyboard.press("ArrowDown")
  await eventually(() => reading(alice), "my own")
  await alice.keyboard.press("t")
  await alice.waitForURL((url) => url.pathname !== roomPath)
})

story("single-key shortcuts can be turned off", async ({ cast, open, roomPath }) => {
  expectData(await cast.alice.client.mutate("updateSettings", { singleKeys: "off" }))
  const [alice] = await meet(open, cast.alice)
  await say(alice, "mine")
  await message(alice, "mine").and(alice.locator("[data-position]")).waitFor()
  await alice.keyboard.press("Shift+F6")
  await eventually(() => reading(alice), "mine")

  for (const key of ["?", "/", "e", "r", "p"]) await alice.keyboard.press(key)
  expect(await reading(alice)).toBe("mine")
  await alice.keyboard.press("Control+/")
  await alice.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor()

  await alice.goto("/settings")
  await alice.getByRole("group", { name: "Single-key shortcuts" }).getByLabel("On").check()
  await alice.getByRole("button", { name: "Save" }).click()
  await alice.getByText("Saved.").waitFor()
  await expectAccessible(alice, "settings")
  await alice.goto(roomPath)
  await live(alice)
  await composer(alice).press("/")
  expect(await composer(alice).inputValue()).toBe("/")
  await composer(alice).fill("")
  await alice.keyboard.press("Shift+F6")
  // The shortcuts may load still: until the focus has moved, "/" is text.
  await eventually(() => reading(alice), "mine")
  await alice.keyboard.press("/")
  // Beside the room, for messages in it.
  await eventually(() => hasFocus(alice.getByRole("searchbox")), true)
  expect(await alice.getByRole("searchbox").inputValue()).toBe("in:#general ")
  expect(new URL(alice.url()).pathname).toBe(roomPath)
})

story(
  "Shift+PageUp jumps to the first unread message, Escape marks all as read",
  async ({ cast, open, write, room }) => {
    await write(cast.bob, "old", 2)
    expectData(await cast.alice.client.mutate("markChannelRead", { channelId: room.channelId }))
    await write(cast.bob, "new", 40)
    const [alice] = await meet(open, cast.alice)
    const bar = alice.locator("#new-bar")
    await bar.getByText("40 new messages").waitFor()

    await composer(alice).press("Shift+PageUp")
    await eventually(() => reading(alice), "new 1")
    await bar.waitFor({ state: "hidden" })
    await composer(alice).focus()
    expect(await alice.locator("#jump").isVisible()).toBe(true)
    await alice.keyboard.press("Escape")
    await alice.locator("#jump").waitFor({ state: "hidden" })
    await eventually(() => hasFocus(composer(alice)), true)
  },
)
