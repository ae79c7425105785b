import { expect } from "bun:test"
import type { Page } from "playwright-core"
import { story, unreachable } from "../support/browser.ts"
import { expectData } from "../support/chat.ts"
import { expectAccessible } from "./accessible.ts"
import { composer, live, say } from "./room.ts"

/** The link to a channel in the list, by its accessible name. */
const way = (page: Page, name: string) =>
  page.getByRole("navigation", { name: "Channels" }).getByRole("link", { name, exact: true })

story("the list marks channels with drafts, in every tab", async (stage) => {
  const { cast, lab, open, roomPath, expectTrouble } = stage
  expectTrouble(unreachable)
  expectData(await cast.alice.client.mutate("createChannel", { serverId: lab.id, name: "random" }))
  const proxy = await stage.proxy()
  const alice = await open(cast.alice, { url: proxy.origin })
  await live(alice)
  await way(alice, "general").waitFor()

  await composer(alice).fill("half a thought")
  await way(alice, "general (draft)").waitFor()
  const other = await alice.context().newPage()
  await other.goto(roomPath)
  await way(other, "random").click()
  await live(other)
  await way(other, "general (draft)").waitFor()
  await expectAccessible(other, "a list with a draft")
  await other.setViewportSize({ width: 1280, height: 800 })
  await composer(alice).fill("")
  await way(other, "general").waitFor()
  await composer(alice).fill("again")
  await way(other, "general (draft)").waitFor()

  // The list is replaced; the mark stays.
  expectData(await cast.alice.client.mutate("createChannel", { serverId: lab.id, name: "more" }))
  await way(other, "more").waitFor()
  await way(other, "general (draft)").waitFor()
  expect(await way(other, "more").locator(".drafted").count()).toBe(0)

  proxy.cut()
  await alice.locator("#room:not([data-live])").waitFor()
  await say(alice, "sent without a connection")
  await way(alice, "general (not sent)").waitFor()
  proxy.restore()
  await live(alice)
  await way(alice, "general").waitFor()
})
