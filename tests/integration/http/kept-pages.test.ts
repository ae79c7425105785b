import { Database } from "bun:sqlite"
import { expect, test } from "bun:test"
import { createTestServer } from "../../support/server.ts"

test("a room that nothing changed in is not made again, and a browser that has it is told so", async () => {
  using server = await createTestServer()
  const bob = server.as("bob")
  const first = await bob.get(server.roomPath)
  const etag = first.headers.get("etag") ?? ""
  expect(etag).not.toBe("")
  const before = await first.text()

  const again = await bob.get(server.roomPath)
  const unchanged = await bob.get(server.roomPath, { headers: { "if-none-match": etag } })

  expect(await again.text()).toBe(before)
  expect([unchanged.status, await unchanged.text()]).toEqual([304, ""])
  expect(unchanged.headers.get("content-security-policy")).toBe(first.headers.get("content-security-policy"))
})

test("whatever changes is on the next page, and never another person's page", async () => {
  using server = await createTestServer()
  const { alice } = server.cast
  const bob = server.as("bob")
  const page = async () => (await bob.get(server.roomPath)).text()
  const before = await page()

  await server.as("alice").post(`${server.roomPath}/messages`, { content: "news" })
  const told = await page()
  await alice.client.mutate("renameChannel", { channelId: server.room.channelId, name: "plaza" })
  const renamed = await page()
  await alice.client.mutate("removeMember", { serverId: server.room.serverId, userId: server.cast.bob.id })
  const removed = await bob.get(server.roomPath)

  expect(before).not.toContain("news")
  expect(told).toContain("news")
  expect(renamed).toContain("plaza")
  expect(removed.status).toBe(403)
  expect(await (await server.as("alice").get(server.roomPath)).text()).toContain(`data-viewer="${alice.id}"`)
})

test("another program's commit counts too", async () => {
  using server = await createTestServer()
  const bob = server.as("bob")
  await (await bob.get(server.roomPath)).text()

  const other = new Database(server.database.sqlite.filename)
  other.run("update channels set name = 'from elsewhere'")
  other.close()

  expect(await (await bob.get(server.roomPath)).text()).toContain("from elsewhere")
})
