import { describe, expect, test } from "bun:test"
import { eq } from "drizzle-orm"
import { categoryOverwrites, channelOverwrites, serverMembers } from "../../../drizzle/schema.ts"
import {
  bitOf,
  defaultPermissions,
  type Permissions,
  permissionsOf,
} from "../../../src/features/permissions/bits.ts"
import { namesSeenBy, withCategories } from "../../support/categories.ts"
import { createTestChat, expectData, type TestChat } from "../../support/chat.ts"
import { listen, until } from "../../support/listen.ts"

const manage = defaultPermissions | permissionsOf("manageChannels")

/** Gives bob permissions in the server, as a role would. */
function allowBob({ chat, cast }: TestChat, permissions: Permissions) {
  return chat.commits.decide((tx) =>
    tx
      .update(serverMembers)
      .set({ permissions: Number(permissions) })
      .where(eq(serverMembers.userId, cast.bob.id))
      .run(),
  )
}

describe("who may manage channels", () => {
  const cases: [string, { inServer: Permissions; inOne?: "allow" | "deny" }, Record<string, boolean>][] = [
    ["a member", { inServer: defaultPermissions }, { create: false, createInOne: false, move: false }],
    ["a manager", { inServer: manage }, { create: true, createInOne: true, move: true, rename: true }],
    [
      "a manager whom the category denies it",
      { inServer: manage, inOne: "deny" },
      { create: true, createInOne: false, move: false, rename: false },
    ],
    [
      "a member whom only the category allows it",
      { inServer: defaultPermissions, inOne: "allow" },
      { create: false, createInOne: true, move: false, rename: true },
    ],
  ]
  test.each(cases)("%s", async (_who, { inServer, inOne }, expected) => {
    using app = await createTestChat()
    const { one, serverId } = await withCategories(app)
    const { bob } = app.cast
    await allowBob(app, inServer)
    if (inOne) {
      await app.chat.commits.decide((tx) =>
        tx
          .insert(categoryOverwrites)
          .values({
            ...{ categoryId: one.id, targetId: bob.id, kind: "member" },
            [inOne]: Number(bitOf.manageChannels),
          })
          .run(),
      )
    }

    const move = { id: app.general.id, position: 0, categoryId: one.id }
    const answers = {
      create: await bob.client.mutate("createChannel", { serverId, name: "new" }),
      createInOne: await bob.client.mutate("createChannel", { serverId, name: "new", categoryId: one.id }),
      move: await bob.client.mutate("moveChannels", { serverId, channels: [move] }),
      rename: await bob.client.mutate("renameCategory", { categoryId: one.id, name: "Eins" }),
    }

    for (const [name, allowed] of Object.entries(expected)) {
      const answer = answers[name as keyof typeof answers]
      expect({ name, code: answer.error?.code }).toEqual({ name, code: allowed ? undefined : 403 })
    }
  })
})

describe("presets", () => {
  test("private hides a channel at once from everyone but the member who set it, and public shows it again", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const channelId = app.general.id
    await listen(bob, app.room)
    const set = (isPrivate: boolean) => alice.client.mutate("setChannelAccess", { channelId, isPrivate })

    expect(expectData(await set(true))).toMatchObject({ isPrivate: true, isReadOnly: false })

    await until("bob's connection ends", () => bob.faults.length === 1)
    expect(await namesSeenBy(bob, app.lab.id)).toEqual([])
    expectData(await set(false))
    expect(await namesSeenBy(bob, app.lab.id)).toEqual(["general"])
    const left = await app.chat.db.select().from(channelOverwrites).all()
    expect(left).toEqual([]) // an overwrite that says nothing is not kept
  })

  test("read-only lets only those write who made it so, also when they are no administrators", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    await allowBob(app, manage)

    const news = expectData(
      await bob.client.mutate("createChannel", { serverId: app.lab.id, name: "news", isReadOnly: true }),
    )

    expect(news.isReadOnly).toBe(true)
    const written = await app.chat.db
      .select({ kind: channelOverwrites.kind, allow: channelOverwrites.allow, deny: channelOverwrites.deny })
      .from(channelOverwrites)
      .all()
    const own = permissionsOf("viewChannel", "readHistory", "sendMessages", "sendInThreads")
    expect(written.toSorted((a, b) => a.allow - b.allow)).toEqual([
      { kind: "everyone", allow: 0, deny: Number(bitOf.sendMessages) },
      { kind: "member", allow: Number(own), deny: 0 },
    ])
  })

  test("need the permission to manage roles too", async () => {
    using app = await createTestChat()
    await allowBob(app, manage)
    const preset = { channelId: app.general.id, isPrivate: true }
    expect((await app.cast.bob.client.mutate("setChannelAccess", preset)).error?.code).toBe(403)

    await allowBob(app, manage | permissionsOf("manageRoles"))
    expectData(await app.cast.bob.client.mutate("setChannelAccess", preset))

    // Without this he would have locked himself out.
    expect(await namesSeenBy(app.cast.bob, app.lab.id)).toEqual(["general"])
  })
})
