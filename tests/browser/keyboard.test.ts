import { expect } from "bun:test"
import type { Locator, Page } from "playwright-core"
import { story } from "../support/browser.ts"
import { expectData } from "../support/chat.ts"
import { expectAccessible } from "./accessible.ts"
import { composer, eventually, live, meet, message, say, texts } from "./room.ts"

/** The focused element. */
const focused = (page: Page) => page.locator(":focus")
/** The text of the focused message. */
const reading = (page: Page) => focused(page).locator(".content").textContent()
const hasFocus = (found: Locator): Promise<boolean> => found.evaluate((element) => element.matches(":focus"))

/** Presses Tab until the element is focused. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 30; presses++) {
    await page.keyboard.press("Tab")
    if (await hasFocus(target)) return
  }
  throw new Error(`No amount of Tab leads to ${target}`)
}

story("from login to the first message by keyboard alone", async ({ cast, open }) => {
  const alice = await open(undefined, { path: "/login" })
  await alice.getByRole("heading", { name: "Log in" }).waitFor()
  await alice.keyboard.type(cast.alice.username)
  await tabTo(alice, alice.getByLabel("Password"))
  await alice.keyboard.type("password")
  await alice.keyboard.press("Enter")

  await alice.getByRole("heading", { name: "My servers" }).waitFor()
  await tabTo(alice, alice.getByRole("link", { name: "Skip to content" }))
  await alice.keyboard.press("Enter")
  await alice.keyboard.press("Tab")
  expect(await alice.getByRole("main").locator(":focus").count()).toBe(1)
  await tabTo(alice, alice.getByRole("main").getByRole("link", { name: "Lab" }))
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

story("by keyboard alone to a channel, out of a server and to logging out", async ({ cast, open, lab }) => {
  const { client } = cast.alice
  for (const name of ["random", "quiet"])
    expectData(await client.mutate("createChannel", { serverId: lab.id, name }))
  const [bob] = await meet(open, cast.bob)
  const dialog = (name: string) => bob.getByRole("dialog", { name })

  await tabTo(bob, composer(bob))
  await bob.keyboard.press("ControlOrMeta+k")
  await dialog("Go to").waitFor()
  await bob.keyboard.type("quie")
  await dialog("Go to").getByRole("option", { name: "quiet" }).waitFor()
  await bob.keyboard.press("Enter")
  await eventually(() => bob.locator("#room-name").textContent(), "quiet")
  await live(bob)
  await eventually(() => hasFocus(composer(bob)), true)
  await bob.keyboard.type("bye")
  await bob.keyboard.press("Enter")
  await message(bob, "bye").waitFor()

  const channels = bob.getByRole("navigation", { name: "Channels" })
  await tabTo(bob, channels.getByRole("link", { name: "Server settings" }))
  await bob.keyboard.press("Enter")
  await bob.getByRole("heading", { name: "Server settings" }).waitFor()
  await tabTo(
    bob,
    bob.getByRole("navigation", { name: "Server settings" }).getByRole("link", { name: "Leave or delete" }),
  )
  await bob.keyboard.press("Enter")
  await tabTo(bob, bob.getByRole("button", { name: "Leave server" }))
  await bob.keyboard.press("Enter")
  await bob.getByRole("heading", { name: "My servers" }).waitFor()
  expect(await bob.getByRole("main").getByRole("link", { name: "Lab" }).count()).toBe(0)

  await tabTo(bob, bob.getByRole("button", { name: "Your menu" }))
  await bob.keyboard.press("Enter")
  await tabTo(bob, bob.getByRole("button", { name: "Log out" }))
  await bob.keyboard.press("Enter")
  await bob.getByRole("heading", { name: "Log in" }).waitFor()
  await bob.goto("/")
  await bob.getByRole("heading", { name: "Log in" }).waitFor()
})

story("Enter that ends a composition does not send the message", async ({ cast, open }) => {
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
  expect(await box.inputValue()).toBe("two")
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

story("F6 moves between regions, Alt with arrows between channels", async ({ cast, open, lab, room }) => {
  const { client } = cast.alice
  for (const name of ["random", "quiet"])
    expectData(await client.mutate("createChannel", { serverId: lab.id, name }))
  const [bob] = await meet(open, cast.bob)
  const nav = (name: string) => bob.getByRole("navigation", { name })
  await say(bob, "here")
  await message(bob, "here").waitFor()

  await composer(bob).focus()
  const regions = [
    bob.getByRole("complementary", { name: "Members" }),
    nav("Servers"),
    nav("Channels"),
    bob.getByRole("log"),
    bob.locator("#composer"),
  ]
  for (const region of regions) {
    await bob.keyboard.press("F6")
    await eventually(() => region.locator(":focus").count(), 1)
  }
  for (const region of regions.slice(0, -1).toReversed()) {
    await bob.keyboard.press("Shift+F6")
    await eventually(() => region.locator(":focus").count(), 1)
  }

  const title = (name: string) => eventually(() => bob.locator("#room-name").textContent(), name)
  await composer(bob).focus()
  await bob.keyboard.press("Alt+ArrowDown")
  await title("random")
  await live(bob)
  expect(await hasFocus(composer(bob))).toBe(true)
  await composer(bob).press("Alt+ArrowUp")
  await title("general")
  await live(bob)
  await composer(bob).press("Alt+Shift+ArrowDown")
  await eventually(() => bob.locator("#announcer").textContent(), "No unread channels in this list.")
  const quiet = expectData(await client.query("getChannels", { serverId: lab.id })).at(-1)
  const place = { serverId: lab.id, channelId: quiet?.id ?? "" }
  const { token } = await client.connect("chat", place, {})
  await client.send("chat", place, token ?? "", { content: "news" })
  await nav("Channels").getByRole("link", { name: "quiet (1 unread)" }).waitFor()
  await composer(bob).press("Alt+Shift+ArrowDown")
  await title("quiet")
  expect(room.channelId).not.toBe(quiet?.id ?? "")
})

story("the first key is repeated once what it means is loaded", async ({ cast, open, roomPath }) => {
  const alice = await open(cast.alice, { path: "about:blank" })
  // Chromium may say that a pointer entered the page, which loads it, too.
  await alice.addInitScript(`addEventListener("pointerover", (event) => event.stopPropagation(), true)`)
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  await alice.route("**/interaction.js", async (route) => {
    await released
    await route.continue()
  })
  await alice.goto(roomPath)
  await live(alice)
  const asked = alice.waitForRequest(/interaction\.js/)

  await composer(alice).focus()
  await alice.keyboard.press("?")
  await alice.keyboard.press("F6")
  await asked
  expect(await hasFocus(composer(alice))).toBe(true)
  expect(await composer(alice).inputValue()).toBe("?")
  release()

  await eventually(() => alice.locator("#members :focus").count(), 1)
  expect(await composer(alice).inputValue()).toBe("?")
  expect(await alice.getByRole("dialog").count()).toBe(0)
  await alice.keyboard.press("?")
  await alice.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor()
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

story("on a touch screen Enter inserts a line break", async ({ cast, open }) => {
  const alice = await open(cast.alice, { hasTouch: true, isMobile: true })
  await live(alice)
  await composer(alice).focus()
  await alice.keyboard.type("one")
  await alice.keyboard.press("Enter")
  await alice.keyboard.type("two")

  expect(await composer(alice).inputValue()).toBe("one\ntwo")
  expect(await texts(alice)).toEqual([])
})

story("the list of shortcuts is accessible, also as a page", async ({ cast, open }) => {
  const [alice] = await meet(open, cast.alice)
  await composer(alice).press("ControlOrMeta+/")
  await alice.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor()
  await expectAccessible(alice, "the list of keys")
  await alice.goto("/keyboard")
  await alice.getByRole("heading", { name: "Keyboard shortcuts" }).waitFor()
  await expectAccessible(alice, "the list of keys as a page")
})
