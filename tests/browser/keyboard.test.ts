import { expect } from "bun:test"
import type { Locator, Page } from "playwright-core"
import { story } from "../support/browser.ts"
import { expectData } from "../support/chat.ts"
import { expectAccessible } from "./accessible.ts"
import { openBeforeInput } from "./held.ts"
import { composer, eventually, hasFocus, live, meet, message, say, texts } from "./room.ts"

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
  await eventually(() => hasFocus(alice.getByLabel("Username")), true)
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

story("the first key is repeated once what it means is loaded", async (stage) => {
  const { alice, asked, release } = await openBeforeInput(stage)

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
