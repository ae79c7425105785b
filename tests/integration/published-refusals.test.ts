import { describe, expect, setDefaultTimeout, test } from "bun:test"
import { expectData } from "../support/chat.ts"
import { until } from "../support/listen.ts"
import { clientOf, enter, patience } from "../support/published.ts"
import { createTestServer } from "../support/server.ts"

setDefaultTimeout(60_000)

describe("a refusal", () => {
  test("by a procedure has its code and the invalid fields", async () => {
    using server = await createTestServer()
    const { lab, room } = server
    const [stranger, mallory, bob] = [clientOf(server), clientOf(server, "mallory"), clientOf(server, "bob")]
    const codes = [
      await stranger.query("getServers", null),
      await stranger.mutate("login", { username: "alice", password: "wrong" }),
      await mallory.query("getMessages", { channelId: room.channelId }),
      await bob.query("getMessages", { channelId: "nowhere" }),
      await bob.query("getMessages", { channelId: room.channelId, limit: 0 }),
      await bob.query("getMessages", { channelId: room.channelId, before: "a", after: "b" }),
      await bob.mutate("createChannel", { serverId: lab.id, name: "" }),
      await bob.query("noSuchProcedure", null).catch(() => ({ error: { code: 404 } })),
    ].map(({ error }) => error?.code)

    expect(codes).toEqual([401, 401, 403, 404, 400, 400, 400, 404])
    for (const client of [stranger, mallory, bob]) client.disconnect()
  })

  test("of a connect has its fault and a reason", async () => {
    using server = await createTestServer()
    const { room } = server
    const [stranger, mallory, bob] = [clientOf(server), clientOf(server, "mallory"), clientOf(server, "bob")]
    const refusals = [
      await stranger.connect("chat", room, {}),
      await mallory.connect("chat", room, {}),
      await bob.connect("chat", { ...room, serverId: "elsewhere" }, {}),
      await bob.connect("chat", { channelId: room.channelId }, {}),
      await bob.connect("chat", room, { after: "yesterday" }),
      await bob.connect("noSuchChannel", room, {}),
    ]

    expect(refusals.map(({ success, error }) => [success, error?.fault, error?.message])).toEqual([
      [false, "client", "Log in first"],
      [false, "client", "You are not a member of this server"],
      [false, "client", "There is no such channel"],
      [false, "client", expect.stringContaining("serverId, channelId")],
      [false, "client", expect.stringContaining("after")],
      [false, "client", expect.stringContaining("noSuchChannel")],
    ])
    for (const client of [stranger, mallory, bob]) client.disconnect()
  })

  test("of a message says why", async () => {
    using server = await createTestServer()
    const { room, cast, lab } = server
    const bob = clientOf(server, "bob")
    const there = await enter(bob, room)
    const other = expectData(
      await cast.alice.client.mutate("createChannel", { serverId: lab.id, name: "other" }),
    )
    const elsewhere = { ...room, channelId: other.id }

    expect(await refusalOf(bob, () => there.send(""))).toContain("Write something")
    // The token decides where a message goes, not the frame.
    const toElsewhere = () => bob.send("chat", elsewhere, there.token, { content: "hi" })
    expect(await refusalOf(bob, toElsewhere)).toContain("another channel")
    const asPresence = () => bob.send("presence", room, there.token, { status: "typing" })
    expect(await refusalOf(bob, asPresence)).toContain("another channel")
    const stolen = clientOf(server, "mallory")
    const withStolen = () => stolen.send("chat", room, there.token, { content: "hi" })
    expect(await refusalOf(stolen, withStolen)).toContain("in use elsewhere")

    await there.send("fine")
    await until("it is stored", () => there.heard.length === 1, patience)
    const { data } = await bob.query("getMessages", { channelId: room.channelId })
    expect((data as { content: string }[]).map(({ content }) => content)).toEqual(["fine"])
    bob.disconnect()
    stolen.disconnect()
  })

  test("after an eviction has the eviction's reason, not an unknown token", async () => {
    using server = await createTestServer()
    const { lab, cast, room } = server
    const bob = clientOf(server, "bob")
    const there = await enter(bob, room)

    expectData(await cast.alice.client.mutate("removeMember", { serverId: lab.id, userId: cast.bob.id }))
    await until("bob is refused", () => bob.faults().length === 1, patience)

    const refusal = await refusalOf(bob, () => there.send("still here"))
    expect(refusal).toBe("You are no longer a member of this server")
    bob.disconnect()
  })
})

/** Why a message was refused. The client itself takes it for stored after a tenth of a second, which a busy machine exceeds. */
async function refusalOf(client: ReturnType<typeof clientOf>, send: () => Promise<void>): Promise<string> {
  const before = client.frames.length
  const refusal = () => client.frames.slice(before).find(({ error }) => error)?.error
  await send().catch(() => {})
  await until("it is refused", () => refusal() !== undefined, patience)
  return refusal()?.message ?? ""
}
