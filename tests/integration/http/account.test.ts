import { describe, expect, setDefaultTimeout, test } from "bun:test"
import { sql } from "drizzle-orm"
import { expectData } from "../../support/chat.ts"
import { find, the } from "../../support/html.ts"
import { createTestServer, type TestServer } from "../../support/server.ts"
import { changeRows } from "../../support/test-database.ts"

// Passwords are checked slowly on purpose.
setDefaultTimeout(60_000)

describe("the account's page", () => {
  test("is led to from everywhere, and lists devices of which each can be signed out", async () => {
    using server = await createTestServer()
    const bob = server.as("bob")
    const home = await (await bob.get("/")).text()
    expect(the(home, "#my-menu [href='/account']").text).toContain("Account")

    const page = await (await bob.get("/account")).text()
    const rows = find(page, ".sessions > li")
    const [revoke] = find(page, '.sessions form[action^="/account/sessions/"]')
    const answer = await bob.post(revoke?.attributes.action ?? "", {})

    expect(rows.map(({ text }) => text.includes("this device"))).toEqual([true, false])
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/account"])
    expect((await server.cast.bob.client.query("getServers", null)).error?.code).toBe(401)
    const after = await (await bob.get("/account")).text()
    expect(find(after, ".sessions > li")).toHaveLength(1)
    expect(find(after, 'form[action="/account/sessions/revoke-others"]')).toEqual([])
  })

  test("signs out everywhere else, and stays itself", async () => {
    using server = await createTestServer()
    const bob = server.as("bob")

    const answer = await bob.post("/account/sessions/revoke-others", {})

    expect(answer.headers.get("location")).toBe("/account")
    expect((await bob.get("/account")).status).toBe(200)
    expect((await server.cast.bob.client.query("getServers", null)).error?.code).toBe(401)
  })

  test("shows what a browser calls itself as text", async () => {
    using server = await createTestServer()
    const bob = server.as("bob")
    const hostile = `"><b id=x>Firefox/1 <script>`
    await changeRows(
      server.database,
      sql`update sessions set user_agent = ${hostile}, ip_address = ${hostile}`,
    )

    const page = await (await bob.get("/account")).text()

    expect(find(page, "#x")).toEqual([])
    expect(find(page, ".sessions script")).toEqual([])
    expect(find(page, ".sessions b").map(({ text }) => text)).toEqual(["Firefox", "Firefox"])
  })
})

describe("a new password", () => {
  test("is set by a form that keeps this browser signed in and says so", async () => {
    using server = await createTestServer()
    const bob = server.as("bob")
    const fields = { currentPassword: "password", newPassword: "correct horse" }

    const answer = await bob.post("/account/password", fields)

    expect(answer.status).toBe(303)
    const page = await (await bob.get(answer.headers.get("location") ?? "")).text()
    expect(the(page, 'main [role="status"]').text).toContain("Password changed")
    expect((await server.cast.bob.client.query("getServers", null)).error?.code).toBe(401)
  })

  test.each(["true", "false"])("with a wrong one stays at the form; htmx: %s", async (htmx) => {
    using server = await createTestServer()
    const bob = server.as("bob")
    const before = await server.dump()

    const fields = { currentPassword: "wrong secret", newPassword: "correct horse" }
    const answer = await bob.post("/account/password", fields, { headers: { "hx-request": htmx } })

    const page = await answer.text()
    expect(answer.status).toBe(403)
    expect(the(page, "#currentPassword").attributes["aria-invalid"]).toBe("true")
    expect(the(page, "#currentPassword-error").text).toBe("That is not your password")
    expect(page).not.toMatch(/wrong secret|correct horse/)
    expect(await server.dump()).toEqual(before)
  })
})

describe("deleting an account", () => {
  test("is deleted by a form, loses its cookie, and leaves no name on its messages", async () => {
    using server = await createTestServer()
    const [alice, bob] = [server.as("alice"), server.as("bob")]
    await bob.post(`${server.roomPath}/messages`, { content: "I was here" })
    expect(await authors(server)).toEqual(["bob"]) // rendered and kept, or the rest proves nothing

    const answer = await bob.post("/account/delete", { password: "password", when: "now" })

    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/signup"])
    expect(answer.headers.getSetCookie().join()).toContain("covenant.session_token=; Max-Age=0")
    expect((await bob.get("/account")).headers.get("location")).toStartWith("/login")
    const [author] = await authors(server)
    expect(author).toMatch(/^deleted-/)
    const streamed = await (await alice.get(`${server.roomPath}?transport=sse`)).text()
    expect(find(streamed, "#messages .author").map(({ text }) => text)).toEqual([author ?? ""])
  })

  test("lists the servers that an owner has to delete first, without asking for the password", async () => {
    using server = await createTestServer()
    const alice = server.as("alice")

    const page = await (await alice.get("/account/delete")).text()
    const answer = await alice.post("/account/delete", { password: "password" })

    const address = `/servers/${server.lab.id}`
    expect(find(page, ".links a").map(({ attributes }) => attributes.href)).toContain(`${address}/delete`)
    expect(find(page, "input")).toEqual([])
    expect(answer.status).toBe(400)
    expect((await alice.get("/")).status).toBe(200)
  })
})

describe("bans", () => {
  test("are made by name, listed, and lifted by forms", async () => {
    using server = await createTestServer()
    const alice = server.as("alice")
    const address = `/servers/${server.lab.id}/bans`
    const settings = await (await alice.get(`/servers/${server.lab.id}/settings`)).text()
    expect(find(settings, `a[href="/servers/${server.lab.id}/settings/bans"]`)).not.toEqual([])

    const made = await alice.post(address, { username: "Bob ", reason: "<b>spam</b>" })
    const list = await (await alice.get(address)).text()
    const lift = the(list, '.sessions form[action$="/lift"]').attributes.action ?? ""
    const lifted = await alice.post(lift, {})

    // To the page with the button that undoes it.
    expect([made.status, made.headers.get("location")?.replace(/[\w-]+$/, "")]).toEqual([
      ...[303, `/servers/${server.lab.id}/acts/`],
    ])
    expect(the(list, ".sessions > li").text).toContain("<b>spam</b>")
    expect(find(list, ".sessions b")).toEqual([])
    expect(lifted.headers.get("location")).toBe(address)
    expect(find(await (await alice.get(address)).text(), ".sessions > li")).toEqual([])
  })

  test("of an unknown username stay at the form, with the typed name", async () => {
    using server = await createTestServer()

    const fields = { username: "nobody", reason: "spam" }
    const answer = await server.as("alice").post(`/servers/${server.lab.id}/bans`, fields)

    const page = await answer.text()
    expect(answer.status).toBe(404)
    expect(the(page, "#username").attributes.value).toBe("nobody")
    expect(the(page, "#reason").attributes.value).toBe("spam")
    expect(the(page, "#username-error").text).toContain("no user with this name")
  })

  test("are shown to a banned user who opens an invite", async () => {
    using server = await createTestServer()
    const { alice, bob } = server.cast
    const serverId = server.lab.id
    const { code } = expectData(await alice.client.mutate("createInvite", { serverId }))
    expectData(await alice.client.mutate("banMember", { serverId, userId: bob.id }))

    const answer = await server.as("bob").post(`/invites/${code}`, {})

    expect(answer.status).toBe(403)
    expect(await answer.text()).toContain("You are banned from this server")
  })
})

/** Who wrote what the room's page shows. */
async function authors(server: TestServer): Promise<string[]> {
  const page = await (await server.as("alice").get(server.roomPath)).text()
  return find(page, "#messages .author").map(({ text }) => text)
}
