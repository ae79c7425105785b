import { describe, expect, test } from "bun:test"
import type { Permission } from "../../../src/features/permissions/bits.ts"
import { createTestChat, expectData, type TestChat } from "../../support/chat.ts"
import { hearPresence, listen } from "../../support/listen.ts"
import { giveRole, setOverwrite } from "../../support/rights.ts"
import { changeRows } from "../../support/test-database.ts"

const deny = (app: TestChat, ...bits: Permission[]) =>
  setOverwrite(app, { channelId: app.general.id, targetId: app.lab.id, deny: bits })

describe("reactions", () => {
  test("without the permission choose what somebody chose before, and nothing new", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const messageId = await say(app)
    expectData(await alice.client.mutate("addReaction", { messageId, emoji: "👍" }))

    await deny(app, "addReactions")
    const alike = await bob.client.mutate("toggleReaction", { messageId, emoji: "👍" })
    const added = await bob.client.mutate("toggleReaction", { messageId, emoji: "🎉" })

    expect(expectData(alike).extras?.reactions).toMatchObject([{ emoji: "👍", count: 2 }])
    expect(added.error).toMatchObject({
      code: 403,
      message: "You do not have the permission “Add reactions”",
    })
  })
})

describe("threads", () => {
  test("without the permission are gone to where they are, and not begun", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const [one, two] = [await say(app), await say(app)]
    const thread = expectData(await alice.client.mutate("createThread", { messageId: one }))

    await deny(app, "createThreads")

    expect(expectData(await bob.client.mutate("createThread", { messageId: one })).id).toBe(thread.id)
    expect((await bob.client.mutate("createThread", { messageId: two })).error).toMatchObject({ code: 403 })
  })

  test("take messages with a permission of their own, and none in a channel that is locked or archived", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const { id } = expectData(await alice.client.mutate("createThread", { messageId: await say(app) }))
    const room = { ...app.room, channelId: id }
    const { send } = await listen(bob, room)

    await deny(app, "sendMessages")
    await send("with the permission for threads")
    await deny(app, "sendInThreads")
    expect(await send("without").catch(({ code }) => code)).toBe(403)
    await deny(app)
    for (const column of ["locked_at", "archived_at"]) {
      const set = (value: string) =>
        changeRows(app.database, `update channels set ${column} = ${value} where id = '${app.general.id}'`)
      await set("1")
      expect(await send(column).catch(({ code }) => code)).toBe(403)
      await set("null")
    }
    await send("open again")
  })

  test("are managed with a permission of their own", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const thread = expectData(await alice.client.mutate("createThread", { messageId: await say(app) }))
    await giveRole(app, [bob.id], ["manageThreads"])

    const renamed = await bob.client.mutate("renameChannel", { channelId: thread.id, name: "better" })
    const channel = await bob.client.mutate("renameChannel", { channelId: app.general.id, name: "worse" })

    expect(expectData(renamed).name).toBe("better")
    expect(channel.error).toMatchObject({
      code: 403,
      message: "You do not have the permission “Manage channels”",
    })
  })
})

test("members who may not send are not shown as typing", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const heard = await hearPresence(alice, app.general.id)
  const { say: tell } = await hearPresence(bob, app.general.id)
  const typing = () => heard.heard.filter(({ status }) => status === "typing")
  await tell("typing")
  expect(typing()).toHaveLength(1)

  await deny(app, "sendMessages")
  await tell("typing")

  expect(typing()).toHaveLength(1)
})

test("a right that was taken ends what moderators do to messages", async () => {
  using app = await createTestChat()
  const { bob } = app.cast
  const messageId = await say(app)
  const role = await giveRole(app, [bob.id], ["pinMessages", "manageMessages"])
  expectData(await bob.client.mutate("pinMessage", { messageId }))

  await setOverwrite(app, {
    ...{ channelId: app.general.id, targetId: role, kind: "role" },
    deny: ["pinMessages", "manageMessages"],
  })

  for (const name of ["unpinMessage", "deleteMessage"] as const)
    expect((await bob.client.mutate(name, { messageId })).error).toMatchObject({ code: 403 })
})

/** Something that alice says; returns its id. */
async function say({ cast, room }: TestChat): Promise<string> {
  const { send, stop } = await listen(cast.alice, room)
  const id = crypto.randomUUID()
  await send("hello", id)
  stop()
  return id
}
