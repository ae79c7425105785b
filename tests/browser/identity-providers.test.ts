import { expect } from "bun:test"
import type { Page } from "playwright-core"
import { seal } from "../../src/features/secret-box.ts"
import { administrate } from "../support/administrators.ts"
import { type Stage, story } from "../support/browser.ts"
import { putProvider } from "../support/identity-providers.ts"
import { clientSecret, startOpenIdProvider } from "../support/openid-provider.ts"
import { expectAccessible } from "./accessible.ts"

const environment = { OIDC_PRIVATE_HOSTS: "127.0.0.1" }
const people = { carol: { preferred_username: "carol" }, robert: {} }

async function provide({ chat, origin, originOf, expectTrouble }: Stage) {
  const provider = await startOpenIdProvider([origin, originOf(null)], people)
  const secret = { clientSecret: seal(chat.config, clientSecret) }
  await putProvider(chat, { issuer: provider.issuer, ...secret })
  // Its pages ask for an icon that is not there, and for a font elsewhere.
  expectTrouble(/favicon/, /fonts\.googleapis\.com/)
  return provider
}

/** At the provider, which has pages of its own. */
async function logInThere(page: Page, login: string): Promise<void> {
  await page.locator('input[name="login"]').fill(login)
  await page.locator('input[name="password"]').fill("any")
  await page.getByRole("button", { name: "Sign-in" }).click()
  await page.getByRole("button", { name: "Continue" }).click()
}

for (const javaScriptEnabled of [true, false]) {
  story(
    `${javaScriptEnabled ? "with" : "without"} JavaScript one logs in at a provider, and connects an account`,
    async (stage) => {
      using _provider = await provide(stage)
      const { cast, open } = stage
      const carol = await open(undefined, { path: "/signup", javaScriptEnabled })
      await carol.getByRole("link", { name: "Continue with Keycloak" }).click()
      await logInThere(carol, "carol")
      expect(await carol.getByLabel("Username").inputValue()).toBe("carol")
      await carol.getByLabel("Username").fill("Caroline")
      await carol.getByRole("button", { name: "Create account" }).click()
      await carol.waitForURL((url) => url.pathname === "/")
      await carol.goto("/account")
      await carol.getByText("You are logged in as caroline").waitFor()

      const bob = await open(cast.bob, { path: "/account", javaScriptEnabled })
      await bob.getByRole("link", { name: "Log in with other accounts" }).click()
      await bob.getByRole("button", { name: "Connect Keycloak" }).click()
      await logInThere(bob, "robert")
      await bob.getByRole("status").filter({ hasText: "You can log in with Keycloak now" }).waitFor()

      const again = await open(undefined, { path: "/login", javaScriptEnabled })
      await again.getByRole("link", { name: "Continue with Keycloak" }).click()
      await logInThere(again, "robert")
      await again.waitForURL((url) => url.pathname === "/")
      await again.goto("/account")
      await again.getByText("You are logged in as bob").waitFor()
    },
    environment,
  )
}

story(
  "the pages about providers are accessible, and an administrator adds one",
  async (stage) => {
    using provider = await provide(stage)
    const { cast, chat, open } = stage
    await administrate(chat, cast.alice.id)
    const stranger = await open(undefined, { path: "/login" })
    await expectAccessible(stranger, "logging in")
    await stranger.getByRole("link", { name: "Continue with Keycloak" }).click()
    await logInThere(stranger, "carol")
    await expectAccessible(stranger, "choosing a username")
    const bob = await open(cast.bob, { path: "/account/providers" })
    await expectAccessible(bob, "connecting")

    const alice = await open(cast.alice, { path: "/admin/sign-in" })
    await expectAccessible(alice, "the providers")
    await alice.getByRole("link", { name: "Add a provider" }).click()
    await expectAccessible(alice, "a new provider")
    expect(await alice.getByLabel("Redirect address").inputValue()).toContain("/login/with/")
    await alice.getByLabel("Name", { exact: true }).fill("Pocket ID")
    await alice.getByLabel("Issuer").fill(provider.issuer)
    await alice.getByLabel("Client ID").fill("chat")
    await alice.getByLabel("Client secret").fill("a wrong one")
    await alice.getByLabel("Group 1", { exact: true }).fill("staff")
    await alice.getByLabel("Role of group 1").selectOption({ label: "Administrator of this chat" })
    await alice.getByRole("button", { name: "Add and check" }).click()
    await alice.getByText("the client ID or the client secret is wrong").waitFor()
    await expectAccessible(alice, "a check that failed")
  },
  environment,
)
