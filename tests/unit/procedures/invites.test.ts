import { describe, expect, test } from "bun:test"
import { insertInvite } from "../../../src/features/invites/store.ts"
import { appear, clientOf, createTestChat, expectData, type TestChat } from "../../support/chat.ts"
import { readRows } from "../../support/test-database.ts"

const notUsable = "This invite is invalid. It may have expired, been used up or been revoked"

describe("inviting", () => {
  test("is open to every member, with or without limits", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const serverId = app.lab.id

    const open = await bob.client.mutate("createInvite", { serverId })
    const limited = await alice.client.mutate("createInvite", { serverId, expiresInSeconds: 60, maxUses: 3 })

    expect(open.data).toEqual({
      code: expect.stringMatching(/^[\w-]{10}$/),
      serverId,
      createdBy: bob.id,
      createdAt: expect.any(Date),
      expiresAt: null,
      maxUses: null,
      uses: 0,
    })
    expect(open.resources).toEqual([`invites/server/${serverId}`, `auditLog/server/${serverId}`])
    const { createdAt, expiresAt, maxUses } = expectData(limited)
    expect(maxUses).toBe(3)
    expect((expiresAt?.getTime() ?? 0) - createdAt.getTime()).toBe(60_000)
    expect(limited.data?.code).not.toBe(open.data?.code as string)
  })

  test("stops at 50 usable invites of one member, also when many are created at once", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const serverId = app.lab.id
    const results = await Promise.all(
      Array.from({ length: 55 }, () => bob.client.mutate("createInvite", { serverId })),
    )
    expect(results.filter(({ success }) => success)).toHaveLength(50)

    const { data: listed = [] } = await alice.client.query("getInvites", { serverId })
    expect(listed).toHaveLength(50)
    expectData(await alice.client.mutate("createInvite", { serverId }))

    expectData(await bob.client.mutate("revokeInvite", { code: listed?.[0]?.code ?? "" }))
    expectData(await bob.client.mutate("createInvite", { serverId }))
    expect((await bob.client.mutate("createInvite", { serverId })).error?.code).toBe(400)
  })

  test("forgets the member's own invites that cannot be used any more, and the audit log keeps its entries", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const serverId = app.lab.id
    const dead = { createdBy: bob.id }
    const expired = await store(app, { ...dead, expiresAt: new Date(Date.now() - 1) })
    const usedUp = await store(app, { ...dead, maxUses: 2, uses: 2 })
    const { code } = expectData(await bob.client.mutate("createInvite", { serverId }))
    expectData(await bob.client.mutate("revokeInvite", { code }))
    const kept = [
      await store(app, { ...dead, expiresAt: new Date(Date.now() + 3_600_000), maxUses: 2, uses: 1 }),
      await store(app, { createdBy: alice.id, expiresAt: new Date(Date.now() - 1) }),
    ]

    const created = expectData(await bob.client.mutate("createInvite", { serverId }))

    const stored = (await readRows(app.database, "select code from invites")).map((row) => row.code)
    expect(stored).toEqual(expect.arrayContaining([created.code, ...kept.map((invite) => invite.code)]))
    for (const gone of [expired.code, usedUp.code, code]) expect(stored).not.toContain(gone)
    const { entries } = expectData(
      await alice.client.query("getAuditLog", { serverId, action: "invite.revoke" }),
    )
    expect(entries.map(({ targetName }) => targetName)).toEqual([code])
  })

  test.each([
    { expiresInSeconds: 59 },
    { expiresInSeconds: 604_801 },
    { maxUses: 0 },
    { maxUses: 101 },
    { maxUses: 1.5 },
  ])("limits outside the limits are a 400: %o", async (limits) => {
    using app = await createTestChat()

    const result = await app.cast.bob.client.mutate("createInvite", { serverId: app.lab.id, ...limits })

    expect(result.error).toMatchObject({ code: 400, issues: [{ path: Object.keys(limits)[0] }] })
  })
})

test("getInvites lists what can still be used, newest first", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const [old, recent] = [await store(app, { createdAt: new Date(1000) }), await store(app, {})]
  await store(app, { expiresAt: new Date(Date.now() - 1) })
  await store(app, { maxUses: 2, uses: 2 })
  const revoked = await store(app, {})
  expectData(await alice.client.mutate("revokeInvite", { code: revoked.code }))

  const result = await bob.client.query("getInvites", { serverId: app.lab.id })

  expect(result.data).toEqual([recent, old])
  expect(result.resources).toEqual([`invites/server/${app.lab.id}`])
})

describe("an invite's preview", () => {
  test("shows only the server's name, size and inviter", async () => {
    using app = await createTestChat()
    const { code } = await store(app, {})

    const result = await clientOf(app.chat).query("getInvite", { code })

    expect(result.data).toEqual({
      code,
      serverId: app.lab.id,
      serverName: "Lab",
      description: "",
      iconUrl: null,
      memberCount: 2,
      inviter: "alice",
    })
    expect(result.resources).toEqual([`invite/${code}`])
  })
})

describe("joining", () => {
  test("makes the viewer a member", async () => {
    using app = await createTestChat()
    const { mallory, bob } = app.cast
    const { code } = await store(app, {})

    const result = await mallory.client.mutate("joinServer", { code })

    expect(result.data).toEqual(app.lab)
    expect(result.resources).toEqual([`servers/user/${mallory.id}`, `members/server/${app.lab.id}`])
    expect((await mallory.client.query("getServers", null)).data).toEqual([app.lab])
    expect((await mallory.client.query("getMessages", { channelId: app.general.id })).success).toBe(true)
    expect((await bob.client.query("getMembers", { serverId: app.lab.id })).data).toHaveLength(3)
  })

  test("again as a member uses nothing up", async () => {
    using app = await createTestChat()
    const { alice, bob, mallory } = app.cast
    const { code } = await store(app, { maxUses: 2 })

    const joins = [mallory, mallory, bob, alice].map(({ client }) => client.mutate("joinServer", { code }))

    expect((await Promise.all(joins)).map(({ data }) => data)).toEqual(Array(4).fill(app.lab))
    const { data: invites } = await bob.client.query("getInvites", { serverId: app.lab.id })
    expect(invites).toMatchObject([{ code, uses: 1 }])
    expect((await bob.client.query("getMembers", { serverId: app.lab.id })).data).toHaveLength(3)
  })

  test("by twenty at once with an invite for one admits exactly one", async () => {
    using app = await createTestChat()
    const { code } = await store(app, { maxUses: 1 })
    const crowd = await Promise.all(
      Array.from({ length: 20 }, (_, index) => appear(app.chat, `guest${index}`)),
    )

    const results = await Promise.all(crowd.map(({ client }) => client.mutate("joinServer", { code })))

    const codes = results.map(({ error }) => error?.code ?? 200).sort()
    expect(codes).toEqual([200, ...Array(19).fill(404)])
    const inside = await Promise.all(crowd.map(({ client }) => client.query("getServers", null)))
    expect(inside.map(({ data }) => data?.length).sort()).toEqual([...Array(19).fill(0), 1])
  })

  test("is refused with an unknown, expired, used up or revoked invite, by the same message", async () => {
    using app = await createTestChat()
    const { alice, mallory } = app.cast
    const revoked = await store(app, {})
    expectData(await alice.client.mutate("revokeInvite", { code: revoked.code }))
    const unusable = [
      { code: "unknown" },
      revoked,
      await store(app, { expiresAt: new Date(Date.now() - 1) }),
      await store(app, { maxUses: 1, uses: 1 }),
    ]

    for (const { code } of unusable) {
      const preview = await mallory.client.query("getInvite", { code })
      const join = await mallory.client.mutate("joinServer", { code })

      expect(preview.error).toEqual({ code: 404, message: notUsable })
      expect(join.error).toEqual({ code: 404, message: notUsable })
    }
    expect((await mallory.client.query("getServers", null)).data).toEqual([])
  })
})

describe("revoking an invite", () => {
  test("is for the server's owner and the invite's creator", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const serverId = app.lab.id
    const [first, second] = [
      expectData(await bob.client.mutate("createInvite", { serverId })),
      expectData(await bob.client.mutate("createInvite", { serverId })),
    ]

    const byMaker = await bob.client.mutate("revokeInvite", { code: first.code })
    const byOwner = await alice.client.mutate("revokeInvite", { code: second.code })

    expect(byMaker.data).toEqual(first)
    expect(byMaker.resources).toEqual([
      `invites/server/${serverId}`,
      `invite/${first.code}`,
      `auditLog/server/${serverId}`,
    ])
    expect(byOwner.success).toBe(true)
    expect((await alice.client.query("getInvites", { serverId })).data).toEqual([])
  })

  test("is refused to other members", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    const { code } = await store(app, {})

    const result = await bob.client.mutate("revokeInvite", { code })

    expect(result.error?.code).toBe(403)
    expect((await bob.client.query("getInvite", { code })).success).toBe(true)
  })

  test("answers an outsider the same for existing and unknown invites", async () => {
    using app = await createTestChat()
    const { mallory } = app.cast
    const { code } = await store(app, {})

    const there = await mallory.client.mutate("revokeInvite", { code })
    const none = await mallory.client.mutate("revokeInvite", { code: "unknown" })

    expect(there.error).toEqual({ code: 404, message: "There is no such invite" })
    expect(none).toEqual(there)
  })
})

/** Puts an invite of alice's into the store. */
function store(
  { chat, cast, lab }: TestChat,
  state: { [Key in "createdAt" | "expiresAt"]?: Date } & {
    maxUses?: number
    uses?: number
    createdBy?: string
  },
) {
  const invite = {
    code: crypto.randomUUID(),
    serverId: lab.id,
    createdBy: cast.alice.id,
    createdAt: new Date(),
    expiresAt: null,
    maxUses: null,
    uses: 0,
    ...state,
  }
  return chat.commits.decide((tx) => insertInvite(tx, invite))
}
