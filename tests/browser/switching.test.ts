import { expect } from "bun:test"
import type { Page, Route } from "playwright-core"
import { type Stage, story, unreachable } from "../support/browser.ts"
import { expectData } from "../support/chat.ts"
import { hold, untilDone, untilIntercepted } from "./held.ts"
import { composer, eventually, imported, live, message, say, texts } from "./room.ts"

// Going to another room where answers take long: what belongs to one room does nothing to the other.

const channel = (page: Page, name: string) =>
  page.getByRole("navigation", { name: "Channels" }).getByRole("link", { name })
const current = (page: Page) => page.locator("#channels [aria-current] .name").allInnerTexts()

/** Another channel, after "general". */
async function addChannel({ cast, lab }: Stage, name: string) {
  const { id } = expectData(await cast.alice.client.mutate("createChannel", { serverId: lab.id, name }))
  return { id, path: `/servers/${lab.id}/channels/${id}` }
}

/** Opens the room, and waits until the page itself opens others. */
async function arrive({ cast, open }: Pick<Stage, "cast" | "open">, opening?: Parameters<Stage["open"]>[1]) {
  const alice = await open(cast.alice, opening)
  await live(alice)
  await composer(alice).click()
  await imported(alice, "interaction")
  return alice
}

async function go(page: Page, name: string): Promise<void> {
  await channel(page, name).click()
  await page.locator("#room-name").getByText(name, { exact: true }).waitFor()
  await live(page)
}

story("what is typed while a room opens is written there", async (stage) => {
  const tea = await addChannel(stage, "tea")
  const alice = await arrive(stage)
  await composer(alice).pressSequentially("draft")
  const loading = await hold(alice, new RegExp(`${tea.id}$`))

  await channel(alice, "tea").click()
  await loading.holds(1)
  await alice.keyboard.type("tea?")
  await alice.keyboard.press("Enter")
  await alice.keyboard.type("a kettlf")
  await alice.keyboard.press("Backspace")
  await alice.keyboard.type("e")
  await alice.keyboard.press("Enter")
  expect(await composer(alice).inputValue()).toBe("draft")
  await loading.letThrough()
  await alice.locator("#room-name").getByText("tea").waitFor()
  await live(alice)
  await eventually(() => composer(alice).inputValue(), "tea?\na kettle")
  await alice.keyboard.type("!")
  await alice.keyboard.press("Enter")
  await message(alice, "tea?\na kettle!").waitFor()

  await go(alice, "general")
  expect(await texts(alice)).toEqual([])
  expect(await composer(alice).inputValue()).toBe("draft")
})

story("what is typed while the browser opens a room is a draft there", async (stage) => {
  stage.expectTrouble(unreachable)
  const tea = await addChannel(stage, "tea")
  const alice = await arrive(stage)
  const { promise: opening, resolve } = Promise.withResolvers<Route>()
  await alice.route(new RegExp(`${tea.id}$`), (route) =>
    route.request().isNavigationRequest() ? resolve(route) : route.abort(),
  )
  await untilIntercepted(alice)

  // The page cannot load it, so the browser does.
  await channel(alice, "tea").click({ noWaitAfter: true })
  const page = await opening
  await alice.keyboard.type("tea?")
  await page.continue()
  await alice.locator("#room-name").getByText("tea").waitFor()

  await eventually(() => composer(alice).inputValue(), "tea?")
  await go(alice, "general")
  expect(await composer(alice).inputValue()).toBe("")
})

story("the list shows at once where one goes, and keys go on from there", async (stage) => {
  const tea = await addChannel(stage, "tea")
  const cocoa = await addChannel(stage, "cocoa")
  const alice = await arrive(stage)
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
  const alice = await arrive(stage)
  await live(bob)
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

story("one can write again after coming back from a page that has no room", async (stage) => {
  const { client } = stage.cast.alice
  const { id: serverId } = expectData(await client.mutate("createServer", { name: "Bare" }))
  const channels = expectData(await client.query("getChannels", { serverId }))
  for (const { id } of channels) expectData(await client.mutate("deleteChannel", { channelId: id }))
  const alice = await arrive(stage, { isWhole: true })
  await alice.evaluate("window.isSamePage = true")

  await alice.getByRole("link", { name: "Bare" }).click()
  await alice.locator("#room").waitFor({ state: "detached" })
  await alice.goBack({ waitUntil: "commit" })
  await live(alice)
  expect(await alice.evaluate("window.isSamePage")).toBe(true)
  await composer(alice).pressSequentially("back")
  expect(await composer(alice).inputValue()).toBe("back")
})

story("scheduling a message keeps the drafts of other rooms", async (stage) => {
  await addChannel(stage, "tea")
  const alice = await arrive(stage)
  await composer(alice).fill("draft")
  await go(alice, "tea")
  await composer(alice).fill("later")
  await alice.getByRole("button", { name: "Schedule", exact: true }).click()
  await alice.getByRole("dialog").getByRole("button", { name: "In 1 hour" }).click()
  await eventually(() => composer(alice).inputValue(), "")
  await alice.getByRole("dialog").getByRole("button", { name: "Close" }).click()

  await go(alice, "general")
  expect(await composer(alice).inputValue()).toBe("draft")
})
