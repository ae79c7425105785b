import { describe, expect, test } from "bun:test"
import { eq } from "drizzle-orm"
import { channelOverwrites, serverTransfers } from "../../../drizzle/schema.ts"
import { insertMember } from "../../../src/features/members/store.ts"
import { bitOf } from "../../../src/features/permissions/bits.ts"
import { maxServersOwned } from "../../../src/features/servers/contract.ts"
import { insertServer } from "../../../src/features/servers/store.ts"
import { appear, createTestChat, expectData, type Person, type TestChat } from "../../support/chat.ts"
import { listen, until } from "../../support/listen.ts"

const offerTo = ({ cast, lab }: TestChat, person: { id: string }, name = "Lab") =>
  cast.alice.client.mutate("transferServer", { serverId: lab.id, userId: person.id, name })
const accept = ({ lab }: TestChat, { client }: Person) => client.mutate("acceptServer", { serverId: lab.id })
const cancel = ({ lab }: TestChat, { client }: Person) =>
  client.mutate("cancelTransfer", { serverId: lab.id })

async function ownerOf({ cast, lab }: TestChat): Promise<string | undefined> {
  const members = expectData(await cast.bob.client.query("getMembers", { serverId: lab.id }))
  return members.find(({ isOwner }) => isOwner)?.username
}

describe("an offered server", () => {
  test("changes its owner when it is accepted, not before, and its old one loses what only owners may", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const secret = { channelId: app.general.id, targetId: app.lab.id, kind: "everyone" as const }
    const hidden = { ...secret, deny: Number(bitOf.viewChannel) }
    await app.chat.commits.decide((tx) => tx.insert(channelOverwrites).values(hidden).run())
    const watched: (string | undefined)[] = []
    bob.client.listen("getTransfer", { serverId: app.lab.id }, ({ data }) => watched.push(data?.toUsername))

    const offered = expectData(await offerTo(app, bob))

    expect(offered).toMatchObject({ toUserId: bob.id, toUsername: "bob" })
    expect(await ownerOf(app)).toBe("alice")
    await listen(alice, app.room)
    const accepted = await accept(app, bob)
    expectData(accepted)
    expect(accepted.resources).toContain(`members/server/${app.lab.id}`)
    expect(await ownerOf(app)).toBe("bob")
    // She saw the channel only as the owner.
    await until("alice's connection ends", () => alice.faults.length === 1)
    expect(expectData(await bob.client.query("getChannels", { serverId: app.lab.id }))).toHaveLength(1)
    const rename = { serverId: app.lab.id, name: "Mine" }
    expect((await alice.client.mutate("renameServer", rename)).error?.code).toBe(403)
    expectData(await bob.client.mutate("renameServer", rename))
    expect((await accept(app, bob)).error?.code).toBe(404) // an offer is accepted once
    const log = expectData(await bob.client.query("getAuditLog", { serverId: app.lab.id }))
    const changes = { owner: { before: "alice", after: "bob" } }
    expect(log.entries).toContainEqual(expect.objectContaining({ action: "server.transfer", changes }))
  })

  test("is accepted by its receiver only", async () => {
    using app = await createTestChat()
    const { alice, bob, mallory } = app.cast
    const carol = await appear(app.chat, "carol")
    await app.chat.commits.decide((tx) => insertMember(tx, app.lab.id, carol.id))
    expectData(await offerTo(app, bob))

    expect((await accept(app, carol)).error?.code).toBe(404)
    expect((await accept(app, alice)).error?.code).toBe(404)
    expect((await accept(app, mallory)).error?.code).toBe(403)
    expect((await cancel(app, carol)).error?.code).toBe(404)
    const seen = await carol.client.query("getTransfer", { serverId: app.lab.id })
    expect(seen.data).toBeNull()
    expect(await ownerOf(app)).toBe("alice")
  })

  const endings: [string, (app: TestChat) => Promise<unknown>, number][] = [
    ["its owner took back", (app) => cancel(app, app.cast.alice), 404],
    ["was declined", (app) => cancel(app, app.cast.bob), 404],
    ["is old", (app) => age(app), 404],
    ["was offered to somebody else since", async (app) => offerTo(app, await newMember(app)), 404],
    ["they left", (app) => app.cast.bob.client.mutate("leaveServer", { serverId: app.lab.id }), 403],
    ["is one too many for them", (app) => fill(app), 400],
  ]
  test.each(endings)("that %s is not accepted", async (_what, end, code) => {
    using app = await createTestChat()
    expectData(await offerTo(app, app.cast.bob))
    await end(app)

    expect((await accept(app, app.cast.bob)).error?.code).toBe(code)

    const members = expectData(await app.cast.alice.client.query("getMembers", { serverId: app.lab.id }))
    expect(members.find(({ isOwner }) => isOwner)?.username).toBe("alice")
  })
})

describe("an offer", () => {
  test("is for the owner to make, to a person who is a member, with the server's name", async () => {
    using app = await createTestChat()
    const { alice, bob, mallory } = app.cast
    const bot = expectData(await alice.client.mutate("createBot", { username: "robot" }))
    expectData(await alice.client.mutate("addBot", { serverId: app.lab.id, botId: bot.id }))
    const byBob = { serverId: app.lab.id, userId: bob.id, name: "Lab" }

    expect((await bob.client.mutate("transferServer", byBob)).error?.code).toBe(403)
    expect((await offerTo(app, bob, "lab")).error?.code).toBe(400)
    expect((await offerTo(app, alice)).error?.code).toBe(400)
    expect((await offerTo(app, bot)).error?.code).toBe(400)
    expect((await offerTo(app, mallory)).error?.code).toBe(404)
    expect((await alice.client.query("getTransfer", { serverId: app.lab.id })).data).toBeNull()
  })
})

async function age({ chat, lab }: TestChat) {
  const createdAt = new Date(Date.now() - 8 * 86_400_000)
  await chat.commits.decide((tx) =>
    tx.update(serverTransfers).set({ createdAt }).where(eq(serverTransfers.serverId, lab.id)).run(),
  )
}

async function newMember({ chat, lab }: TestChat): Promise<Person> {
  const carol = await appear(chat, "carol")
  await chat.commits.decide((tx) => insertMember(tx, lab.id, carol.id))
  return carol
}

async function fill({ chat, cast }: TestChat) {
  const server = (name: string) => ({ id: name, name, ownerId: cast.bob.id, createdAt: new Date() })
  await chat.commits.decide(async (tx) => {
    for (let count = 0; count < maxServersOwned; count++) await insertServer(tx, server(`server ${count}`))
  })
}
