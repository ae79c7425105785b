import { expect } from "bun:test"
import type { Page } from "playwright-core"
import { type Stage, story } from "../support/browser.ts"
import { expectData } from "../support/chat.ts"
import { hold, untilDone } from "./held.ts"
import { composer, eventually, live, message, say, texts } from "./room.ts"

// Going to another room where answers take long: what belongs to one room does nothing to the other.

const channel = (page: Page, name: string) =>
  page.getByRole("navigation", { name: "Channels" }).getByRole("link", { name })
const current = (page: Page) => page.locator("#channels [aria-current] .name").allInnerTexts()

/** Another channel, after "general". */
async function addChannel({ cast, lab }: Stage, name: string) {
  const { id } = expectData(await cast.alice.client.mutate("createChannel", { serverId: lab.id, name }))
  return { id, path: `/servers/${lab.id}/channels/${id}` }
}

async function go(page: Page, name: string): Promise<void> {
  await channel(page, name).click()
  await page.locator("#room-name").getByText(name, { exact: true }).waitFor()
  await live(page)
}

story("what is typed while a room opens is written there", async (stage) => {
  const tea = await addChannel(stage, "tea")
  const alice = await stage.open(stage.cast.alice)
  await live(alice)
  await composer(alice).pressSequentially("draft")
  const loading = await hold(alice, new RegExp(`${tea.id}$`))

  await channel(alice, "tea").click()
  await loading.holds(1)
  await alice.keyboard.type("a kettlf")
  await alice.keyboard.press("Backspace")
  await alice.keyboard.type("e")
  await alice.keyboard.press("Enter")
  expect(await composer(alice).inputValue()).toBe("draft")
  await loading.letThrough()
  await alice.locator("#room-name").getByText("tea").waitFor()
  await live(alice)
  await eventually(() => composer(alice).inputValue(), "a kettle")
  await alice.keyboard.type("!")
  await alice.keyboard.press("Enter")
  await message(alice, "a kettle!").waitFor()

  await go(alice, "general")
  expect(await texts(alice)).toEqual([])
  expect(await composer(alice).inputValue()).toBe("draft")
})

story("the list shows at once where one goes, and keys go on from there", async (stage) => {
  const tea = await addChannel(stage, "tea")
  const cocoa = await addChannel(stage, "cocoa")
  const alice = await stage.open(stage.cast.alice)
  await live(alice)
  const loading = await hold(alice, new RegExp(`(${tea.id}|${cocoa.id})$`))

  await alice.keyboard.press("Alt+ArrowDown")
  await loading.holds(1)
  await eventually(() => current(alice), ["tea"])
  await alice.keyboard.press("Alt+ArrowDown")
  await loading.holds(2)
  await eventually(() => current(alice), ["cocoa"])
  await loading.letThrough()

  await alice.locator("#room-name").getByText("cocoa").waitFor()
  expect(await current(alice)).toEqual(["cocoa"])
  expect(alice.url()).toEndWith(cocoa.path)
})

story("marking as unread and leaving at once leaves the next room's reading alone", async (stage) => {
  const { cast, open } = stage
  const tea = await addChannel(stage, "tea")
  const bob = await open(cast.bob, { path: tea.path })
  const alice = await open(cast.alice)
  await Promise.all([live(alice), live(bob)])
  await say(alice, "one")
  await message(alice, "one").and(alice.locator("[data-position]")).waitFor()
  const marking = await hold(alice, /\/unread$/)
  await alice.keyboard.press("Shift+Tab")
  await alice.keyboard.press("Shift+Tab")
  await alice.keyboard.press("u")
  await marking.holds(1)

  await go(alice, "tea")
  const done = await untilDone(alice)
  await marking.letThrough()
  await done()
  const reading = alice.waitForRequest((request) => request.url().endsWith(`${tea.path}/read`))
  await say(bob, "the kettle is on")

  await message(alice, "the kettle is on").waitFor()
  await reading
})
