import { expect, test } from "bun:test"
import { namesIn } from "../../../src/features/bans/bulk-routes.tsx"
import { appear, expectData } from "../../support/chat.ts"
import { find, the } from "../../support/html.ts"
import { giveRole, makePrivate } from "../../support/rights.ts"
import { joinLab } from "../../support/roles.ts"
import { say } from "../../support/say.ts"
import { createTestServer } from "../../support/server.ts"
import { readRows } from "../../support/test-database.ts"

// What moderators do by forms that ask first, without JavaScript.

test("many people are banned by their names, after a page that says who is found", async () => {
  using server = await createTestServer()
  const alice = server.as("alice")
  const carol = await appear(server.chat, "carol")
  const page = `/servers/${server.lab.id}/settings/bans/bulk`
  const bans = () => readRows(server.database, "select user_id, reason from bans order by reason")

  const empty = await alice.post(page, { names: " , " })
  expect([empty.status, the(await empty.text(), "#names-error").text]).toEqual([
    400,
    "Enter at least one name",
  ])
  const many = await alice.post(page, { names: Array.from({ length: 201 }, (_, i) => `n${i}`).join(" ") })
  expect([many.status, await many.text()]).toEqual([400, expect.stringContaining("at most 200 people")])

  const asked = await (
    await alice.post(page, { names: "@Bob, carol\nalice nobody", reason: "spam", deleteMessageSeconds: "0" })
  ).text()
  expect(find(asked, "main h2").map(({ text }) => text)).toEqual([
    "To be banned: 2",
    "Not banned",
    "Not found",
  ])
  expect(asked).toContain("You cannot ban yourself")
  expect(await bans()).toEqual([])
  const userIds = find(asked, 'input[name="userIds"]').map(({ attributes }) => attributes.value ?? "")
  expect(userIds).toEqual([server.cast.bob.id, carol.id])

  const body = fieldsOf([...userIds.map((id) => ["userIds", id]), ["reason", "spam"], ["confirmed", "yes"]])
  const done = await (await alice.fetch(page, { method: "POST", body })).text()
  expect(the(done, 'main p[role="status"]').text).toBe("2 people were banned.")
  expect(await bans()).toHaveLength(2)
  const undo = find(done, "a.button").find(({ text }) => text.trim() === "Undo")?.attributes.href ?? ""
  expect((await alice.post(`${undo}/undo`, {})).status).toBeLessThan(400)
  expect(await bans()).toEqual([])
})

test("giving and taking roles asks first, where it changes what a member may do", async () => {
  using server = await createTestServer()
  const { bob } = server.cast
  const alice = server.as("alice")
  const [taken, given, empty] = [
    await giveRole(server, [bob.id], ["kickMembers"], 3),
    await giveRole(server, [], ["banMembers"], 2),
    await giveRole(server, [], [], 1),
  ]
  const page = `/servers/${server.lab.id}/settings/members/${bob.id}`
  const save = (roles: string[], more: string[][] = []) => {
    const shown = [taken, given, empty].map((id) => ["shown", id])
    const body = fieldsOf([...shown, ...roles.map((id) => ["roles", id]), ...more])
    return alice.fetch(`${page}/roles`, { method: "POST", body })
  }
  const held = async () =>
    (await readRows(server.database, `select role_id as id from member_roles where user_id = '${bob.id}'`))
      .map((row) => String(row.id))
      .toSorted()

  const asked = await save([given])
  const html = await asked.text()
  expect([asked.status, html]).toEqual([200, expect.stringContaining("1 member gains “Ban members”")])
  expect(html).toContain("1 member loses “Remove members”")
  expect(await held()).toEqual([taken])
  expect((await save([given], [["confirmed", "yes"]])).status).toBe(303)
  expect(await held()).toEqual([given])
  // A role that changes nothing is given at once.
  expect((await save([given, empty])).status).toBe(303)
  expect(await held()).toEqual([given, empty].toSorted())
  expect(await (await alice.get(page)).text()).toContain(`permissions/check?userId=${bob.id}`)
})

test("where a member is moderated, a link leads to their roles, for those who may give roles", async () => {
  using server = await createTestServer()
  const carl = await joinLab(server, "carl")
  await giveRole(server, [server.cast.bob.id], ["timeOutMembers"])
  const linksFor = async (name: "alice" | "bob") => {
    const page = await server.as(name).get(`/servers/${server.lab.id}/members/${carl.id}/moderate`)
    return find(await page.text(), ".message-actions a").map(({ text }) => text.trim())
  }

  expect((await linksFor("alice"))[0]).toBe("Change roles")
  expect(await linksFor("bob")).toEqual(["Time out"])
})

test("the form that deletes someone's messages begins with the fewest, and can mean all", async () => {
  using server = await createTestServer()
  const alice = server.as("alice")
  for (const content of ["one", "two"]) await say(server, server.cast.bob, content)
  const page = `/servers/${server.lab.id}/members/${server.cast.bob.id}/purge`
  const left = () => readRows(server.database, "select id from messages where content <> ''")

  const form = await (await alice.get(page)).text()
  expect(find(form, "#limit option[selected]").map(({ attributes }) => attributes.value)).toEqual([])
  expect(find(form, "#limit option")[0]?.attributes.value).toBe("10")
  expect((await alice.post(page, { limit: "", seconds: "" })).status).toBe(400)
  expect(await left()).toHaveLength(2)
  expect((await alice.post(page, { limit: "all", seconds: "3600" })).status).toBe(303)
  expect(await left()).toEqual([])
})

test("the number of open reports is beside the channels, for moderators", async () => {
  using server = await createTestServer()
  const { alice, bob } = server.cast
  const moderator = await joinLab(server, "moderator")
  await giveRole(server, [moderator.id], ["manageMessages"])
  const other = expectData(
    await alice.client.mutate("createChannel", { serverId: server.lab.id, name: "other" }),
  )
  const messageId = await say(server, alice, "a heated word")
  expectData(await bob.client.mutate("reportMessage", { messageId, reason: "Heated" }))
  const seenBy = async (token: string) => {
    const headers = { authorization: `Bearer ${token}` }
    const page = await fetch(`${server.origin}/servers/${server.lab.id}/channels/${other.id}`, { headers })
    return find(await page.text(), '#channels a[href$="/settings/reports"] .badge').map(({ text }) => text)
  }

  expect(await seenBy(alice.token)).toEqual(["1 open"])
  expect(await seenBy(moderator.token)).toEqual(["1 open"])
  expect(await seenBy(bob.token)).toEqual([])
  await makePrivate(server, server.general.id)
  expect(await seenBy(moderator.token)).toEqual([])
})

test("names are read from lines, commas and spaces, each once", () => {
  expect(namesIn("Ann, @bob;carol\r\n ann  dave,")).toEqual(["ann", "bob", "carol", "dave"])
})

/** As a form sends them: a name may come more than once. */
function fieldsOf(fields: string[][]): URLSearchParams {
  const body = new URLSearchParams()
  for (const [name = "", value = ""] of fields) body.append(name, value)
  return body
}
