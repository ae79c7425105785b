import { describe, expect, setDefaultTimeout, test } from "bun:test"
import { formerUsernames, instanceLog, signInSteps } from "../../../drizzle/schema.ts"
import { updateProvider } from "../../../src/features/identity-providers/store.ts"
import { updateInstance } from "../../../src/features/instance/store.ts"
import { bitOf } from "../../../src/features/permissions/bits.ts"
import { listHeldRoleIds } from "../../../src/features/permissions/held-roles.ts"
import { administrate, suspend } from "../../support/administrators.ts"
import { expectData } from "../../support/chat.ts"
import { putConnection, putProvider } from "../../support/identity-providers.ts"
import { listen, until } from "../../support/listen.ts"
import { Browser } from "../../support/openid-provider.ts"
import { carol, openWithProvider, userRows } from "../../support/provider-logins.ts"

setDefaultTimeout(60_000)

const viewChannel = String(bitOf.viewChannel)

test("who logs in for the first time chooses a username, and is the same person the second time", async () => {
  using app = await openWithProvider()
  const [first, second] = [new Browser(), new Browser()]

  expect(await app.signUp(first, "carol")).toBe("carol")
  expect(await app.whoIs(first)).toBe("carol")

  const back = await app.logIn(second, "carol")
  expect(back.headers.get("location")).toBe("/saved")
  expect(await app.whoIs(second)).toBe("carol")
  expect(await userRows(app, "carol")).toHaveLength(1)
})

test("an equal e-mail address or name does not connect accounts", async () => {
  using app = await openWithProvider(
    {},
    { mallory2: { preferred_username: "bob", email: "bob@users.invalid", email_verified: true } },
  )
  const browser = new Browser()

  expect(await app.signUp(browser, "mallory2")).toBe("bob-2")

  expect(await app.whoIs(browser)).toBe("bob-2")
})

describe("an answer is refused", () => {
  const changed = (name: string, value: string) => (url: string) => {
    const other = new URL(url)
    other.searchParams.set(name, value)
    return other.href
  }
  const same = (url: string) => url
  test.each([
    { wrong: "nonce", there: changed("nonce", "another"), back: same, status: 400 },
    { wrong: "state", there: same, back: changed("state", "another"), status: 400 },
    {
      wrong: "PKCE challenge",
      there: changed("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
      back: same,
      status: 400,
    },
    { wrong: "issuer", there: same, back: changed("iss", "https://evil.example"), status: 400 },
    { wrong: "code", there: same, back: changed("code", "guessed"), status: 400 },
    {
      wrong: "answer: denied",
      there: same,
      back: (url: string) => changed("error", "access_denied")(url).replace(/code=[^&]*&/, ""),
      status: 403,
    },
  ])("with a wrong $wrong", async ({ there, back, status }) => {
    using app = await openWithProvider()
    const browser = new Browser()

    const answer = await browser.fetch(back(await app.goAndComeBack(browser, "carol", there)))

    expect(answer.status).toBe(status)
    expect(await answer.text()).toContain("Keycloak")
    expect(await app.whoIs(browser)).toBeUndefined()
    expect(await userRows(app, "carol")).toEqual([])
  })

  test("in another browser, and the second time", async () => {
    using app = await openWithProvider()
    const [browser, other] = [new Browser(), new Browser()]
    const address = await app.goAndComeBack(browser, "carol")

    expect((await other.fetch(address)).status).toBe(400)
    expect((await browser.fetch(address)).status).toBe(303)
    expect((await browser.fetch(address)).status).toBe(400)
  })

  test("at the address of another provider", async () => {
    using app = await openWithProvider()
    await putProvider(app.chat, { id: "second", name: "Second", issuer: app.provider.issuer })
    const browser = new Browser()
    const address = await app.goAndComeBack(browser, "carol")

    const answer = await browser.fetch(address.replace("/with/keycloak/", "/with/second/"))

    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain("was started in another browser")
  })

  test("after ten minutes", async () => {
    using app = await openWithProvider()
    const browser = new Browser()
    const address = await app.goAndComeBack(browser, "carol")
    await app.chat.commits.decide((tx) => tx.update(signInSteps).set({ expiresAt: new Date() }).run())

    expect((await browser.fetch(address)).status).toBe(400)
  })
})

describe("a provider opens no door that registration closes", () => {
  const trusted = { ...carol }
  test.each([
    { mode: "open", domains: [], claims: { ...carol, email_verified: false }, outcome: "account" },
    { mode: "closed", domains: ["example.org"], claims: trusted, outcome: "account" },
    { mode: "closed", domains: ["example.org"], claims: { ...trusted, email_verified: false }, outcome: 403 },
    {
      mode: "closed",
      domains: ["example.org"],
      claims: { ...trusted, email: "c@sub.example.org" },
      outcome: 403,
    },
    { mode: "invite", domains: [], claims: trusted, outcome: 403 },
    { mode: "approval", domains: [], claims: trusted, outcome: "waits" },
  ] as const)("$mode, with $domains and $claims", async ({ mode, domains, claims, outcome }) => {
    using app = await openWithProvider({ domains: [...domains] }, { carol: claims })
    await app.chat.commits.decide((tx) => updateInstance(tx, { registration: mode }))
    const browser = new Browser()

    const back = await app.logIn(browser, "carol")

    if (outcome === 403) {
      expect(back.status).toBe(403)
      expect(await back.text()).toContain("log in to it and connect Keycloak")
      expect((await app.choose(browser, { username: "carol" })).status).toBe(404)
      return
    }
    expect(back.status).toBe(303)
    if (outcome === "waits") expect((await app.choose(browser, { username: "carol" })).status).toBe(400)
    const made = await app.choose(browser, { username: "carol", application: "I know alice" })
    expect(made.headers.get("location")).toBe(outcome === "waits" ? "/waiting" : "/saved")
    const [row] = await userRows(app, "carol")
    expect(row?.waitingSince !== null).toBe(outcome === "waits")
  })
})

test("a username that is taken or wrong comes back with what was typed, and can be chosen again", async () => {
  using app = await openWithProvider()
  const browser = new Browser()
  await app.logIn(browser, "carol")

  const held = { username: "lately", userId: app.cast.alice.id, freeAt: new Date(Date.now() + 60_000) }
  await app.chat.commits.decide((tx) => tx.insert(formerUsernames).values(held).run())
  for (const [username, status] of [
    ["lately", 409],
    ["bob", 409],
    ["a", 400],
    ["everyone", 400],
  ] as const) {
    const refused = await app.choose(browser, { username })
    expect([username, refused.status]).toEqual([username, status])
    expect(await refused.text()).toContain(`value="${username}"`)
  }

  expect((await app.choose(browser, { username: "Carola" })).status).toBe(303)
  expect(await app.whoIs(browser)).toBe("carola")
  expect((await app.choose(browser, { username: "carola2" })).status).toBe(404)
})

test("a suspended person cannot log in and is told why", async () => {
  using app = await openWithProvider()
  await app.signUp(new Browser(), "carol")
  const [{ id } = { id: "" }] = await userRows(app, "carol")
  await suspend(app.chat, id)
  const browser = new Browser()

  const back = await app.logIn(browser, "carol")

  expect(back.status).toBe(403)
  expect(await back.text()).toContain("Your account is suspended")
  expect(await app.whoIs(browser)).toBeUndefined()
})

describe("groups", () => {
  test("give and take exactly the roles that are named, and end access at once", async () => {
    using app = await openWithProvider()
    const { alice, bob } = app.cast
    const { serverId, channelId } = app.room
    const role = async (name: string) =>
      expectData(await alice.client.mutate("createRole", { serverId, name })).id
    const [staff, guests, other] = [await role("Staff"), await role("Guests"), await role("Other")]
    const allowed = { ...app.room, id: staff, type: 0, allow: viewChannel, deny: "0" } as const
    expectData(await alice.client.mutate("setOverwrite", allowed))
    expectData(await alice.client.mutate("setChannelAccess", { channelId, isPrivate: true }))
    await administrate(app.chat, alice.id)
    const groupRoles = [
      { group: "staff", serverId, roleId: staff },
      { group: "guests", serverId, roleId: guests },
    ]
    const mapping = { id: "keycloak", groupsClaim: "groups", groupRoles }
    expectData(await alice.client.mutate("updateIdentityProvider", mapping))
    await putConnection(app.chat, bob.id, "bob")
    for (const roleId of [guests, other])
      expectData(await alice.client.mutate("giveRole", { serverId, userId: bob.id, roleId }))
    const held = async () => (await listHeldRoleIds(app.chat.db, bob.id)).toSorted()
    expect(await held()).toEqual([guests, other].toSorted())

    app.provider.people.bob = { groups: ["staff", "unknown"] }
    await app.logIn(new Browser(), "bob")
    expect(await held()).toEqual([staff, other].toSorted())
    await listen(bob, app.room)

    app.provider.people.bob = {}
    await app.logIn(new Browser(), "bob")
    expect(await held()).toEqual([other])
    await until("bob is out", () => bob.faults.length > 0)
    expect(bob.faults.map(({ code }) => code)).toEqual([403])
    const acts = expectData(await alice.client.query("getAuditLog", { serverId, action: "member.roles" }))
    expect(acts.entries.filter(({ reason }) => reason === "Groups at Keycloak")).toHaveLength(3)
  })

  test("make administrators, and never take the last one", async () => {
    const groupRoles = [{ group: "admins", administrator: true }]
    using app = await openWithProvider(
      { groupsClaim: "groups", groupRoles },
      { carol: { ...carol, groups: ["admins"] } },
    )
    await app.signUp(new Browser(), "carol")
    const isAdministrator = async () => (await userRows(app, "carol"))[0]?.isAdministrator
    expect(await isAdministrator()).toBe(true)
    expect((await app.chat.db.select().from(instanceLog).all()).map(({ reason }) => reason)).toEqual([
      "Groups at Keycloak",
    ])

    app.provider.people.carol = carol
    await app.logIn(new Browser(), "carol")
    expect(await isAdministrator()).toBe(true)

    await administrate(app.chat, app.cast.alice.id)
    await app.logIn(new Browser(), "carol")
    expect(await isAdministrator()).toBe(false)
  })
})

test("a provider that is off, deleted or unreachable shows an error", async () => {
  using app = await openWithProvider()
  const address = await app.goAndComeBack(new Browser(), "carol")
  const change = (fields: object) => app.chat.commits.decide((tx) => updateProvider(tx, "keycloak", fields))
  const begin = () => new Browser().fetch(`${app.origin}/login/with/keycloak`)

  await change({ issuer: "http://127.0.0.1:9" })
  expect((await begin()).status).toBe(503)
  await change({ isEnabled: false })
  expect((await begin()).status).toBe(404)
  expect((await new Browser().fetch(address)).status).toBe(404)
  expect(await (await new Browser().fetch(`${app.origin}/login`)).text()).not.toContain("Keycloak")
})

test("leads only to pages of this chat afterwards", async () => {
  using app = await openWithProvider()
  await app.signUp(new Browser(), "carol")
  for (const next of ["https://evil.example", "//evil.example", "/\\evil.example"]) {
    const browser = new Browser()
    const begun = await browser.fetch(`${app.origin}/login/with/keycloak?next=${encodeURIComponent(next)}`)
    const address = await app.provider.logIn(browser, begun.headers.get("location") ?? "", "carol")

    expect((await browser.fetch(address)).headers.get("location")).toBe("/")
  }
})
