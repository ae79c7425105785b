import { expect, test } from "bun:test"
import { sql } from "drizzle-orm"
import { find, the } from "../../support/html.ts"
import { say } from "../../support/say.ts"
import { createTestServer } from "../../support/server.ts"
import { changeRows } from "../../support/test-database.ts"

test("an emoji is searched, chosen and taken back by forms, and everyone's page shows whose it is", async () => {
  using server = await createTestServer()
  const { cast, roomPath } = server
  const bob = server.as("bob")
  const id = await say(server, cast.alice, "hello")

  const found = await (await bob.get(`/messages/${id}/react?q=tada`)).text()
  expect(the(found, "#emoji-query").attributes.value).toBe("tada")
  const party = find(found, "#emoji-found button").find(({ text }) => text === "🎉")
  expect(party?.attributes).toMatchObject({ type: "submit", name: "emoji", value: "🎉" })

  await bob.post(`/messages/${id}/reactions`, { emoji: "🎉" })
  const page = await (await server.as("alice").get(roomPath)).text()
  const button = the(page, ".reaction")
  expect(button.attributes["aria-label"]).toBe("🎉 1, by bob")
  expect(button.attributes["data-by"]).toBe(cast.bob.id)
  const styles = await (await bob.get(`/viewers/${cast.bob.id}.css`)).text()
  expect(styles).toContain(`.reaction[data-by~="${cast.bob.id}"]`)
  const who = await (await server.as("alice").get(`/messages/${id}/reactions`)).text()
  expect(find(who, ".reactors li").map(({ text }) => text)).toEqual(["bob"])

  const again = await bob.post(
    `/messages/${id}/reactions`,
    { emoji: "🎉" },
    { headers: { "hx-request": "true" } },
  )
  expect([again.status, again.headers.get("hx-trigger")]).toEqual([204, "dialog:close"])
  expect(find(await (await bob.get(roomPath)).text(), ".reaction")).toEqual([])
})

test("the picker refuses text that is no emoji, with a reason", async () => {
  using server = await createTestServer()
  const id = await say(server, server.cast.alice, "hello")

  for (const emoji of ["no", "", "<b>"]) {
    const answer = await server.as("bob").post(`/messages/${id}/reactions`, { emoji })
    expect(answer.status).toBe(400)
    expect(the(await answer.text(), "[role=alert]").text).toContain("not an emoji")
  }
})

test("names of people are shown as text", async () => {
  using server = await createTestServer()
  const id = await say(server, server.cast.alice, "hello")
  await changeRows(
    server.database,
    sql`update users set username = ${'"><b>x'} where id = ${server.cast.bob.id}`,
  )
  await server.as("bob").post(`/messages/${id}/reactions`, { emoji: "🎉" })

  const page = await (await server.as("alice").get(server.roomPath)).text()

  expect(the(page, ".reaction").attributes["aria-label"]).toBe(`🎉 1, by "><b>x`)
  expect(find(page, "b").some(({ text }) => text === "x")).toBe(false)
})
