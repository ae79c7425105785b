import { expect, test } from "bun:test"
import { AccessFollower } from "../../src/features/permissions/access-follower.ts"
import { guardConnections } from "../../src/join-cluster.ts"
import type { Grant } from "../../src/kernel/index.ts"
import { createTestChat, expectData } from "../support/chat.ts"

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
