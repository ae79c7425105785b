import { describe, expect, setDefaultTimeout, test } from "bun:test"
import { sessions, signInSteps } from "../../../drizzle/schema.ts"
import { updateProvider } from "../../../src/features/identity-providers/store.ts"
import { administrate } from "../../support/administrators.ts"
import { expectData } from "../../support/chat.ts"
import { putConnection } from "../../support/identity-providers.ts"
import { Browser } from "../../support/openid-provider.ts"
import { openWithProvider, userRows } from "../../support/provider-logins.ts"
import { putFactor } from "../../support/second-factors.ts"

setDefaultTimeout(60_000)

describe("connecting", () => {
  const asBob = async (app: Awaited<ReturnType<typeof openWithProvider>>) => {
    const browser = new Browser()
    const signedIn = await browser.post(`${app.origin}/login`, { username: "bob", password: "password" })
    expect(signedIn.status).toBe(303)
    return browser
  }
  const connect = async (
    app: Awaited<ReturnType<typeof openWithProvider>>,
    browser: Browser,
    login: string,
  ) => {
    const page = await browser.post(`${app.origin}/account/providers/keycloak/connect`, {})
    const url = (await page.text()).match(/http-equiv="refresh" content="0; url=([^"]+)"/)?.[1] ?? ""
    return app.provider.logIn(browser, url.replaceAll("&amp;", "&"), login)
  }

  test("a connected account is the one that the provider logs in to, until it is disconnected", async () => {
    using app = await openWithProvider()
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
    using app = await openWithProvider()
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
    using app = await openWithProvider()
    const browser = await asBob(app)
    const address = await connect(app, browser, "carol")
    await browser.post(`${app.origin}/logout`, {})
    await browser.post(`${app.origin}/login`, { username: "mallory", password: "password" })

    expect((await browser.fetch(address)).status).toBe(400)

    expect(await app.whoIs(browser)).toBe("mallory")
    expect((await app.logIn(new Browser(), "carol")).headers.get("location")).toContain("/account")
  })

  test("needs a confirmation where one logged in long ago", async () => {
    using app = await openWithProvider()
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
    using app = await openWithProvider()
    const browser = await asBob(app)

    const begun = await browser.fetch(`${app.origin}/account/providers/keycloak/connect`, {
      method: "POST",
      headers: { origin: "https://evil.example" },
    })

    expect(begun.status).toBe(403)
  })

  test("the last way in cannot be disconnected", async () => {
    using app = await openWithProvider()
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
  using app = await openWithProvider()
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

const longAgo = { createdAt: new Date(Date.now() - 3_600_000), confirmedAt: null }

test("a person with only a provider confirms their identity there, signs in again, and returns to the form", async () => {
  using app = await openWithProvider({}, { dave: { preferred_username: "dave" } })
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
  using app = await openWithProvider({ asksSecondFactor: true })
  const { origin, chat } = app
  await app.signUp(new Browser(), "carol")
  const [carols] = await userRows(app, "carol")
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
