import { expect, test } from "bun:test"
import { find, the } from "../../support/html.ts"
import { createTestServer } from "../../support/server.ts"

test("a bot is made, given a token and added to a server by plain forms, and signs in with it", async () => {
  using server = await createTestServer()
  const { lab, roomPath } = server
  const alice = server.as("alice")
  const made = await alice.post("/account/bots", { username: "Helper" })
  const address = made.headers.get("location") ?? ""
  expect(address).toMatch(/^\/account\/bots\/[\w-]+$/)
  const botId = address.split("/").at(-1) ?? ""

  const shown = await alice.post(`${address}/tokens`, {})
  const token = the(await shown.text(), "#secret").attributes.value ?? ""
  expect(shown.headers.get("cache-control")).toBe("no-store")
  const panel = await (await alice.get(`/servers/${lab.id}/bots`)).text()
  const [form] = find(panel, `form[action="/servers/${lab.id}/bots"]`)
  const added = await alice.post(form?.attributes.action ?? "", { botId })
  expect(added.headers.get("location")).toBe(`/servers/${lab.id}/bots`)

  const program = { authorization: `Bearer ${token}`, accept: "application/json" }
  const sent = await fetch(`${server.origin}${roomPath}/messages`, {
    method: "POST",
    headers: { ...program, "content-type": "application/json" },
    body: JSON.stringify({ content: "pong" }),
  })
  expect([sent.status, await sent.json()]).toMatchObject([201, { extras: { bot: {} } }])
  const page = await (await server.as("bob").get(roomPath)).text()
  expect(the(page, `.message[data-author="${botId}"] .author .badge`).text).toBe("bot")
  expect(find(page, "#members .badge").map(({ text }) => text)).toEqual(["owner", "bot"])
  const after = await (await alice.get(address)).text()
  expect(after).not.toContain(token)
  expect(find(after, '.links a[href^="/servers/"]').map(({ text }) => text)).toEqual(["Lab"])

  const [revoke] = find(after, 'form[action$="/revoke"]')
  await alice.post(revoke?.attributes.action ?? "", {})
  const refused = await fetch(`${server.origin}/api/getServers`, { headers: program })
  expect(refused.status).toBe(401)
})

test("an invalid name of a bot is explained at the field and kept", async () => {
  using server = await createTestServer()

  const answer = await server.as("bob").post("/account/bots", { username: "alice" })

  const page = await answer.text()
  expect(answer.status).toBe(409)
  expect(the(page, "#username").attributes).toMatchObject({ value: "alice", "aria-invalid": "true" })
  expect(the(page, "#username-error").text).toBe("That username is taken")
})
