import { expect } from "bun:test"
import type { Page } from "playwright-core"
import { type Stage, story, unreachable } from "../support/browser.ts"
import { expectData } from "../support/chat.ts"
import { expectAccessible } from "./accessible.ts"
import { hold } from "./held.ts"
import { choose, composer, eventually, live, message, say } from "./room.ts"

// What people do while an answer is under way, or never comes: nothing is lost, done twice, or done to something else.

const stored = (page: Page, text: string) => message(page, text).and(page.locator("[data-position]"))
const text = (page: Page) => page.getByRole("dialog").getByRole("textbox", { name: "Message" })
const menu = (page: Page) => page.getByRole("dialog", { name: "Menu" })

/** In the room, where someone has said something. */
async function inRoom(open: Stage["open"], person: Parameters<Stage["open"]>[0], ...said: string[]) {
  const page = await open(person)
  await live(page)
  for (const one of said) {
    await say(page, one)
    await stored(page, one).waitFor()
  }
  return page
}

async function react(page: Page, to: string, emoji: string): Promise<void> {
  await message(page, to).hover()
  await message(page, to)
    .getByRole("button", { name: `React with ${emoji}` })
    .click()
}

const reactions = (page: Page, to: string) =>
  message(page, to).getByRole("button", { name: "👍 1, by alice" }).count()

story("a late answer leaves the panel that was opened meanwhile", async ({ cast, open, expectTrouble }) => {
  expectTrouble(/status of 403/)
  const alice = await inRoom(open, cast.alice, "tea?")
  const bob = await inRoom(open, cast.bob, "coffee?")

  const reacting = await hold(bob, /\/reactions$/)
  const pinning = await hold(bob, /\/pin$/)
  await react(bob, "coffee?", "👍")
  // By keyboard, or letters would be written in the composer.
  await composer(bob).focus()
  await bob.keyboard.press("Shift+Tab")
  await bob.keyboard.press("Shift+Tab")
  await bob.keyboard.press("p")
  await reacting.holds(1)
  await bob.keyboard.press("e")
  await text(bob).fill("cocoa?")

  await reacting.letThrough()
  await pinning.holds(1)
  const refused = bob.waitForResponse(/\/pin$/)
  await pinning.letThrough()
  await (await refused).finished()
  await message(alice, "coffee?").locator(".reactions").waitFor()
  expect(await text(bob).inputValue()).toBe("cocoa?")
  await bob.getByRole("button", { name: "Save" }).click()

  await message(alice, "cocoa?").waitFor()
  // Shown after the panel is closed.
  await bob.getByRole("dialog").getByRole("alert").waitFor()
  await expectAccessible(bob, "a late refusal")
})

story("a form that is submitted twice is sent once", async ({ cast, lab, open }) => {
  const alice = await inRoom(open, cast.alice)
  await alice.getByRole("link", { name: "Create channel" }).click()
  const dialog = alice.getByRole("dialog")
  await dialog.getByLabel("Name").fill("tea")
  const creating = await hold(alice, /\/channels(\/new)?$/)
  const channels = async () => expectData(await cast.alice.client.query("getChannels", { serverId: lab.id }))

  await dialog.getByRole("button", { name: "Create" }).dblclick()
  await creating.holds(1)
  await creating.letThrough()
  await alice.getByRole("heading", { name: "tea" }).waitFor()
  await live(alice)

  expect((await channels()).filter(({ name }) => name === "tea")).toHaveLength(1)
})

story("everything that is done while an answer is under way is done", async ({ cast, open }) => {
  const alice = await inRoom(open, cast.alice, "one", "two", "three")
  const reacting = await hold(alice, /\/reactions$/)

  for (const one of ["one", "two", "three"]) await react(alice, one, "👍")
  await reacting.holds(1)
  await choose(alice, "three", "Edit")
  await text(alice).waitFor()
  await reacting.letThrough()

  for (const one of ["one", "two", "three"]) await eventually(() => reactions(alice, one), 1)
})

story("a menu is that of the message where it was opened", async ({ cast, open, expectTrouble }) => {
  expectTrouble(unreachable)
  const alice = await inRoom(open, cast.alice, "one", "two", "three")
  await message(alice, "one").click({ button: "right" })
  await menu(alice).getByText("Edit").waitFor()
  await alice.keyboard.press("Escape")

  const loading = await hold(alice, /\/actions$/)
  await message(alice, "two").click({ button: "right" })
  await loading.holds(1)
  await loading.fail()
  await alice.getByRole("alert").getByText("The server did not answer").waitFor()
  expect(await menu(alice).isVisible()).toBe(false)

  await message(alice, "one").click({ button: "right" })
  await loading.holds(1)
  await message(alice, "three").click({ button: "right" })
  await loading.holds(2)
  await loading.letThrough()
  await menu(alice).getByText("Edit").click()
  await eventually(() => text(alice).inputValue(), "three")
})

story("a late menu does not take the focus from what is typed", async ({ cast, open }) => {
  const alice = await inRoom(open, cast.alice, "one")
  const loading = await hold(alice, /\/actions$/)

  await message(alice, "one").click({ button: "right" })
  await loading.holds(1)
  await composer(alice).pressSequentially("he")
  const answered = alice.waitForResponse(/\/actions$/)
  await loading.letThrough()
  await (await answered).finished()
  await alice.locator("#menu-body .panel").waitFor({ state: "attached" })
  await alice.keyboard.type("llo")

  expect(await composer(alice).inputValue()).toBe("hello")
  expect(await menu(alice).isVisible()).toBe(false)
})

story("a panel that takes long says so, and one that fails can be tried again", async (stage) => {
  stage.expectTrouble(unreachable)
  const alice = await inRoom(stage.open, stage.cast.alice, "one")
  const dialog = alice.getByRole("dialog")
  const loading = await hold(alice, /\/edit$/)
  const edit = async () => {
    await message(alice, "one").focus()
    await alice.keyboard.press("e")
  }

  await edit()
  await alice.getByRole("dialog", { name: "Loading…" }).waitFor()
  await expectAccessible(alice, "a panel that is loading")
  const cancelled = alice.waitForEvent("requestfailed")
  await alice.keyboard.press("Escape")
  await dialog.waitFor({ state: "hidden" })
  await cancelled

  await edit()
  await alice.getByRole("dialog", { name: "Loading…" }).waitFor()
  await loading.fail()
  await dialog.getByRole("alert").getByText("The server did not answer").waitFor()
  await expectAccessible(alice, "a panel that was not loaded")
  await loading.letThrough()
  await dialog.getByRole("button", { name: "Try again" }).press("Enter")
  await eventually(() => text(alice).evaluate((box) => box.matches(":focus")), true)
  expect(await text(alice).inputValue()).toBe("one")

  // A form that cannot be sent keeps what was written, and says so.
  const saving = await hold(alice, /\/messages\/[^/]+$/)
  await text(alice).fill("two")
  await alice.getByRole("button", { name: "Save" }).click()
  await saving.holds(1)
  await saving.fail()
  await dialog.getByRole("alert").getByText("The server did not answer").waitFor()
  expect(await text(alice).inputValue()).toBe("two")
  await saving.letThrough()
  await alice.getByRole("button", { name: "Save" }).click()
  await message(alice, "two").waitFor()
})

story("a form that is longer than the window shows that it was not sent", async (stage) => {
  stage.expectTrouble(unreachable)
  const alice = await inRoom(stage.open, stage.cast.alice)
  await alice.getByRole("link", { name: "Create poll" }).click()
  const dialog = alice.getByRole("dialog", { name: "Create poll" })
  await dialog.getByLabel("Question").fill("tea?")
  for (const at of [1, 2]) await dialog.getByRole("textbox").nth(at).fill(`answer ${at}`)
  const creating = await hold(alice, /\/polls$/)

  await dialog.getByRole("button", { name: "Create poll" }).click()
  await creating.holds(1)
  await creating.fail()

  const alert = dialog.getByRole("alert")
  await alert.getByText("The server did not answer").waitFor()
  const top = (box: { y: number } | null) => box?.y ?? Number.NEGATIVE_INFINITY
  await eventually(async () => top(await alert.boundingBox()) >= top(await dialog.boundingBox()), true)
  expect(await dialog.getByLabel("Question").inputValue()).toBe("tea?")
})

story("what is found is what was typed last", async ({ cast, open }) => {
  const alice = await inRoom(open, cast.alice)
  await alice.getByRole("link", { name: "Emoji" }).click()
  const dialog = alice.getByRole("dialog")
  const searching = await hold(alice, /\/emoji\?/)

  for (const [index, typed] of ["tea", "kettle", "rocket"].entries()) {
    await dialog.getByRole("searchbox", { name: "Search emoji" }).fill(typed)
    await searching.holds(index + 1)
  }
  await searching.letThrough()

  await dialog.locator("#emoji-found").getByRole("button", { name: "rocket" }).first().waitFor()
})
