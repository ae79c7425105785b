import { expect, test } from "bun:test"
import { expectData } from "../../support/chat.ts"
import { addCrowd } from "../../support/crowd.ts"
import { find } from "../../support/html.ts"
import { createTestServer } from "../../support/server.ts"

const pages = (serverId: string) => [`/servers/${serverId}/members`, `/servers/${serverId}/settings/members`]

test("members are found by a part of their names", async () => {
  using server = await createTestServer()
  await addCrowd(server, ["zoe", "zora", "max"])

  for (const path of pages(server.lab.id)) {
    const search = async (query: string) => {
      const response = await server.as("alice").get(`${path}?q=${encodeURIComponent(query)}`)
      expect(response.status).toBe(200)
      const page = await response.text()
      const [input] = find(page, "#q")
      return {
        names: find(page, "main bdi")
          .map(({ text }) => text.trim())
          .filter((text) => text !== "Lab"),
        says: find(page, "main [role=status]").map(({ text }) => text.trim()),
        value: input?.attributes.value,
      }
    }
    expect(await search(" ZO ")).toEqual({ names: ["zoe", "zora"], says: ["2 members found"], value: "ZO" })
    expect((await search("max")).says).toEqual(["1 member found"])
    expect((await search("%")).says).toEqual(["0 members found"])
    expect((await search(`"><b>${"x".repeat(500)}`)).names).toEqual([])
    expect((await search("")).says).toEqual(["5 members"])
  }
})

test("a server with one member says so", async () => {
  using server = await createTestServer()
  const created = expectData(await server.cast.mallory.client.mutate("createServer", { name: "Den" }))

  for (const path of pages(created.id)) {
    const page = await (await server.as("mallory").get(path)).text()
    expect(find(page, "main [role=status]").map(({ text }) => text.trim())).toEqual(["1 member"])
  }
})
