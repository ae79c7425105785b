import { expect, spyOn, test } from "bun:test"
import { ListChanges } from "../../src/features/rooms/live/list-changes.ts"
import { createTestChat, expectData } from "../support/chat.ts"
import { until } from "../support/listen.ts"
import { hasTwoNodes } from "../support/two-nodes.ts"

test("a node without readers of a server hears of changes of its lists", async () => {
  using app = await createTestChat()
  const { cast, lab, room, second } = app
  let now = 0
  const changes = new ListChanges(second.sidekick, { now: () => now })
  const agoMs = (place = room) => JSON.parse(changes.lastAround(place, cast.bob.id).fragment).agoMs
  now = 1000
  expect(agoMs()).toBe(1000)

  expectData(await cast.alice.client.mutate("createChannel", { serverId: lab.id, name: "new" }))

  await until("the node has heard of it", () => agoMs() === 0)
  expect(agoMs({ serverId: crypto.randomUUID(), channelId: crypto.randomUUID() })).toBe(1000)
})

test.skipIf(!hasTwoNodes)("a node that may have missed changes forgets what it has heard", async () => {
  using app = await createTestChat()
  const forget = spyOn(app.second.listChanges, "forget")

  app.second.node?.forgetCached()

  expect(forget).toHaveBeenCalledTimes(1)
})
