import { expect } from "bun:test"
import { eq } from "drizzle-orm"
import { users } from "../../drizzle/schema.ts"
import { seal } from "../../src/features/secret-box.ts"
import { putProvider } from "./identity-providers.ts"
import { type Browser, type Claims, clientSecret, startOpenIdProvider } from "./openid-provider.ts"
import { createTestServer, type TestServer } from "./server.ts"

export type ProviderFields = Parameters<typeof putProvider>[1]

export const carol = { preferred_username: "carol", email: "carol@example.org", email_verified: true }

/** A chat with a provider, at which carol has an account, and bob another. */
export async function openWithProvider(fields: ProviderFields = {}, people: Record<string, Claims> = {}) {
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

export const userRows = ({ chat }: Pick<TestServer, "chat">, username: string) =>
  chat.db.select().from(users).where(eq(users.username, username)).all()
