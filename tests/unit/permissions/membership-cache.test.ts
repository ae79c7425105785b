import { Database as Sqlite } from "bun:sqlite"
import { expect, test } from "bun:test"
import { createTestChat, expectData } from "../../support/chat.ts"
import { testOnSqlite } from "../../support/test-database.ts"

test("a removed member is refused at once", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const { memberships } = app.chat
  const isIn = async () => (await memberships.find(bob, app.general.id))?.standing.isMember
  expect(await isIn()).toBe(true)

  expectData(await alice.client.mutate("removeMember", { serverId: app.lab.id, userId: bob.id }))
  expect(await isIn()).toBe(false)

  const invite = expectData(await alice.client.mutate("createInvite", { serverId: app.lab.id, maxUses: 1 }))
  expectData(await bob.client.mutate("joinServer", { code: invite.code }))
  expect(await isIn()).toBe(true)
})

testOnSqlite("a member whom another program removed is refused in the next turn", async () => {
  using app = await createTestChat()
  const { bob } = app.cast
  const isIn = async () => (await app.chat.memberships.find(bob, app.general.id))?.standing.isMember
  expect(await isIn()).toBe(true)

  const other = new Sqlite(app.path)
  other.run("delete from server_members where user_id = ?", [bob.id])
  other.close()
  await new Promise((resolve) => setImmediate(resolve))
  expect(await isIn()).toBe(false)
})

test("a deleted channel is not found", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const { id } = expectData(
    await alice.client.mutate("createChannel", { serverId: app.lab.id, name: "attic" }),
  )
  expect((await app.chat.memberships.find(bob, id))?.standing.isMember).toBe(true)
  expect((await app.chat.memberships.find(app.cast.mallory, id))?.standing.isMember).toBe(false)

  expectData(await alice.client.mutate("deleteChannel", { channelId: id }))

  expect(await app.chat.memberships.find(bob, id)).toBeUndefined()
})
