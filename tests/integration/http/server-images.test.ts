import { expect, test } from "bun:test"
import { fileSweeper } from "../../../src/features/files/sweeper.ts"
import { expectData } from "../../support/chat.ts"
import { fileOf, picture, withDimensions } from "../../support/pictures.ts"
import { createTestServer, type Name, type TestServer } from "../../support/server.ts"

type Image = "icon" | "banner"

function upload(server: TestServer, name: Name, image: Image, bytes: Uint8Array | string) {
  const body = new FormData()
  body.set(image, fileOf("image.png", bytes))
  return server.as(name).fetch(`/servers/${server.lab.id}/${image}`, { method: "POST", body })
}

async function urlOf({ cast }: TestServer, image: Image): Promise<string | null | undefined> {
  return expectData(await cast.bob.client.query("getServers", null))[0]?.[`${image}Url`]
}

for (const { image, remove, page, sizes } of [
  {
    image: "icon",
    remove: "removeServerIcon",
    page: "/",
    sizes: { "": [128, 128], "?size=512": [512, 512] },
  },
  {
    image: "banner",
    remove: "removeServerBanner",
    page: "",
    sizes: { "": [480, 240], "?size=1600": [1600, 800] },
  },
] as const) {
  test(`a server's ${image} is shown to its members in two sizes, until it is replaced or removed`, async () => {
    using server = await createTestServer()
    const { alice, bob } = server.cast
    expect(await urlOf(server, image)).toBeNull()

    const uploaded = await upload(server, "alice", image, await picture("png", 2000, 1000))

    expect(uploaded.status).toBe(303)
    const url = (await urlOf(server, image)) ?? ""
    for (const [query, [width, height]] of Object.entries(sizes)) {
      const answer = await server.as("bob").get(`${url}${query}`)
      expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "image/webp"])
      expect(await new Bun.Image(await answer.arrayBuffer()).metadata()).toMatchObject({ width, height })
    }
    expect((await server.as("mallory").get(url)).status).toBe(403)
    for (const path of [page || server.roomPath, server.roomPath]) {
      expect(await (await server.as("bob").get(path)).text()).toContain(`src="${url}"`)
    }
    const settings = await (await server.as("alice").get(`/servers/${server.lab.id}/settings`)).text()
    expect(settings).toContain(`src="${url}"`)

    await upload(server, "alice", image, await picture("webp", 64, 64))
    expect((await server.as("bob").get(url)).status).toBe(404)
    expect((await bob.client.mutate(remove, { serverId: server.lab.id })).error?.code).toBe(403)
    expectData(await alice.client.mutate(remove, { serverId: server.lab.id }))
    expect(await urlOf(server, image)).toBeNull()
    expect(await (await server.as("bob").get(server.roomPath)).text()).not.toContain(`/${image}/`)
  })

  test(`a server's ${image} is refused to members, and what is no picture or too large to everyone`, async () => {
    using server = await createTestServer()
    const png = await picture("png", 10, 10)

    expect((await upload(server, "bob", image, png)).status).toBe(403)
    expect((await upload(server, "alice", image, "<svg onload=alert(1)>")).status).toBe(400)
    expect((await upload(server, "alice", image, "")).status).toBe(400)
    expect((await upload(server, "alice", image, withDimensions(png, 20_000, 20_000))).status).toBe(413)

    expect(await urlOf(server, image)).toBeNull()
  })
}

test("an invite shows icon and description to everyone who has its code, as long as it is valid", async () => {
  using server = await createTestServer()
  const { alice, mallory } = server.cast
  const stranger = server.visitor(null)
  const serverId = server.lab.id
  const { code } = expectData(await alice.client.mutate("createInvite", { serverId }))
  const path = `/invites/${code}/icon`
  const previewOf = async () => expectData(await mallory.client.query("getInvite", { code }))
  expect((await stranger.get(path)).status).toBe(404)
  expect(await previewOf()).toMatchObject({ description: "", iconUrl: null })

  await upload(server, "alice", "icon", await picture("png", 64, 64))
  expectData(await alice.client.mutate("updateServer", { serverId, description: "Where we try things" }))

  expect(await previewOf()).toMatchObject({ description: "Where we try things", iconUrl: path })
  const page = await (await stranger.get(`/invites/${code}`)).text()
  expect(page).toContain(`src="${path}"`)
  expect(page).toContain("Where we try things")
  const icon = await stranger.get(path)
  expect([icon.status, icon.headers.get("content-type")]).toEqual([200, "image/webp"])
  const etag = icon.headers.get("etag") ?? ""
  expect((await stranger.get(path, { headers: { "if-none-match": etag } })).status).toBe(304)

  expectData(await alice.client.mutate("revokeInvite", { code }))
  expect((await stranger.get(path)).status).toBe(404)
  expect((await stranger.get(path, { headers: { "if-none-match": etag } })).status).toBe(404)
})

test("the images of a deleted server are swept, and those of others stay", async () => {
  using server = await createTestServer()
  const { alice, bob } = server.cast
  const den = expectData(await bob.client.mutate("createServer", { name: "Den" }))
  for (const image of ["icon", "banner"] as const) {
    await upload(server, "alice", image, await picture("png", 64, 64))
    await upload({ ...server, lab: den }, "bob", image, await picture("png", 64, 64))
  }
  const sweep = (hours: number) =>
    server.chat.workers.get(fileSweeper).sweep(new Date(Date.now() + hours * 3_600_000))
  const countStored = async () => {
    const counts = []
    for (const kind of ["icons", "banners"])
      counts.push((await Array.fromAsync(server.chat.storage.list(kind))).length)
    return counts
  }
  expectData(await alice.client.mutate("deleteServer", { serverId: server.lab.id }))

  await sweep(0)
  expect(await countStored()).toEqual([4, 4]) // may be of a server that is being changed
  await sweep(2)

  expect(await countStored()).toEqual([2, 2])
  const { iconUrl, bannerUrl } = expectData(await bob.client.query("getServers", null))[0] ?? {}
  for (const url of [iconUrl, bannerUrl]) expect((await server.as("bob").get(url ?? "")).status).toBe(200)
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
