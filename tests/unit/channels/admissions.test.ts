import { Database } from "bun:sqlite"
import { expect, test } from "bun:test"
import { createTestChat, expectData } from "../../support/chat.ts"

test("whoever was let in before is let in no more once they have been removed, however it came", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const { admissions } = app.chat
  const isIn = () => admissions.find(bob.id, app.general.id)?.isMember
  expect(isIn()).toBe(true)

  expectData(await alice.client.mutate("removeMember", { serverId: app.lab.id, userId: bob.id }))
  expect(isIn()).toBe(false)

  const invite = expectData(await alice.client.mutate("createInvite", { serverId: app.lab.id, maxUses: 1 }))
  expectData(await bob.client.mutate("joinServer", { code: invite.code }))
  expect(isIn()).toBe(true)

  // By another process, which this one only learns of by asking.
  const other = new Database(app.path)
  other.run("delete from server_members where user_id = ?", [bob.id])
  other.close()
  await new Promise((resolve) => setImmediate(resolve))
  expect(isIn()).toBe(false)
})

test("a channel that is gone is not there for whoever was in it", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const { id } = expectData(
    await alice.client.mutate("createChannel", { serverId: app.lab.id, name: "attic" }),
  )
  expect(app.chat.admissions.find(bob.id, id)?.isMember).toBe(true)
  expect(app.chat.admissions.find(app.cast.mallory.id, id)?.isMember).toBe(false)

  expectData(await alice.client.mutate("deleteChannel", { channelId: id }))

  expect(app.chat.admissions.find(bob.id, id)).toBeUndefined()
})
