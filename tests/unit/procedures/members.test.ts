import { describe, expect, test } from "bun:test"
import { createTestChat } from "../../support/chat.ts"

test("getMembers lists a server's members by name and says who owns it", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast

  const plain = {
    joinedAt: expect.any(Date),
    isBot: false,
    nickname: null,
    displayName: null,
    avatarUrl: null,
    statusText: null,
    roleIds: [],
  }

  const result = await bob.client.query("getMembers", { serverId: app.lab.id })

  expect(result.data).toEqual([
    { userId: alice.id, username: "alice", isOwner: true, ...plain },
    { userId: bob.id, username: "bob", isOwner: false, ...plain },
  ])
  expect(result.resources).toEqual([`members/server/${app.lab.id}`])
})

describe("leaving a server", () => {
  test("ends all access of that member only", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const { lab, general } = app
    expect((await bob.client.query("getMessages", { channelId: general.id })).success).toBe(true)

    const result = await bob.client.mutate("leaveServer", { serverId: lab.id })

    expect(result).toMatchObject({ success: true, data: null })
    expect(result.resources).toEqual([
      `members/server/${lab.id}`,
      `servers/user/${bob.id}`,
      `invites/server/${lab.id}`,
    ])
    expect((await bob.client.query("getServers", null)).data).toEqual([])
    expect((await bob.client.query("getChannels", { serverId: lab.id })).error?.code).toBe(403)
    expect((await bob.client.query("getMessages", { channelId: general.id })).error?.code).toBe(403)
    expect((await bob.client.mutate("createInvite", { serverId: lab.id })).error?.code).toBe(403)
    expect((await alice.client.query("getServers", null)).data).toEqual([lab])
  })

  test("is refused to the owner", async () => {
    using app = await createTestChat()
    const { alice } = app.cast

    const result = await alice.client.mutate("leaveServer", { serverId: app.lab.id })

    expect(result.error?.code).toBe(400)
    expect((await alice.client.query("getServers", null)).data).toEqual([app.lab])
  })

  test("twice is refused: they are no member any more", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    await bob.client.mutate("leaveServer", { serverId: app.lab.id })

    const again = await bob.client.mutate("leaveServer", { serverId: app.lab.id })

    expect(again.error?.code).toBe(403)
  })
})

describe("removing a member", () => {
  test("shuts them out until someone invites them again", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const { lab, general } = app

    const result = await alice.client.mutate("removeMember", { serverId: lab.id, userId: bob.id })
    const shutOut = await bob.client.query("getMessages", { channelId: general.id })
    const invite = await alice.client.mutate("createInvite", { serverId: lab.id })
    await bob.client.mutate("joinServer", { code: invite.data?.code ?? "" })
    const back = await bob.client.query("getMessages", { channelId: general.id })

    expect(result).toMatchObject({ success: true, data: { undoId: expect.any(String) } })
    expect(result.resources).toEqual([
      `members/server/${lab.id}`,
      `servers/user/${bob.id}`,
      `invites/server/${lab.id}`,
      `auditLog/server/${lab.id}`,
    ])
    expect(shutOut.error?.code).toBe(403)
    expect(back.success).toBe(true)
  })

  test("is for the owner alone, of members alone, and not of oneself", async () => {
    using app = await createTestChat()
    const { alice, bob, mallory } = app.cast
    const serverId = app.lab.id

    const byMember = await bob.client.mutate("removeMember", { serverId, userId: alice.id })
    const ofOutsider = await alice.client.mutate("removeMember", { serverId, userId: mallory.id })
    const ofOneself = await alice.client.mutate("removeMember", { serverId, userId: alice.id })
    const nowhere = await alice.client.mutate("removeMember", { serverId: "none", userId: bob.id })

    expect(byMember.error).toEqual({ code: 403, message: "You do not have the permission “Remove members”" })
    expect(ofOutsider.error).toEqual({ code: 404, message: "There is no such member" })
    expect(ofOneself.error).toEqual({ code: 400, message: "You cannot remove yourself" })
    expect(nowhere.error?.code).toBe(404)
    expect((await alice.client.query("getMembers", { serverId })).data).toHaveLength(2)
  })
})
