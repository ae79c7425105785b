import { describe, expect, setDefaultTimeout, test } from "bun:test"
import { eq } from "drizzle-orm"
import { formerUsernames, instanceLog, sessions, signInSteps, users } from "../../../drizzle/schema.ts"
import { updateProvider } from "../../../src/features/identity-providers/store.ts"
import { updateInstance } from "../../../src/features/instance/store.ts"
import { bitOf } from "../../../src/features/permissions/bits.ts"
import { listHeldRoleIds } from "../../../src/features/permissions/held-roles.ts"
import { seal } from "../../../src/features/secret-box.ts"
import { administrate, suspend } from "../../support/administrators.ts"
import { expectData } from "../../support/chat.ts"
import { putConnection, putProvider } from "../../support/identity-providers.ts"
import { listen, until } from "../../support/listen.ts"
import { Browser, type Claims, clientSecret, startOpenIdProvider } from "../../support/openid-provider.ts"
import { putFactor } from "../../support/second-factors.ts"
import { createTestServer, type TestServer } from "../../support/server.ts"

setDefaultTimeout(20_000)

type Fields = Parameters<typeof putProvider>[1]

const viewChannel = String(bitOf.viewChannel)
const carol = { preferred_username: "carol", email: "carol@example.org", email_verified: true }

/** A chat with a provider, at which carol has an account, and bob another. */
async function open(fields: Fields = {}, people: Record<string, Claims> = {}) {
  const server = await createTestServer({ OIDC_PRIVATE_HOSTS: "127.0.0.1" })
  const { origin } = server.visitor(null).server
  const provider = await startOpenIdProvider([origin, server.origin], { carol, bob: {}, ...people })
  const scopes = "openid profile email groups"
  const clientSecretSealed = seal(server.chat.config, clientSecret)
  await putProvider(server.chat, {
    issuer: provider.issuer,
    scopes,
    clientSecret: clientSecretSealed,
    ...fields,
  })

  /** Follows "Continue with Keycloak" to the provider and logs in; returns the address that leads back. */
  async function goAndComeBack(browser: Browser, login: string, change = (url: string) => url) {
    const begun = await browser.fetch(`${origin}/login/with/keycloak?next=/saved`)
    expect(begun.status).toBe(303)
    return provider.logIn(browser, change(begun.headers.get("location") ?? ""), login)
  }
  const logIn = async (browser: Browser, login: string) => browser.fetch(await goAndComeBack(browser, login))
  const choose = (browser: Browser, fields: Record<string, string>) =>
    browser.post(`${origin}/login/with/keycloak/account`, fields)
  /** Logs in for the first time, and keeps the username that is offered. */
  async function signUp(browser: Browser, login: string): Promise<string> {
    expect((await logIn(browser, login)).headers.get("location")).toBe("/login/with/keycloak/account")
    const page = await (await browser.fetch(`${origin}/login/with/keycloak/account`)).text()
    const username = page.match(/name="username"[^>]*value="([^"]*)"/)?.[1] ?? ""
    const made = await choose(browser, { username })
    expect(made.headers.get("location")).toBe("/saved")
    return username
  }
  const whoIs = async (browser: Browser) =>
    (await (await browser.fetch(`${origin}/account`)).text()).match(/logged in as <bdi>([^<]*)/)?.[1]

  function close() {
    provider.close()
    server.close()
  }
  return {
    ...server,
    origin,
    provider,
    goAndComeBack,
    logIn,
    signUp,
    choose,
    whoIs,
    close,
    [Symbol.dispose]: close,
  }
}

const rowsOf = ({ chat }: Pick<TestServer, "chat">, username: string) =>
  chat.db.select().from(users).where(eq(users.username, username)).all()

test("who logs in for the first time chooses a username, and is the same person the second time", async () => {
  using app = await open()
  const [first, second] = [new Browser(), new Browser()]

  expect(await app.signUp(first, "carol")).toBe("carol")
  expect(await app.whoIs(first)).toBe("carol")

  const back = await app.logIn(second, "carol")
  expect(back.headers.get("location")).toBe("/saved")
  expect(await app.whoIs(second)).toBe("carol")
  expect(await rowsOf(app, "carol")).toHaveLength(1)
})

test("an equal e-mail address or name does not connect accounts", async () => {
  using app = await open(
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
    using app = await open()
    const browser = new Browser()

    const answer = await browser.fetch(back(await app.goAndComeBack(browser, "carol", there)))

    expect(answer.status).toBe(status)
    expect(await answer.text()).toContain("Keycloak")
    expect(await app.whoIs(browser)).toBeUndefined()
    expect(await rowsOf(app, "carol")).toEqual([])
  })

  test("in another browser, and the second time", async () => {
    using app = await open()
    const [browser, other] = [new Browser(), new Browser()]
    const address = await app.goAndComeBack(browser, "carol")

    expect((await other.fetch(address)).status).toBe(400)
    expect((await browser.fetch(address)).status).toBe(303)
    expect((await browser.fetch(address)).status).toBe(400)
  })

  test("at the address of another provider", async () => {
    using app = await open()
    await putProvider(app.chat, { id: "second", name: "Second", issuer: app.provider.issuer })
    const browser = new Browser()
    const address = await app.goAndComeBack(browser, "carol")

    const answer = await browser.fetch(address.replace("/with/keycloak/", "/with/second/"))

    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain("was started in another browser")
  })

  test("after ten minutes", async () => {
    using app = await open()
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
    using app = await open({ domains: [...domains] }, { carol: claims })
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
    const [row] = await rowsOf(app, "carol")
    expect(row?.waitingSince !== null).toBe(outcome === "waits")
  })
})

test("a username that is taken or wrong comes back with what was typed, and can be chosen again", async () => {
  using app = await open()
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
  using app = await open()
  await app.signUp(new Browser(), "carol")
  const [{ id } = { id: "" }] = await rowsOf(app, "carol")
  await suspend(app.chat, id)
  const browser = new Browser()

  const back = await app.logIn(browser, "carol")

  expect(back.status).toBe(403)
  expect(await back.text()).toContain("Your account is suspended")
  expect(await app.whoIs(browser)).toBeUndefined()
})

describe("groups", () => {
  test("give and take exactly the roles that are named, and end access at once", async () => {
    using app = await open()
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
    using app = await open({ groupsClaim: "groups", groupRoles }, { carol: { ...carol, groups: ["admins"] } })
    await app.signUp(new Browser(), "carol")
    const isAdministrator = async () => (await rowsOf(app, "carol"))[0]?.isAdministrator
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

describe("connecting", () => {
  const asBob = async (app: Awaited<ReturnType<typeof open>>) => {
    const browser = new Browser()
    const signedIn = await browser.post(`${app.origin}/login`, { username: "bob", password: "password" })
    expect(signedIn.status).toBe(303)
    return browser
  }
  const connect = async (app: Awaited<ReturnType<typeof open>>, browser: Browser, login: string) => {
    const page = await browser.post(`${app.origin}/account/providers/keycloak/connect`, {})
    const url = (await page.text()).match(/http-equiv="refresh" content="0; url=([^"]+)"/)?.[1] ?? ""
    return app.provider.logIn(browser, url.replaceAll("&amp;", "&"), login)
  }

  test("a connected account is the one that the provider logs in to, until it is disconnected", async () => {
    using app = await open()
    const browser = await asBob(app)

    const back = await browser.fetch(await connect(app, browser, "carol"))

    expect(back.headers.get("location")).toBe("/account/providers?connected=keycloak")
    const other = new Browser()
    expect((await app.logIn(other, "carol")).headers.get("location")).toBe("/saved")
    expect(await app.whoIs(other)).toBe("bob")

    await browser.post(`${app.origin}/account/providers/keycloak/disconnect`, {})
    expect((await app.logIn(new Browser(), "carol")).headers.get("location")).toContain("/account")
  })

  test("refuses another user's, and needs the browser that began it", async () => {
    using app = await open()
    await app.signUp(new Browser(), "carol")
    const browser = await asBob(app)

    const taken = await browser.fetch(await connect(app, browser, "carol"))
    expect([taken.status, await taken.text()]).toEqual([
      409,
      expect.stringContaining("belongs to somebody else"),
    ])

    const stranger = new Browser()
    expect((await stranger.fetch(await connect(app, browser, "bob"))).status).toBe(400)
    expect(expectData(await app.cast.bob.client.query("getConnectedProviders", null))).toEqual([
      { id: "keycloak", name: "Keycloak", isConnected: false, isLastWay: false },
    ])
  })

  test("does not connect a user who logged in meanwhile", async () => {
    using app = await open()
    const browser = await asBob(app)
    const address = await connect(app, browser, "carol")
    await browser.post(`${app.origin}/logout`, {})
    await browser.post(`${app.origin}/login`, { username: "mallory", password: "password" })

    expect((await browser.fetch(address)).status).toBe(400)

    expect(await app.whoIs(browser)).toBe("mallory")
    expect((await app.logIn(new Browser(), "carol")).headers.get("location")).toContain("/account")
  })

  test("needs a confirmation where one logged in long ago", async () => {
    using app = await open()
    const browser = await asBob(app)
    const long = new Date(Date.now() - 3_600_000)
    await app.chat.commits.decide((tx) =>
      tx.update(sessions).set({ createdAt: long, confirmedAt: null }).run(),
    )

    const asked = await browser.post(`${app.origin}/account/providers/keycloak/connect`, {})

    expect([asked.status, await asked.text()]).toEqual([
      403,
      expect.stringContaining("Confirm your identity"),
    ])
    expect(await app.chat.db.select().from(signInSteps).all()).toEqual([])
    const { alice, bob } = app.cast
    await administrate(app.chat, alice.id)
    await putConnection(app.chat, bob.id, "bob")
    const refused = [
      await bob.client.mutate("disconnectProvider", { id: "keycloak" }),
      await alice.client.mutate("updateIdentityProvider", { id: "keycloak", name: "Mine" }),
      await alice.client.mutate("deleteIdentityProvider", { id: "keycloak" }),
    ]
    expect(refused.map(({ error }) => error?.issues?.[0]?.path)).toEqual(Array(3).fill("confirmation"))
  })

  test("is not begun by another site", async () => {
    using app = await open()
    const browser = await asBob(app)

    const begun = await browser.fetch(`${app.origin}/account/providers/keycloak/connect`, {
      method: "POST",
      headers: { origin: "https://evil.example" },
    })

    expect(begun.status).toBe(403)
  })

  test("the last way in cannot be disconnected", async () => {
    using app = await open()
    const browser = new Browser()
    await app.signUp(browser, "carol")

    const refused = await browser.post(`${app.origin}/account/providers/keycloak/disconnect`, {})

    expect(refused.status).toBe(400)
    expect((await app.logIn(new Browser(), "carol")).headers.get("location")).toBe("/saved")

    expect(await (await browser.fetch(`${app.origin}/account/password`)).text()).not.toContain(
      "Current password",
    )
    const set = await browser.post(`${app.origin}/account/password`, {
      newPassword: "kettles and lighthouses",
    })
    expect(set.headers.get("location")).toBe("/account?password=changed")
    const done = await browser.post(`${app.origin}/account/providers/keycloak/disconnect`, {})
    expect(done.status).toBe(303)
    const named = { username: "carol", password: "kettles and lighthouses" }
    expect((await new Browser().post(`${app.origin}/login`, named)).status).toBe(303)
  })
})

test("without passwords the provider is the only login, and the last one cannot be removed", async () => {
  using app = await open()
  const { alice, bob } = app.cast
  await administrate(app.chat, alice.id)
  const allow = (isAllowed: boolean) => alice.client.mutate("setPasswordSignIn", { isAllowed })
  expect((await allow(false)).error?.message).toContain("log in at a provider once")
  await putConnection(app.chat, bob.id, "bob")
  expect((await allow(false)).error?.message).toContain("locked out")
  await putConnection(app.chat, alice.id, "alice")

  expectData(await allow(false))

  const browser = new Browser()
  const refused = await browser.post(`${app.origin}/login`, { username: "bob", password: "password" })
  expect([refused.status, await refused.text()]).toEqual([
    403,
    expect.not.stringContaining('type="password"'),
  ])
  const named = { username: "dora", password: "a long password" }
  expect((await browser.post(`${app.origin}/signup`, named)).status).toBe(403)
  expect((await app.logIn(browser, "bob")).headers.get("location")).toBe("/saved")
  const off = { id: "keycloak", isEnabled: false }
  expect((await alice.client.mutate("updateIdentityProvider", off)).error?.code).toBe(400)
  expect((await alice.client.mutate("deleteIdentityProvider", { id: "keycloak" })).error?.code).toBe(400)
  expect((await bob.client.mutate("disconnectProvider", { id: "keycloak" })).error?.code).toBe(400)
  expectData(await allow(true))
})

test("a provider that is off, deleted or unreachable shows an error", async () => {
  using app = await open()
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
  using app = await open()
  await app.signUp(new Browser(), "carol")
  for (const next of ["https://evil.example", "//evil.example", "/\\evil.example"]) {
    const browser = new Browser()
    const begun = await browser.fetch(`${app.origin}/login/with/keycloak?next=${encodeURIComponent(next)}`)
    const address = await app.provider.logIn(browser, begun.headers.get("location") ?? "", "carol")

    expect((await browser.fetch(address)).headers.get("location")).toBe("/")
  }
})

const longAgo = { createdAt: new Date(Date.now() - 3_600_000), confirmedAt: null }

test("a person with only a provider confirms their identity there, signs in again, and returns to the form", async () => {
  using app = await open({}, { dave: { preferred_username: "dave" } })
  const { origin, chat, provider } = app
  const browser = new Browser()
  await app.signUp(browser, "carol")
  await chat.commits.decide((tx) => tx.update(sessions).set(longAgo).run())
  const form = { newUsername: "caroline" }
  const interrupted = await browser.post(`${origin}/account/username`, form)
  expect([interrupted.status, await interrupted.text()]).toEqual([
    403,
    expect.stringContaining('action="/account/confirm/with/keycloak"'),
  ])
  /** Follows the button; returns where the provider leads back to. */
  const confirm = async (login: string, change = (url: string) => url) => {
    const fields = { ...form, identityAction: "/account/username", identityNext: "" }
    const page = await browser.post(`${origin}/account/confirm/with/keycloak`, fields)
    const url =
      (await page.text()).match(/class="button" href="([^"]+)"/)?.[1]?.replaceAll("&amp;", "&") ?? ""
    expect(url).toMatch(/prompt=login/)
    return browser.fetch(await provider.logIn(new Browser(), change(url), login))
  }

  // The provider has to say that it has just asked, and whom.
  const silent = await confirm("carol", (url) => url.replace(/&(prompt|max_age)=[^&]*/g, ""))
  expect(silent.status).toBe(400)
  expect((await confirm("dave")).status).toBe(403)
  expect((await browser.post(`${origin}/account/username`, form)).status).toBe(403)

  const back = await confirm("carol")
  expect(back.headers.get("location")).toBe("/login/with/keycloak/confirmed")
  const goOn = await (await browser.fetch(`${origin}/login/with/keycloak/confirmed`)).text()
  expect(goOn).toContain('action="/account/username"')
  expect(goOn).toContain('name="newUsername" value="caroline"')
  expect(
    (await new Browser().fetch(`${origin}/login/with/keycloak/confirmed`)).headers.get("location"),
  ).toContain("/login")
  expect((await browser.post(`${origin}/account/username`, form)).headers.get("location")).toBe("/account")
  expect(await app.whoIs(browser)).toBe("caroline")
})

test("a provider that is set up so is followed by the second factor of who has one", async () => {
  using app = await open({ asksSecondFactor: true })
  const { origin, chat } = app
  await app.signUp(new Browser(), "carol")
  const [carols] = await rowsOf(app, "carol")
  // Without one, nothing is asked.
  expect((await app.logIn(new Browser(), "carol")).headers.get("location")).toBe("/saved")
  const codes = ["aaaa-bbbb-cccc-dddd", "eeee-ffff-gggg-hhhh"]
  await putFactor(chat, { userId: carols?.id ?? "", codes })
  const browser = new Browser()
  const enter = (code: string) => browser.post(`${origin}/login/code`, { code, next: "/saved" })

  expect((await app.logIn(browser, "carol")).headers.get("location")).toBe("/login/code?next=%2Fsaved")
  expect(await app.whoIs(browser)).toBeUndefined()
  expect((await enter("guessed")).status).toBe(403)
  expect((await enter(codes[0] ?? "")).headers.get("location")).toBe("/saved")
  expect(await app.whoIs(browser)).toBe("carol")

  // What the provider has said must still hold when the code comes.
  const late = new Browser()
  await app.logIn(late, "carol")
  await chat.commits.decide((tx) => updateProvider(tx, "keycloak", { isEnabled: false }))
  expect((await late.post(`${origin}/login/code`, { code: codes[1] ?? "" })).status).toBe(401)
})
