import { expect, test } from "bun:test"
import { expectData } from "../../support/chat.ts"
import { find, the } from "../../support/html.ts"
import { bits } from "../../support/roles.ts"
import { createTestServer } from "../../support/server.ts"

// Roles and permissions by plain forms, as browsers without JavaScript send them.

test("a role is created, changed, moved, given and deleted by forms", async () => {
  using server = await createTestServer()
  const { lab, cast } = server
  const alice = server.as("alice")
  const at = `/servers/${lab.id}/settings`
  const roles = async () => expectData(await cast.alice.client.query("getRoles", { serverId: lab.id }))
  const named = async (name: string) => (await roles()).find((role) => role.name === name)

  const created = await alice.post(`${at}/roles`, { name: "Helpers" })
  await alice.post(`${at}/roles`, { name: "Guests" })
  const { id = "", position } = (await named("Helpers")) ?? {}
  expect([created.status, created.headers.get("location"), position]).toEqual([303, `${at}/roles/${id}`, 2])

  const display = { name: "Helpers", hasColor: "on", color: "#2e8b57", hoist: "on" }
  await alice.post(`${at}/roles/${id}`, display)
  expect(await named("Helpers")).toMatchObject({ color: 0x2e_8b_57, hoist: true, mentionable: false })

  await alice.post(`${at}/roles/move`, { roleId: id, position: "1" })
  expect((await roles()).map(({ name }) => name)).toEqual(["Guests", "Helpers", "@everyone"])

  const ofBob = `${at}/members/${cast.bob.id}`
  await alice.post(`${ofBob}/roles`, [
    ["shown", id],
    ["roles", id],
  ])
  expect(find(await (await alice.get(ofBob)).text(), "[name=roles][checked]")).toHaveLength(1)
  expect(await (await alice.get(`/servers/${lab.id}/roles.css`)).text()).toContain(
    `[data-role="${id}"],[data-author="${cast.bob.id}"]{--role:light-dark(`,
  )

  await alice.post(`${at}/roles/${id}/members/${cast.bob.id}/remove`, {})
  expect(find(await (await alice.get(ofBob)).text(), "[name=roles][checked]")).toEqual([])
  await alice.post(`${at}/roles/${id}/delete`, {})
  expect(await named("Helpers")).toBeUndefined()
})

test("permissions that a search leaves out stay as they are", async () => {
  using server = await createTestServer()
  const { lab, cast } = server
  const alice = server.as("alice")
  const permissions = bits("kickMembers", "banMembers")
  const role = expectData(
    await cast.alice.client.mutate("createRole", { serverId: lab.id, name: "Moderators", permissions }),
  )
  const page = `/servers/${lab.id}/settings/roles/${role.id}`

  const found = await (await alice.get(`${page}?q=ban`)).text()
  const shown = find(found, ".permission [name=shown]").map(({ attributes }) => attributes.value ?? "")
  expect(shown).toEqual(["banMembers"])
  await alice.post(`${page}/permissions`, [["shown", "banMembers"]])

  const [after] = expectData(await cast.alice.client.query("getRoles", { serverId: lab.id }))
  expect(after?.permissions).toBe(bits("kickMembers"))
})

test("a refused form says why and keeps what was typed", async () => {
  using server = await createTestServer()
  const { lab, cast } = server
  const role = expectData(await cast.alice.client.mutate("createRole", { serverId: lab.id, name: "Helpers" }))
  const page = `/servers/${lab.id}/settings/roles/${role.id}`

  const answer = await server
    .as("alice")
    .post(page, { name: "x".repeat(101), color: "#123456", hasColor: "on" })
  const html = await answer.text()

  expect(answer.status).toBe(400)
  expect(the(html, "#name").attributes.value).toBe("x".repeat(101))
  expect(the(html, "[name=color]").attributes.value).toBe("#123456")
  expect(the(html, "[role=alert]").text).toContain("at most 100 characters")
})

test("a channel's permissions are chosen by form, each in one of three states", async () => {
  using server = await createTestServer()
  const { lab, cast, room } = server
  const alice = server.as("alice")
  const page = `${server.roomPath}/permissions`
  const chosen = async (name: string) => {
    const html = await (await alice.get(`${page}?of=${cast.bob.id}`)).text()
    return the(html, `[name=state-${name}][checked]`).attributes.value
  }
  const overwrites = async () => expectData(await cast.alice.client.query("getOverwrites", room))
  expect(await chosen("attachFiles")).toBe("inherit")

  const states = { "state-attachFiles": "deny", "state-pinMessages": "allow" }
  const asked = await alice.post(page, { of: cast.bob.id, ...states })
  const text = await asked.text()
  expect(text).toContain("1 member loses “Attach files” in #general")
  expect(text).toContain("1 member gains “Pin messages” in #general")
  expect(await overwrites()).toEqual([])

  // The page that asks sends what was chosen once more.
  const sent = find(text, ".permission-preview input").map(({ attributes }) => [
    attributes.name,
    attributes.value,
  ])
  await alice.post(page, { ...Object.fromEntries(sent), confirmed: "yes" })
  const changed = { id: cast.bob.id, type: 1 as const, allow: bits("pinMessages"), deny: bits("attachFiles") }
  expect(await overwrites()).toEqual([changed])
  expect([await chosen("attachFiles"), await chosen("pinMessages")]).toEqual(["deny", "allow"])

  await alice.post(page, { of: cast.bob.id, "state-attachFiles": "inherit", confirmed: "yes" })
  expect(await overwrites()).toEqual([{ ...changed, deny: "0" }])

  await alice.post(`${page}/remove`, { of: cast.bob.id })
  await alice.post(`${page}/access`, { isReadOnly: "on", confirmed: "yes" })
  const everyone = { id: lab.id, type: 0 as const, allow: "0", deny: bits("sendMessages") }
  expect(await overwrites()).toContainEqual(everyone)
})

test("members are listed by their highest displayed role, then by name", async () => {
  using server = await createTestServer()
  const { lab, cast } = server
  const { client } = cast.alice
  const create = async (name: string, fields: object) =>
    expectData(await client.mutate("createRole", { serverId: lab.id, name, ...fields })).id
  const give = async (roleId: string, userId: string) =>
    expectData(await client.mutate("giveRole", { serverId: lab.id, roleId, userId }))
  // Each new role is below the others.
  const plain = await create("Plain", { color: 0xff_00_00 })
  const high = await create("High", { hoist: true })
  const low = await create("Low", { hoist: true })
  const titles = new Map([
    ["online", "Online"],
    [high, "High"],
    [low, "Low"],
  ])
  const pane = async () => {
    const page = await (await server.as("bob").get(server.roomPath)).text()
    // Nobody is here: the group is where they would stand.
    const groups = find(page, "#members .member").map(
      ({ attributes }) => attributes["data-group"] ?? "online",
    )
    const shown = find(page, "#members .name").map(
      ({ text }, at) => `${titles.get(groups[at] ?? "")} ${text.trim()}`,
    )
    return { names: shown, styles: find(page, "#members link").map(({ attributes }) => attributes.href) }
  }
  const first = await pane()
  expect(first.names).toEqual(["Online alice", "Online bob"])

  await give(low, cast.bob.id)
  await give(plain, cast.bob.id)
  const second = await pane()
  expect(second.names).toEqual(["Low bob", "Online alice"])
  // The colors changed, and with them the address at which browsers cache them.
  expect([first.styles.length, second.styles.length]).toEqual([1, 1])
  expect(second.styles).not.toEqual(first.styles)

  await give(high, cast.alice.id)
  await give(low, cast.alice.id)
  expect((await pane()).names).toEqual(["High alice", "Low bob"])
})
