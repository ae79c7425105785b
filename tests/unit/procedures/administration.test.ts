import { expect, test } from "bun:test"
import { administrate, keepWaiting } from "../../support/administrators.ts"
import { appear, createTestChat, expectData } from "../../support/chat.ts"
import { listen } from "../../support/listen.ts"

test("suspending ends sessions, live connections and bots, and its end lets bots in again", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  await administrate(app.chat, alice.id)
  const bot = expectData(await bob.client.mutate("createBot", { username: "robot" }))
  const { token } = expectData(await bob.client.mutate("createBotToken", { botId: bot.id }))
  const headers = new Headers({ authorization: `Bearer ${token}` })
  const askAsBot = () => app.chat.server.processProcedure("getServers", null, { headers, url: "" })
  expect((await askAsBot()).error).toBeNull()
  await listen(bob, app.room)

  expectData(await alice.client.mutate("suspendPerson", { userId: bob.id, reason: "spam" }))

  expect((await bob.client.query("getServers", null)).error?.code).toBe(401)
  expect(bob.faults.map(({ code }) => code)).toEqual([401])
  expect((await askAsBot()).error?.code).toBe(401)
  expectData(await alice.client.mutate("unsuspendPerson", { userId: bob.id }))
  expect((await askAsBot()).error).toBeNull()
})

test("of two administrators who remove each other at once, one stays", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  await administrate(app.chat, alice.id)
  await administrate(app.chat, bob.id)

  const both = await Promise.all([
    alice.client.mutate("setAdministrator", { userId: bob.id, isAdministrator: false }),
    bob.client.mutate("setAdministrator", { userId: alice.id, isAdministrator: false }),
  ])

  expect(both.map(({ success }) => success).toSorted()).toEqual([false, true])
})

test("an administrator stays the last one while the others are suspended", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  await administrate(app.chat, alice.id)
  await administrate(app.chat, bob.id)
  const resign = () => alice.client.mutate("setAdministrator", { userId: alice.id, isAdministrator: false })

  expectData(await alice.client.mutate("suspendPerson", { userId: bob.id }))

  expect((await resign()).error?.code).toBe(400)
  expect((await alice.client.mutate("suspendPerson", { userId: alice.id })).error?.code).toBe(400)
  expectData(await alice.client.mutate("unsuspendPerson", { userId: bob.id }))
  expectData(await resign())
})

test("an administrator reads nothing private by it", async () => {
  using app = await createTestChat()
  const { mallory } = app.cast
  await administrate(app.chat, mallory.id)
  expectData(await mallory.client.query("getAllServers", {}))

  expect((await mallory.client.query("getMessages", { channelId: app.general.id })).error?.code).toBe(403)
})

test("who is approved is in at once", async () => {
  using app = await createTestChat()
  await administrate(app.chat, app.cast.alice.id)
  const wanda = await appear(app.chat, "wanda")
  await keepWaiting(app.chat, wanda.id)
  expect((await wanda.client.query("getServers", null)).error?.code).toBe(403)

  expectData(await app.cast.alice.client.mutate("approvePerson", { userId: wanda.id }))

  expectData(await wanda.client.query("getServers", null))
})
