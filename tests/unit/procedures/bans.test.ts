import { describe, expect, test } from "bun:test"
import { createTestChat, expectData, type TestChat } from "../../support/chat.ts"
import { listen } from "../../support/listen.ts"

const banned = { code: 403, message: "You are banned from this server. Ask its owner to lift the ban" }

describe("banning", () => {
  test("a member ends their membership and blocks every invite", async () => {
    using app = await createTestChat()
    const { alice, bob, mallory } = app.cast
    const serverId = app.lab.id
    const old = await invite(app, "alice")
    const bobs = await listen(bob, app.room)

    const result = await alice.client.mutate("banMember", { serverId, userId: bob.id, reason: " spam " })
    const recent = await invite(app, "alice")
    const joins = [await join(app, "bob", old), await join(app, "bob", recent)]

    expect(result.resources).toEqual([
      `members/server/${serverId}`,
      `servers/user/${bob.id}`,
      `invites/server/${serverId}`,
      `bans/server/${serverId}`,
      `auditLog/server/${serverId}`,
    ])
    expect(joins.map(({ error }) => error)).toEqual([banned, banned])
    expect(bob.faults).toMatchObject([{ code: 403 }])
    await expect(bobs.send("still here")).rejects.toThrow()
    expect((await bob.client.query("getServers", null)).data).toEqual([])
    expect((await join(app, "mallory", old)).success).toBe(true) // nobody else is meant
    expect((await mallory.client.query("getServers", null)).data).toEqual([app.lab])
    expect((await alice.client.query("getBans", { serverId })).data).toEqual([
      { userId: bob.id, username: "bob", reason: "spam", expiresAt: null, createdAt: expect.any(Date) },
    ])
  })

  test("works for a user who is not a member, and uses up no invite", async () => {
    using app = await createTestChat()
    const { alice, mallory } = app.cast
    const code = await invite(app, "alice")

    expectData(await alice.client.mutate("banMember", { serverId: app.lab.id, userId: mallory.id }))

    expect((await join(app, "mallory", code)).error).toEqual(banned)
    const { data: invites } = await alice.client.query("getInvites", { serverId: app.lab.id })
    expect(invites).toMatchObject([{ code, uses: 0 }])
  })

  test("is for the owner alone, of people who are there, not of oneself, with a reason that fits", async () => {
    using app = await createTestChat()
    const { alice, bob, mallory } = app.cast
    const serverId = app.lab.id
    const ban = (by: typeof alice, userId: string, reason?: string) =>
      by.client.mutate("banMember", { serverId, userId, reason })

    expect((await ban(bob, mallory.id)).error?.code).toBe(403)
    expect((await ban(mallory, alice.id)).error?.code).toBe(403)
    expect((await ban(alice, alice.id)).error).toEqual({ code: 400, message: "You cannot ban yourself" })
    expect((await ban(alice, "nobody")).error?.code).toBe(404)
    expect((await ban(alice, bob.id, "x".repeat(513))).error).toMatchObject({ issues: [{ path: "reason" }] })
    expect((await alice.client.query("getBans", { serverId })).data).toEqual([])
    expect((await alice.client.query("getMembers", { serverId })).data).toHaveLength(2)
  })

  test("again changes the reason", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const ban = { serverId: app.lab.id, userId: bob.id }
    expectData(await alice.client.mutate("banMember", ban))

    expectData(await alice.client.mutate("banMember", { ...ban, reason: "spam" }))

    const { data: bans } = await alice.client.query("getBans", { serverId: app.lab.id })
    expect(bans).toMatchObject([{ username: "bob", reason: "spam" }])
  })

  test("and joining at once end in one of the two, not in both", async () => {
    using app = await createTestChat()
    const { alice, mallory } = app.cast
    const code = await invite(app, "alice")
    const ban = { serverId: app.lab.id, userId: mallory.id }

    await Promise.all([join(app, "mallory", code), alice.client.mutate("banMember", ban)])

    expect((await mallory.client.query("getServers", null)).data).toEqual([])
  })

  test("holds in one server, not in others", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const den = expectData(await alice.client.mutate("createServer", { name: "Den" }))
    const { code } = expectData(await alice.client.mutate("createInvite", { serverId: den.id }))

    expectData(await alice.client.mutate("banMember", { serverId: app.lab.id, userId: bob.id }))

    expect((await join(app, "bob", code)).data).toEqual(den)
  })
})

describe("lifting a ban", () => {
  test("lets them join again, by an invite", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const ban = { serverId: app.lab.id, userId: bob.id }
    const code = await invite(app, "alice")
    expectData(await alice.client.mutate("banMember", ban))
    expect((await join(app, "bob", code)).error?.code).toBe(403)

    expectData(await alice.client.mutate("unbanMember", ban))

    expect((await bob.client.query("getServers", null)).data).toEqual([])
    expect((await join(app, "bob", code)).data).toEqual(app.lab)
  })

  test("is for the owner, of a ban that is there", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const ban = { serverId: app.lab.id, userId: bob.id }

    const none = await alice.client.mutate("unbanMember", ban)
    expectData(await alice.client.mutate("banMember", ban))
    const byOneself = await bob.client.mutate("unbanMember", ban)

    expect(none.error).toEqual({ code: 404, message: "There is no such ban" })
    expect(byOneself.error?.code).toBe(403)
    expect((await bob.client.query("getBans", { serverId: app.lab.id })).error?.code).toBe(403)
    expect((await alice.client.query("getBans", { serverId: app.lab.id })).data).toHaveLength(1)
  })
})

describe("an invite", () => {
  test.each(["removeMember", "banMember"] as const)(
    "is revoked with its creator's membership: %s",
    async (end) => {
      using app = await createTestChat()
      const { alice, bob } = app.cast
      const [his, hers] = [await invite(app, "bob"), await invite(app, "alice")]
      expect((await bob.client.query("getInvite", { code: his })).success).toBe(true)

      expectData(await alice.client.mutate(end, { serverId: app.lab.id, userId: bob.id }))

      expect((await join(app, "mallory", his)).error?.code).toBe(404)
      const { data: left } = await alice.client.query("getInvites", { serverId: app.lab.id })
      expect(left).toMatchObject([{ code: hers }])
    },
  )

  test("of a member who left stays revoked, also after they return; those for other servers stay valid", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    const [his, hers] = [await invite(app, "bob"), await invite(app, "alice")]
    const den = expectData(await bob.client.mutate("createServer", { name: "Den" }))
    const { code: other } = expectData(await bob.client.mutate("createInvite", { serverId: den.id }))

    expectData(await bob.client.mutate("leaveServer", { serverId: app.lab.id }))
    expect((await join(app, "bob", his)).error?.code).toBe(404)
    expectData(await join(app, "bob", hers))

    expect((await join(app, "mallory", his)).error?.code).toBe(404)
    expect((await join(app, "mallory", other)).data).toEqual(den)
  })

  test("made while its maker is being removed is not left behind", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const serverId = app.lab.id

    const [, made] = await Promise.all([
      alice.client.mutate("removeMember", { serverId, userId: bob.id }),
      bob.client.mutate("createInvite", { serverId }),
    ])

    expect((await alice.client.query("getInvites", { serverId })).data).toEqual([])
    if (made.success) expect((await join(app, "bob", made.data.code)).error?.code).toBe(404)
  })
})

async function invite({ cast, lab }: TestChat, by: "alice" | "bob"): Promise<string> {
  return expectData(await cast[by].client.mutate("createInvite", { serverId: lab.id })).code
}

function join({ cast }: TestChat, who: "bob" | "mallory", code: string) {
  return cast[who].client.mutate("joinServer", { code })
}
