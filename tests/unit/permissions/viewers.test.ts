import { describe, expect, test } from "bun:test"
import { eq } from "drizzle-orm"
import { roles } from "../../../drizzle/schema.ts"
import { refreshHolders } from "../../../src/features/permissions/derived.ts"
import { createTestChat, expectData, type Person, type TestChat } from "../../support/chat.ts"
import { hearPresence, listen } from "../../support/listen.ts"
import { changeRights, giveRole, makePrivate, setOverwrite, setRole, takeRole } from "../../support/rights.ts"
import { readRows } from "../../support/test-database.ts"

const lost = { code: 403, message: "You may no longer view this channel" }

interface Loss {
  what: string
  /** Does bob see the server's other channel afterwards? */
  keepsOther: boolean
  /** Returns what makes bob, and not alice, lose the view of the channel. */
  prepare(app: TestChat): Promise<() => Promise<void>>
}

const losses: Loss[] = [
  {
    what: "a channel is made private",
    keepsOther: true,
    prepare: async (app) => () => makePrivate(app, app.general.id),
  },
  {
    what: "everyone loses the right in the server",
    keepsOther: false,
    prepare: async (app) => () => setRole(app, app.lab.id, ["sendMessages", "readHistory"]),
  },
  {
    what: "a role is taken",
    keepsOther: true,
    async prepare(app) {
      const roleId = await giveRole(app, [app.cast.bob.id])
      await setOverwrite(app, {
        channelId: app.general.id,
        targetId: roleId,
        kind: "role",
        allow: ["viewChannel"],
      })
      await makePrivate(app, app.general.id)
      return () => takeRole(app, app.cast.bob.id, roleId)
    },
  },
  {
    what: "a role is deleted",
    keepsOther: true,
    async prepare(app) {
      const roleId = await giveRole(app, [app.cast.bob.id], ["administrator"])
      await makePrivate(app, app.general.id)
      return () =>
        changeRights(app, { serverId: app.lab.id, roleId }, async (tx) => {
          await tx.update(roles).set({ permissions: 0 }).where(eq(roles.id, roleId)).run()
          await refreshHolders(tx, app.lab.id, roleId)
          await tx.delete(roles).where(eq(roles.id, roleId)).run()
        })
    },
  },
  {
    what: "a member is denied",
    keepsOther: true,
    prepare: async (app) => () => {
      const of = { channelId: app.general.id, targetId: app.cast.bob.id, kind: "member" } as const
      return setOverwrite(app, { ...of, deny: ["viewChannel"] })
    },
  },
]

describe.each(losses)("when $what", ({ prepare, keepsOther }) => {
  test("members who lose the view get nothing more, and others stay connected", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const random = expectData(
      await alice.client.mutate("createChannel", { serverId: app.lab.id, name: "random" }),
    )
    const lose = await prepare(app)
    const [alices, bobs] = [await listen(alice, app.room), await listen(bob, app.room)]
    const thread = await openThread(bob, bobs.send)
    const inThread = await listen(bob, { ...app.room, channelId: thread })
    await hearPresence(bob, app.general.id)
    const unused = await bob.client.connect("chat", app.room, { username: "bob" })
    await alices.send("before")
    expect(bobs.heard).not.toEqual([]) // or the next assertions prove nothing
    const heard = bobs.heard.length

    await lose()
    await alices.send("after")
    const sent = await bobs.send("mine").catch(({ fault }) => fault)
    const sentUnused = await bob.client
      .send("chat", app.room, unused.token ?? "", { content: "mine" })
      .catch(({ fault }) => fault)

    expect(alices.heard.at(-1)).toMatchObject({ content: "after" })
    expect(alice.faults).toEqual([])
    expect(bobs.heard).toHaveLength(heard)
    expect([sent, sentUnused]).toEqual(["client", "client"])
    expect(bob.faults.map(({ channel }) => channel).toSorted()).toEqual(["chat", "chat", "presence"])
    for (const fault of bob.faults) expect(fault).toMatchObject({ fault: "client", ...lost })
    expect(await inThread.send("mine").catch(({ fault }) => fault)).toBe("client")
    const again = await bob.client.connect("chat", app.room, { username: "bob" })
    expect(again.error).toMatchObject({ code: 403 })
    const elsewhere = await bob.client.connect(
      "chat",
      { ...app.room, channelId: random.id },
      { username: "bob" },
    )
    expect(elsewhere.success).toBe(keepsOther)
  })
})

test("in a large server everyone has to reconnect, and only members with access can", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const [alices, bobs] = [await listen(alice, app.room), await listen(bob, app.room)]

  await makePrivate(app, app.general.id, { maxPairs: 0 })
  await alices.send("not connected").catch(() => {})

  expect([...alice.faults, ...bob.faults].map(({ code }) => code)).toEqual([503, 503])
  expect(bobs.heard).toEqual([])
  expect((await alice.client.connect("chat", app.room, { username: "alice" })).success).toBe(true)
  expect((await bob.client.connect("chat", app.room, { username: "bob" })).error).toMatchObject({ code: 403 })
})

test("in a large server a change of another right ends nothing", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const [alices, bobs] = [await listen(alice, app.room), await listen(bob, app.room)]
  const everyone = app.lab.id

  await setRole(app, everyone, ["viewChannel", "readHistory"], { maxPairs: 0 })
  await setOverwrite(
    app,
    { channelId: app.general.id, targetId: everyone, deny: ["addReactions"] },
    { maxPairs: 0 },
  )
  await alices.send("still here")

  expect(bobs.heard).toHaveLength(1)
  expect(await readRows(app.database, "select * from access_log")).toEqual([])
})

test("the log of ended access names the members who lost it, once for all channels with the same overwrites", async () => {
  using app = await createTestChat()
  const { bob } = app.cast
  const random = expectData(
    await app.cast.alice.client.mutate("createChannel", { serverId: app.lab.id, name: "random" }),
  )

  await setRole(app, app.lab.id, ["sendMessages"])

  const [entry, ...more] = await readRows(app.database, "select access from access_log")
  const { channelIds, ...access } = JSON.parse(String(entry?.access))
  expect(access).toEqual({ of: "view", serverId: app.lab.id, userIds: [bob.id] })
  expect(channelIds.toSorted()).toEqual([app.general.id, random.id].toSorted())
  expect(more).toEqual([])
})

/** A thread that someone opens. */
async function openThread({ client }: Person, send: (content: string, id: string) => Promise<unknown>) {
  const messageId = crypto.randomUUID()
  await send("a topic", messageId)
  return expectData(await client.mutate("createThread", { messageId })).id
}
