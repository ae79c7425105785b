import { expect, test } from "bun:test"
import { makeArchives } from "../../support/archives.ts"
import { expectData } from "../../support/chat.ts"
import { createTestServer } from "../../support/server.ts"

test("an archive is sent to its owner only, whole or in ranges", async () => {
  using server = await createTestServer()
  const [alice, bob] = [server.as("alice"), server.as("bob")]
  expect((await bob.post("/account/data", {})).headers.get("location")).toBe("/account/data")
  const [asked] = expectData(await server.cast.bob.client.query("listDataExports", null))
  const address = `/account/data/${asked?.id}/download`
  expect((await bob.get(address)).status).toBe(404) // not yet
  await makeArchives(server)

  const answer = await bob.get(address)
  const bytes = new Uint8Array(await answer.arrayBuffer())

  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/octet-stream"])
  expect(answer.headers.get("content-disposition")).toMatch(/^attachment; filename="my-data-[\d-]+\.zip"/)
  expect(answer.headers.get("cache-control")).toBe("private, no-cache")
  expect([...bytes.subarray(0, 2)]).toEqual([..."PK"].map((letter) => letter.charCodeAt(0)))
  const part = await bob.get(address, { headers: { range: "bytes=0-1" } })
  expect([part.status, await part.text()]).toEqual([206, "PK"])
  expect((await alice.get(address)).status).toBe(404)
})

test("an archive of a server is its owner's, only while they own it", async () => {
  using server = await createTestServer()
  const [alice, bob] = [server.as("alice"), server.as("bob")]
  const { id: serverId } = server.lab
  expect((await bob.post(`/servers/${serverId}/export`, {})).status).toBe(403)
  await alice.post(`/servers/${serverId}/export`, {})
  await makeArchives(server)
  const [made] = expectData(await server.cast.alice.client.query("listDataExports", null))
  const address = `/account/data/${made?.id}/download`
  expect((await alice.get(address)).status).toBe(200)

  const offer = { serverId, userId: server.cast.bob.id, name: "Lab" }
  expectData(await server.cast.alice.client.mutate("transferServer", offer))
  expectData(await server.cast.bob.client.mutate("acceptServer", { serverId }))

  expect((await alice.get(address)).status).toBe(403)
})

test("retention is saved by a plain form after it showed what it deletes", async () => {
  using server = await createTestServer()
  const alice = server.as("alice")
  const address = `/servers/${server.lab.id}/retention`
  await alice.post(`${server.roomPath}/messages`, { content: "young" })
  const saved = async () =>
    expectData(await server.cast.alice.client.query("getServerRetention", { serverId: server.lab.id }))
      .messageDays

  // The message goes within the next seven days.
  const shown = await (await alice.post(address, { messageDays: "1", fileDays: "" })).text()
  expect(shown).toContain("0 messages and 0 files now, and 1 message and 0 files in the next 7 days")
  expect(await saved()).toBeNull()
  // Other values than those whose preview was shown.
  await alice.post(address, { messageDays: "2", fileDays: "", confirmed: "1/" })
  expect(await saved()).toBeNull()
  const answer = await alice.post(address, { messageDays: "1", fileDays: "", confirmed: "1/" })
  expect(answer.headers.get("location")).toBe(`/servers/${server.lab.id}/settings/retention?saved`)
  expect(await saved()).toBe(1)

  const wrong = await alice.post(address, { messageDays: "soon", fileDays: "" })
  const page = await wrong.text()
  expect([wrong.status, page.includes("Use a whole number of days")]).toEqual([400, true])
})
