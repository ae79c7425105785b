import { expect, test } from "bun:test"
import { expectData } from "../../support/chat.ts"
import { fileOf, picture, withDimensions } from "../../support/pictures.ts"
import { createTestServer, type Name, type TestServer } from "../../support/server.ts"

function uploadIcon(server: TestServer, name: Name, bytes: Uint8Array | string) {
  const body = new FormData()
  body.set("icon", fileOf("icon.png", bytes))
  return server.as(name).fetch(`/servers/${server.lab.id}/icon`, { method: "POST", body })
}

async function iconUrlOf({ cast }: TestServer): Promise<string | null | undefined> {
  return expectData(await cast.bob.client.query("getServers", null))[0]?.iconUrl
}

test("a server's icon is shown to its members in two sizes, until it is replaced or removed", async () => {
  using server = await createTestServer()
  const { alice, bob } = server.cast
  expect(await iconUrlOf(server)).toBeNull()

  const uploaded = await uploadIcon(server, "alice", await picture("png", 600, 300))

  expect(uploaded.status).toBe(303)
  const url = (await iconUrlOf(server)) ?? ""
  for (const [path, width] of [
    [url, 128],
    [`${url}?size=512`, 512],
  ] as const) {
    const answer = await server.as("bob").get(path)
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "image/webp"])
    expect((await new Bun.Image(await answer.arrayBuffer()).metadata()).width).toBe(width)
  }
  expect((await server.as("mallory").get(url)).status).toBe(403)
  const page = await (await server.as("bob").get(server.roomPath)).text()
  expect(page).toContain(`src="${url}"`)

  await uploadIcon(server, "alice", await picture("webp", 64, 64))
  expect((await server.as("bob").get(url)).status).toBe(404)
  expect((await bob.client.mutate("removeServerIcon", { serverId: server.lab.id })).error?.code).toBe(403)
  expectData(await alice.client.mutate("removeServerIcon", { serverId: server.lab.id }))
  expect(await iconUrlOf(server)).toBeNull()
})

test("an icon is refused to members, and what is no picture or too large to everyone", async () => {
  using server = await createTestServer()
  const png = await picture("png", 10, 10)

  expect((await uploadIcon(server, "bob", png)).status).toBe(403)
  expect((await uploadIcon(server, "alice", "<svg onload=alert(1)>")).status).toBe(400)
  expect((await uploadIcon(server, "alice", "")).status).toBe(400)
  expect((await uploadIcon(server, "alice", withDimensions(png, 20_000, 20_000))).status).toBe(413)

  expect(await iconUrlOf(server)).toBeNull()
})

test("a server has a description of at most 300 characters", async () => {
  using server = await createTestServer()
  const { client } = server.cast.alice
  const set = (description: string) => client.mutate("updateServer", { serverId: server.lab.id, description })

  expect((await set("x".repeat(301))).error?.code).toBe(400)
  expect(expectData(await set(" Where we\ntry things ")).description).toBe("Where we try things")

  const settings = await (await server.as("bob").get(`/servers/${server.lab.id}/settings`)).text()
  expect(settings).toContain("Where we try things")
})
