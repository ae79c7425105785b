import { describe, expect, test } from "bun:test"
import { count, eq, isNull } from "drizzle-orm"
import { accountDeletions, messages, users } from "../../../drizzle/schema.ts"
import { deletionDuty } from "../../../src/features/account-deletions/duty.ts"
import { administrate } from "../../support/administrators.ts"
import { createTestChat, expectData, type Person, type TestChat } from "../../support/chat.ts"
import { listen, until } from "../../support/listen.ts"
import { upload } from "../../support/pictures.ts"
import { say } from "../../support/say.ts"

const dayMs = 86_400_000
const inDays = (days: number) => new Date(Date.now() + days * dayMs)
const leave = ({ client }: Person, choice: "keep" | "delete", days?: number) =>
  client.mutate("scheduleAccountDeletion", { password: "password", messages: choice, days })
const run = ({ chat }: TestChat, now = new Date(), isStopped?: () => boolean) =>
  chat.workers.get(deletionDuty).run(now, isStopped)

async function nameOf({ chat }: TestChat, { id }: Person): Promise<string | undefined> {
  return (await chat.db.select({ name: users.username }).from(users).where(eq(users.id, id)).get())?.name
}

async function logOf({ cast, general }: TestChat) {
  const log = expectData(await cast.alice.client.query("getMessages", { channelId: general.id }))
  return log.map(({ content, username, deletedAt }) => [username, deletedAt ? "(deleted)" : content])
}

describe("an account that is to be deleted", () => {
  test("works for 14 days as before, then goes, and what it wrote stays without its name", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    await say(app, bob, "I was here")
    const named = { displayName: "Bobby", avatarVersion: "1" }
    await app.chat.commits.decide((tx) => tx.update(users).set(named).where(eq(users.id, bob.id)).run())

    const { dueAt } = expectData(await leave(bob, "keep"))

    expect(Math.abs(dueAt.getTime() - inDays(14).getTime())).toBeLessThan(60_000)
    await run(app, new Date(dueAt.getTime() - 1))
    expect(await nameOf(app, bob)).toBe("bob")
    expectData(await bob.client.query("getServers", null))
    await run(app, dueAt)
    expect(await nameOf(app, bob)).toStartWith("deleted-")
    expect((await bob.client.query("getServers", null)).error?.code).toBe(401)
    expect(await logOf(app)).toEqual([[(await nameOf(app, bob)) ?? "", "I was here"]])
    expect(await app.chat.db.$count(accountDeletions)).toBe(0)
    const left = await app.chat.db.select().from(users).where(eq(users.id, bob.id)).get()
    expect(left).toMatchObject({ displayName: null, avatarVersion: null })
  })

  test("stays when its owner changes their mind", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    expectData(await leave(bob, "delete"))
    expect(expectData(await bob.client.query("getAccountDeletion", null))?.messages).toBe("delete")

    expectData(await bob.client.mutate("cancelAccountDeletion", null))
    await run(app, inDays(20))

    expect(await nameOf(app, bob)).toBe("bob")
    expect(expectData(await bob.client.query("getAccountDeletion", null))).toBeNull()
  })

  test("takes what it wrote along if it says so: everywhere, with files, as changes that readers see", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const file = await upload(app, "bob")
    await say(app, bob, "mine")
    await say(app, bob, "with a file", { files: [file.id] } as object)
    await say(app, alice, "alice's own")
    const talk = expectData(await bob.client.mutate("openConversation", { userIds: [alice.id] }))
    await say({ room: { serverId: talk.id, channelId: talk.channelId } }, bob, "in private")
    const { heard } = await listen(alice, app.room)

    expectData(await leave(bob, "delete", 0))
    // At once, before anything runs in the background.
    expect(await nameOf(app, bob)).toStartWith("deleted-")
    expect((await bob.client.query("getServers", null)).error?.code).toBe(401)
    await run(app)

    expect((await logOf(app)).map(([, content]) => content)).toEqual([
      "(deleted)",
      "(deleted)",
      "alice's own",
    ])
    const left = await app.chat.db
      .select({ count: count() })
      .from(messages)
      .where(isNull(messages.deletedAt))
      .get()
    expect(left?.count).toBe(1) // alice's
    await until("alice hears of both", () => heard.filter(({ deletedAt }) => deletedAt).length === 2)
    const seqs = heard.map(({ seq }) => seq)
    expect(seqs).toEqual(seqs.toSorted((a, b) => a - b))
    await until("the file is gone", async () => (await app.chat.storage.get(file.key)) === undefined)
    expect(await app.chat.db.$count(accountDeletions)).toBe(0)
  })

  test("continues to be deleted after the job was killed", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    for (let number = 0; number < 110; number++) await say(app, bob, `number ${number}`)
    const { dueAt } = expectData(await leave(bob, "delete"))
    const left = () => app.chat.db.$count(messages, isNull(messages.deletedAt))
    let asked = 0

    await run(app, dueAt, () => ++asked > 3)
    const after = await left()
    expect(after).toBeGreaterThan(0)
    expect(after).toBeLessThan(110)
    expect(await nameOf(app, bob)).toStartWith("deleted-")
    expect(await app.chat.db.$count(accountDeletions)).toBe(1) // or nobody would go on

    await run(app, dueAt)
    expect(await left()).toBe(0)
    expect(await app.chat.db.$count(accountDeletions)).toBe(0)
  })
})

describe("who is needed", () => {
  test("cannot leave: the owner of a server with others, until it is handed over or deleted", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    expectData(await alice.client.mutate("createServer", { name: "Alone" }))

    const refused = await leave(alice, "keep")
    expect([refused.error?.code, refused.error?.message]).toEqual([
      400,
      "You own servers with other members: “Lab”. Hand over or delete them first",
    ])
    expectData(
      await alice.client.mutate("transferServer", { serverId: app.lab.id, userId: bob.id, name: "Lab" }),
    )
    expectData(await bob.client.mutate("acceptServer", { serverId: app.lab.id }))
    const { dueAt } = expectData(await leave(alice, "keep"))
    await run(app, dueAt)

    expect(await nameOf(app, alice)).toStartWith("deleted-")
    const rows = expectData(await bob.client.query("getServers", null))
    expect(rows.map(({ name }) => name)).toEqual(["Lab"]) // the one that she was alone in is gone
  })

  test("stays another day when others came meanwhile", async () => {
    using app = await createTestChat()
    const { bob, mallory } = app.cast
    const { id: serverId } = expectData(await bob.client.mutate("createServer", { name: "Bob's" }))
    const { dueAt } = expectData(await leave(bob, "keep"))
    const { code } = expectData(await bob.client.mutate("createInvite", { serverId }))
    expectData(await mallory.client.mutate("joinServer", { code }))

    await run(app, dueAt)

    expect(await nameOf(app, bob)).toBe("bob")
    const next = expectData(await bob.client.query("getAccountDeletion", null))
    expect(next?.dueAt.getTime()).toBe(dueAt.getTime() + dayMs)
  })

  test("cannot leave: the last administrator, nor anyone without their password", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    await administrate(app.chat, bob.id)

    expect((await leave(bob, "keep")).error?.code).toBe(400)
    const wrong = { password: "wrong", messages: "keep" as const }
    expect((await bob.client.mutate("scheduleAccountDeletion", wrong)).error?.code).toBe(403)
    expect(await app.chat.db.$count(accountDeletions)).toBe(0)
  })
})
