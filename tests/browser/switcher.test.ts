import { expect } from "bun:test"
import type { Page } from "playwright-core"
import { channels, serverMembers } from "../../drizzle/schema.ts"
import { type Stage, story } from "../support/browser.ts"
import { appear, expectData } from "../support/chat.ts"
import { cpuMs } from "../support/cpu.ts"
import { expectAccessible } from "./accessible.ts"
import { composer, eventually, live, message, say } from "./room.ts"

const switcher = (page: Page) => page.getByRole("dialog", { name: "Go to" })
const box = (page: Page) => switcher(page).getByRole("combobox", { name: "Server, channel or person" })
/** The results, from the top. */
const offered = (page: Page) => switcher(page).getByRole("option").locator(".name").allInnerTexts()
/** The result that Enter would open: the active descendant of the text box. */
const chosen = async (page: Page) => {
  const id = await box(page).getAttribute("aria-activedescendant")
  const option = switcher(page).locator(`#${id ?? "none"}[aria-selected="true"]`)
  return (await option.count()) > 0 ? option.locator(".name").textContent() : undefined
}
const room = (page: Page) => page.locator("#room-name").textContent()

story("Ctrl+K finds channels, servers and people, by keyboard alone", async (stage) => {
  const { cast, open, lab } = stage
  await makeChannels(stage, "random", "größe", "quiet")
  const den = expectData(await cast.alice.client.mutate("createServer", { name: "Book Club" }))
  expectData(await cast.alice.client.mutate("createChannel", { serverId: den.id, name: "reading" }))
  const alice = await open(cast.alice)
  await live(alice)
  await composer(alice).fill("half a thought")

  // No letter goes elsewhere while it opens.
  await alice.keyboard.press("ControlOrMeta+k")
  await alice.keyboard.type("GROSS")
  await alice.keyboard.press("Enter")
  await alice.waitForURL((url) => url.pathname !== stage.roomPath)
  await eventually(() => room(alice), "größe")
  await live(alice)

  // The last channel is first, and marked for its draft.
  await alice.keyboard.press("ControlOrMeta+k")
  await eventually(() => chosen(alice), "general")
  await switcher(alice).getByRole("option", { name: "general Lab (draft)" }).waitFor()
  expect(await offered(alice)).not.toContain("größe")
  await expectAccessible(alice, "the switcher")
  await alice.setViewportSize({ width: 1280, height: 800 })
  await alice.keyboard.type("rand")
  await eventually(() => offered(alice), ["random"])
  await alice.keyboard.press("Escape")
  await switcher(alice).waitFor({ state: "hidden" })
  await eventually(() => composer(alice).evaluate((element) => element.matches(":focus")), true)

  await alice.getByRole("link", { name: "Go to…" }).click()
  await box(alice).fill("r")
  await eventually(() => chosen(alice), "random")
  await alice.keyboard.press("ArrowDown")
  await eventually(() => chosen(alice), "reading")
  await alice.keyboard.press("ArrowUp")
  await alice.keyboard.press("ArrowUp")
  expect(await chosen(alice)).toBe((await offered(alice)).at(-1) ?? "")
  await box(alice).fill("no such place")
  await switcher(alice).getByRole("status").getByText("No results").waitFor()
  expect(await box(alice).getAttribute("aria-expanded")).toBe("false")
  await expectAccessible(alice, "the switcher without a find")
  await alice.setViewportSize({ width: 1280, height: 800 })
  await box(alice).fill("book")
  await eventually(() => chosen(alice), "Book Club")
  await alice.keyboard.press("Enter")
  await alice.waitForURL((url) => url.pathname.startsWith(`/servers/${den.id}/`))
  await live(alice)

  // A person: Enter opens the conversation, which does not exist before.
  await alice.keyboard.press("ControlOrMeta+k")
  await alice.keyboard.type("@bo")
  await eventually(() => chosen(alice), "bob")
  expect(expectData(await cast.alice.client.query("getConversations", null))).toEqual([])
  await alice.keyboard.press("Enter")
  await eventually(() => room(alice), "bob")
  await live(alice)
  await say(alice, "hello")
  await message(alice, "hello").waitFor()
  expect(lab.id).not.toBe(den.id)
})

story("the best match is first, and without JavaScript it is a page", async (stage) => {
  const { cast, open } = stage
  const [random, quiet] = await makeChannels(stage, "random", "quiet")
  const bob = await open(cast.bob)
  await live(bob)
  for (const [channelId, content] of [
    [random, "hello"],
    [quiet, "hey @bob"],
  ] as const) {
    const place = { serverId: stage.lab.id, channelId: channelId ?? "" }
    const { token } = await cast.alice.client.connect("chat", place, {})
    await cast.alice.client.send("chat", place, token ?? "", { content })
  }

  await composer(bob).press("ControlOrMeta+k")
  await eventually(() => offered(bob), ["quiet", "random"])
  await switcher(bob).getByRole("option", { name: "quiet Lab (1 unread, 1 for you)" }).waitFor()
  await bob.keyboard.press("ControlOrMeta+k")
  await switcher(bob).waitFor({ state: "hidden" })

  const plain = await open(cast.bob, { path: "/switch", javaScriptEnabled: false })
  await plain.getByRole("searchbox", { name: "Server, channel or person" }).fill("ali")
  await plain.getByRole("button", { name: "Find" }).click()
  await plain.getByRole("button", { name: /^alice/ }).click()
  await plain.getByRole("heading", { name: "alice" }).waitFor()
})

story("it is fast with a thousand members and two hundred channels", async (stage) => {
  const { cast, open, lab, chat } = stage
  const people = await Promise.all(Array.from({ length: 1000 }, (_, at) => appear(chat, `person${at}`)))
  const serverId = lab.id
  const topics = Array.from({ length: 200 }, (_, at) => ({
    id: crypto.randomUUID(),
    serverId,
    name: `topic-${at}`,
  }))
  await chat.commits.decide(async (tx) => {
    await tx.insert(serverMembers).values(people.map(({ id }) => ({ serverId, userId: id })))
    await tx.insert(channels).values(topics)
  })
  const alice = await open(cast.alice)
  await live(alice)

  await alice.keyboard.press("ControlOrMeta+k")
  await eventually(async () => (await offered(alice)).length, 20)
  await alice.keyboard.type("person99", { delay: 60 })
  await eventually(() => chosen(alice), "person99")
  await box(alice).fill("tpc199")
  await eventually(() => offered(alice), ["topic-199"])
  const headers = { authorization: `Bearer ${cast.alice.token}` }
  const search = async () => (await fetch(`${stage.origin}/switch?q=person99`, { headers })).text()
  expect(await search()).toContain("person99")
  expect(await cpuMs(search)).toBeLessThan(50)
})

async function makeChannels({ cast, lab }: Stage, ...names: string[]): Promise<string[]> {
  const made: string[] = []
  for (const name of names)
    made.push(expectData(await cast.alice.client.mutate("createChannel", { serverId: lab.id, name })).id)
  return made
}
