import { expect, test } from "bun:test"
import { topicOf } from "../../src/kernel/index.ts"
import { createTestChat } from "../support/chat.ts"

test("a feed whose last page leaves while its servers are read follows none of them", async () => {
  using app = await createTestChat()
  const { userFeeds, sidekick } = app.chat
  const news = topicOf("activity", { serverId: app.lab.id })
  const feed = await userFeeds.acquire(app.cast.bob.id)
  expect(sidekick.hasSubscribers(news)).toBe(true)

  const following = feed.followServers()
  userFeeds.release(feed)
  await following

  expect(sidekick.hasSubscribers(news)).toBe(false)
})
