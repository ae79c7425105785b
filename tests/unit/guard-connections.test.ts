import { expect, test } from "bun:test"
import { createChat } from "../../src/chat.ts"
import { openPostgres } from "../../src/db/postgres/open.ts"
import { deleteMember } from "../../src/features/members/store.ts"
import { AccessFollower } from "../../src/features/permissions/access-follower.ts"
import { guardConnections } from "../../src/join-cluster.ts"
import type { Grant } from "../../src/kernel/index.ts"
import { createTestChat, expectData, personOf, silent } from "../support/chat.ts"
import { until } from "../support/listen.ts"
import { createProxy } from "../support/proxy.ts"
import { setOverwrite } from "../support/rights.ts"
import { testOnPostgres } from "../support/test-database.ts"

/** A guarded connection whose tokens end up in `granted`, and bob's grant for "general". */
async function createGuard() {
  const app = await createTestChat()
  const { db } = app.database
  const access = new AccessFollower({ db, end: () => {}, endAll: () => {} })
  const granted: string[] = []
  const connection = {
    async addConnection({ token }: Grant) {
      granted.push(token)
      return null
    },
    postMessage: async () => null,
    update: async () => null,
  }
  const { id: userId, username } = app.cast.bob
  const grant = (token: string) => ({
    token,
    channel: "chat",
    params: app.room,
    context: { userId, username },
  })
  const removeBob = async () =>
    expectData(await app.cast.alice.client.mutate("removeMember", { serverId: app.lab.id, userId }))
  return { app, access, granted, guard: guardConnections(connection, { db, access }), grant, removeBob }
}

test("a connection that was decided before its access ended is not opened after that", async () => {
  const { app, access, granted, guard, grant, removeBob } = await createGuard()
  using _ = app
  expect(await guard.addConnection(grant("before"))).toBeNull()

  // As another node would: this one has decided already, and learns of it before it adds the connection.
  await removeBob()
  await access.catchUp()

  expect(await guard.addConnection(grant("after"))).toEqual(new Error("The access was revoked meanwhile"))
  expect(granted).toEqual(["before"])
})

test("who has lost the history meanwhile is not given it, but what is sent from now on", async () => {
  const { app, access, guard, grant } = await createGuard()
  using _ = app
  expect(await guard.addConnection(grant("before"))).toBeNull()

  await setOverwrite(app, { channelId: app.general.id, targetId: app.lab.id, deny: ["readHistory"] })
  await access.catchUp()

  expect(await guard.addConnection(grant("with history"))).toBeInstanceOf(Error)
  const { context, ...without } = grant("live only")
  expect(await guard.addConnection({ ...without, context: { ...context, isLiveOnly: true } })).toBeNull()
})

test("access that ends during the second check is noticed", async () => {
  const { app, access, granted, guard, grant, removeBob } = await createGuard()
  using _ = app
  await guard.addConnection(grant("before"))

  const added = guard.addConnection(grant("meanwhile"))
  await removeBob()
  await access.catchUp()
  const refused = (await added) !== null
  // Or it was added before, where ending access finds it.
  expect(granted).toEqual(refused ? ["before"] : ["before", "meanwhile"])
  expect(await guard.addConnection(grant("after"))).toBeInstanceOf(Error)
})

testOnPostgres("one process alone opens no connection whose right it took while it read it", async () => {
  using app = await createTestChat()
  const { config } = app.chat
  if (!("url" in config.database)) throw new Error("This test is for Postgres")
  const url = new URL(config.database.url)
  const way = await createProxy(Number(url.port))
  url.host = new URL(way.origin).host
  const behind = await openPostgres(url.href)
  const chat = createChat({ config, database: { ...app.database, db: behind.db }, log: silent })
  const [alice, bob] = [personOf(chat, app.cast.alice), personOf(chat, app.cast.bob)]
  // From now on only what bob may do here has to be read.
  expect((await alice.client.connect("chat", app.room, { username: "alice" })).success).toBe(true)
  expectData(await bob.client.query("getServers", null))

  const { isAnswered, release } = way.hold()
  const connecting = bob.client.connect("chat", app.room, { username: "bob" })
  await until("Postgres has answered", isAnswered)
  await chat.publisher.decide((changes) =>
    deleteMember(changes, { serverId: app.lab.id, userId: app.cast.bob.id }),
  )
  release()

  expect((await connecting).success).toBe(false)
  expect(chat.sidekick.stats().tokens).toBe(1)
  chat.close()
  await behind.close()
  way.close()
})
