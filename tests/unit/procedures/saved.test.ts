import { expect, test } from "bun:test"
import { createTestChat, expectData, type Person } from "../../support/chat.ts"
import { listen } from "../../support/listen.ts"
import { say } from "../../support/say.ts"

const save = async ({ client }: Person, messageId: string) =>
  expectData(await client.mutate("saveMessage", { messageId }))
const savedOf = async ({ client }: Person, asked: { before?: string; limit?: number } = {}) =>
  expectData(await client.query("getSavedMessages", asked)).map(({ message }) => message.content)

test("saved messages are private, last saved first, page by page, and not announced", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const ids = [await say(app, alice, "one"), await say(app, alice, "two"), await say(app, bob, "three")]
  const { heard } = await listen(alice, app.room)

  for (const id of [...ids, ids[0] ?? ""]) await save(bob, id)

  expect((await savedOf(bob)).toSorted()).toEqual(["one", "three", "two"])
  const [first] = expectData(await bob.client.query("getSavedMessages", { limit: 1 }))
  expect(first).toMatchObject({ serverName: "Lab", channelName: "general", savedAt: expect.any(Date) })
  const rest = await savedOf(bob, { before: first?.message.id ?? "" })
  expect([first?.message.content, ...rest]).toEqual(await savedOf(bob))
  expect(await savedOf(alice)).toEqual([])
  expect(heard).toEqual([])

  expectData(await bob.client.mutate("unsaveMessage", { messageId: ids[1] ?? "" }))
  expect((await savedOf(bob)).toSorted()).toEqual(["one", "three"])
})

test("unreadable messages are hidden until they are readable again; deleted ones are gone", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const [kept, gone] = [await say(app, alice, "kept"), await say(app, alice, "gone")]
  for (const id of [kept, gone]) await save(bob, id)
  expectData(await alice.client.mutate("deleteMessage", { messageId: gone }))
  expect(await savedOf(bob)).toEqual(["kept"])

  expectData(await alice.client.mutate("removeMember", { serverId: app.lab.id, userId: bob.id }))
  expect(await savedOf(bob)).toEqual([])
  const { code } = expectData(await alice.client.mutate("createInvite", { serverId: app.lab.id }))
  expectData(await bob.client.mutate("joinServer", { code }))

  expect(await savedOf(bob)).toEqual(["kept"])
  expect((await bob.client.mutate("saveMessage", { messageId: gone })).error?.code).toBe(410)
})
