import { describe, expect, test } from "bun:test"
import { maxChannels } from "../../../src/features/channels/contract.ts"
import { insertChannel } from "../../../src/features/channels/store.ts"
import { createTestChat, expectData } from "../../support/chat.ts"
import { listen, until } from "../../support/listen.ts"
import { readRows } from "../../support/test-database.ts"

describe("creating a channel", () => {
  test("adds it to the server for everyone in it", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast

    const result = await alice.client.mutate("createChannel", { serverId: app.lab.id, name: "random" })

    const random = expectData(result)
    expect(random).toEqual({
      id: expect.any(String),
      serverId: app.lab.id,
      name: "random",
      topic: "",
      categoryId: null,
      position: 0,
      isPrivate: false,
      isReadOnly: false,
      isSynced: false,
      archivedAt: null,
      createdAt: expect.any(Date),
    })
    expect(result.resources).toEqual([
      `channels/server/${app.lab.id}`,
      `channel/${random.id}`,
      `auditLog/server/${app.lab.id}`,
    ])
    const seen = await bob.client.query("getChannels", { serverId: app.lab.id })
    expect(seen.data).toEqual([app.general, random])
  })

  test("is refused to members, and where there is no server", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast

    const byMember = await bob.client.mutate("createChannel", { serverId: app.lab.id, name: "bob's" })
    const nowhere = await alice.client.mutate("createChannel", { serverId: "none", name: "void" })

    expect(byMember.error?.code).toBe(403)
    expect(nowhere.error?.code).toBe(404)
    expect((await alice.client.query("getChannels", { serverId: app.lab.id })).data).toEqual([app.general])
  })

  test("is refused as 400 in a server that is full of them", async () => {
    using app = await createTestChat()
    const { client } = app.cast.alice
    const serverId = app.lab.id
    await app.chat.commits.decide(async (tx) => {
      for (let count = 2; count < maxChannels; count++) {
        await insertChannel(tx, {
          id: `${count}`,
          serverId,
          name: `${count}`,
          createdAt: new Date(),
        })
      }
    })
    expectData(await client.mutate("createChannel", { serverId, name: "the last" }))

    const result = await client.mutate("createChannel", { serverId, name: "one more" })

    expect(result.error?.code).toBe(400)
    expect((await client.query("getChannels", { serverId })).data).toHaveLength(maxChannels)
  })
})

describe("getChannels", () => {
  test("lists a server's channels, oldest first, and only those", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const den = expectData(await bob.client.mutate("createServer", { name: "Den" }))
    expectData(await bob.client.mutate("createChannel", { serverId: den.id, name: "elsewhere" }))
    const older = { id: "older", serverId: app.lab.id, name: "older", createdAt: new Date(1000) }
    const oldest = { id: "oldest", serverId: app.lab.id, name: "oldest", createdAt: new Date(0) }
    for (const channel of [older, oldest]) {
      await app.chat.commits.decide((tx) => insertChannel(tx, channel))
    }

    const result = await alice.client.query("getChannels", { serverId: app.lab.id })

    expect(result.data).toMatchObject([oldest, older, app.general])
    expect(result.resources).toEqual([`channels/server/${app.lab.id}`])
  })

  test("gives an outsider the same answer for an existing server and an unknown one", async () => {
    using app = await createTestChat()
    const { client } = app.cast.mallory

    const lab = await client.query("getChannels", { serverId: app.lab.id })
    const none = await client.query("getChannels", { serverId: "none" })

    expect(lab.error).toEqual({ code: 403, message: "You are not a member of this server" })
    expect(none).toEqual(lab)
  })
})

describe("renaming a channel", () => {
  test("is for the server's owner and changes nothing else", async () => {
    using app = await createTestChat()

    const result = await app.cast.alice.client.mutate("renameChannel", {
      channelId: app.general.id,
      name: "main",
    })

    expect(result.data).toEqual({ ...app.general, name: "main" })
    expect(result.resources).toEqual([
      `channels/server/${app.lab.id}`,
      `channel/${app.general.id}`,
      `auditLog/server/${app.lab.id}`,
    ])
  })

  test("is refused to members, and not found when unknown", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast

    const byMember = await bob.client.mutate("renameChannel", { channelId: app.general.id, name: "bob's" })
    const ofNone = await alice.client.mutate("renameChannel", { channelId: "none", name: "void" })

    expect(byMember.error?.code).toBe(403)
    expect(ofNone.error?.code).toBe(404)
    expect((await bob.client.query("getChannels", { serverId: app.lab.id })).data).toEqual([app.general])
  })
})

describe("deleting a channel", () => {
  test("takes its messages along and leaves other channels alone", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const random = expectData(
      await alice.client.mutate("createChannel", { serverId: app.lab.id, name: "random" }),
    )
    await (await listen(bob, app.room)).send("lost")
    await (await listen(bob, { ...app.room, channelId: random.id })).send("kept")

    const result = await alice.client.mutate("deleteChannel", { channelId: app.general.id })

    expect(result.data).toEqual(app.general)
    expect(result.resources).toEqual([
      `channels/server/${app.lab.id}`,
      `channel/${app.general.id}`,
      `auditLog/server/${app.lab.id}`,
    ])
    expect((await bob.client.query("getChannels", { serverId: app.lab.id })).data).toEqual([random])
    expect((await bob.client.query("getMessages", { channelId: app.general.id })).error?.code).toBe(404)
    const contents = await readRows(app.database, "select content from messages")
    expect(contents).toEqual([{ content: "kept" }])
  })

  test("notifies subscribers of the server's channels", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    await listen(bob, app.room) // who may listen to resources is known by the connections they hold
    const seen: (number | undefined)[] = []
    bob.client.listen("getChannels", { serverId: app.lab.id }, ({ data }) => seen.push(data?.length))
    await bob.client.query("getChannels", { serverId: app.lab.id })

    await alice.client.mutate("createChannel", { serverId: app.lab.id, name: "random" })
    await until("bob sees the new channel", () => seen.at(-1) === 2)
    await alice.client.mutate("deleteChannel", { channelId: app.general.id })

    await until("bob sees it gone", () => seen.at(-1) === 1)
  })

  test("is refused to members, and not found when unknown", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast

    const byMember = await bob.client.mutate("deleteChannel", { channelId: app.general.id })
    const ofNone = await alice.client.mutate("deleteChannel", { channelId: "none" })

    expect(byMember.error?.code).toBe(403)
    expect(ofNone.error?.code).toBe(404)
    expect((await bob.client.query("getChannels", { serverId: app.lab.id })).data).toEqual([app.general])
  })
})
