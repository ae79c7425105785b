import { expect, test } from "bun:test"
import { ListChanges } from "../../src/features/rooms/live/list-changes.ts"
import { InternalSidekick } from "../../src/kernel/index.ts"

const room = { serverId: "lab", channelId: "general" }
const lag = { maxLagMs: 30 }

/** Changes that are announced by `announce`, by a clock that starts at `at.ms`. */
function createChanges(options?: ConstructorParameters<typeof ListChanges>[1]) {
  const sidekick = new InternalSidekick()
  const at = { ms: 1000 }
  const changes = new ListChanges(sidekick, { ...options, now: () => at.ms })
  const announce = (...resources: string[]) => sidekick.getConnectionFromServer().update(resources)
  const agoMs = (userId = "bob") => JSON.parse(changes.lastAround(room, userId).fragment).agoMs
  return { changes, at, announce, agoMs }
}

test("lists may have changed until the node has begun to hear of changes", () => {
  const { at, agoMs } = createChanges()

  at.ms = 1500.9

  expect(agoMs()).toBe(500)
})

for (const name of [
  ...["server/lab", "channels/server/lab", "members/server/lab", "reports/server/lab", "channel/general"],
  ...["servers/user/bob", "conversations/user/bob"],
]) {
  test(`a change of ${name} is one of the lists around bob's room`, async () => {
    const { at, announce, agoMs } = createChanges()
    at.ms = 2000
    await announce(name)

    at.ms = 2007

    expect(agoMs()).toBe(7)
  })
}

test("other changes are none of the lists around a room", async () => {
  const { at, announce, agoMs } = createChanges()
  at.ms = 2000

  await announce("channels/server/other", "channel/random", "servers/user/alice", "messages/channel/general")

  expect(agoMs()).toBe(1000)
  await announce("servers/user/bob")
  expect(agoMs()).toBe(0)
  expect(agoMs("mallory")).toBe(1000)
})

test("the last of several changes counts", async () => {
  const { at, announce, agoMs } = createChanges()
  await announce("channels/server/lab", "members/server/lab")
  at.ms = 2000
  await announce("channels/server/lab")

  at.ms = 2500

  expect(agoMs()).toBe(500)
})

test("a page of another node may be older than what was heard", async () => {
  const { at, announce, agoMs } = createChanges(lag)
  at.ms = 2000
  await announce("channels/server/lab")
  expect(agoMs()).toBe(0)

  at.ms = 2100

  expect(agoMs()).toBe(70)
})

test("where changes may have been missed, all lists may have changed", () => {
  const { at, changes, agoMs } = createChanges()
  at.ms = 2000

  changes.forget()

  at.ms = 2020
  expect(agoMs()).toBe(20)
})

test("of many changes the oldest are forgotten, which may have been of any list", async () => {
  const { at, announce, agoMs } = createChanges()
  at.ms = 2000
  await announce("channels/server/1")
  at.ms = 3000
  const names = Array.from({ length: 9999 }, (_, number) => `channels/server/${number + 2}`)
  await announce(...names)
  expect(agoMs()).toBe(2000)

  await announce("channels/server/new")

  expect(agoMs()).toBe(1000)
})
