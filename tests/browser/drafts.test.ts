import { expect } from "bun:test"
import { story, unreachable } from "../support/browser.ts"
import { expectData } from "../support/chat.ts"
import { expectAccessible } from "./accessible.ts"
import { channelLink, composer, live, say } from "./room.ts"

story("the list marks channels with drafts, in every tab", async (stage) => {
  const { cast, lab, open, roomPath, expectTrouble } = stage
  expectTrouble(unreachable)
  expectData(await cast.alice.client.mutate("createChannel", { serverId: lab.id, name: "random" }))
  const proxy = await stage.proxy()
  const alice = await open(cast.alice, { url: proxy.origin })
  await live(alice)
  await channelLink(alice, "general").waitFor()

  await composer(alice).fill("half a thought")
  await channelLink(alice, "general (draft)").waitFor()
  const other = await alice.context().newPage()
  await other.goto(roomPath)
  await channelLink(other, "random").click()
  await live(other)
  await channelLink(other, "general (draft)").waitFor()
  await expectAccessible(other, "a list with a draft")
  await other.setViewportSize({ width: 1280, height: 800 })
  await composer(alice).fill("")
  await channelLink(other, "general").waitFor()
  await composer(alice).fill("again")
  await channelLink(other, "general (draft)").waitFor()

  // The list is replaced; the mark stays.
  expectData(await cast.alice.client.mutate("createChannel", { serverId: lab.id, name: "more" }))
  await channelLink(other, "more").waitFor()
  await channelLink(other, "general (draft)").waitFor()
  expect(await channelLink(other, "more").locator(".drafted").count()).toBe(0)

  proxy.cut()
  await alice.locator("#room:not([data-live])").waitFor()
  await say(alice, "sent without a connection")
  await channelLink(alice, "general (not sent)").waitFor()
  proxy.restore()
  await live(alice)
  await channelLink(alice, "general").waitFor()
})
