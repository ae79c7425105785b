import { expect } from "bun:test"
import { eq } from "drizzle-orm"
import type { Page } from "playwright-core"
import { sessions } from "../../drizzle/schema.ts"
import { totpCode } from "../../src/features/second-factor/totp.ts"
import { administrate } from "../support/administrators.ts"
import { story } from "../support/browser.ts"
import { appCode, putFactor } from "../support/second-factors.ts"
import { expectAccessible } from "./accessible.ts"

const codes = ["aaaa-bbbb-cccc-dddd", "eeee-ffff-gggg-hhhh"]

async function logIn(page: Page, path = "/login"): Promise<void> {
  await page.goto(path)
  await page.getByLabel("Username").fill("bob")
  await page.getByLabel("Password").fill("password")
  await page.getByRole("button", { name: "Log in", exact: true }).click()
}

async function logOut(page: Page): Promise<void> {
  await page.goto("/account")
  await page.getByRole("button", { name: "Log out on this device" }).click()
  await page.getByRole("heading", { name: "Log in" }).waitFor()
}

async function enterCode(page: Page, code: string): Promise<void> {
  await page.getByLabel("Code", { exact: true }).fill(code)
  await page.getByRole("button", { name: "Log in", exact: true }).click()
}

story("an authenticator app is set up and then asked for", async ({ cast, open, expectTrouble }) => {
  expectTrouble(/40[03]/)
  const bob = await open(cast.bob, { path: "/account" })
  await bob.locator("#main").getByRole("link", { name: "Two-factor login" }).click()
  await bob.getByLabel("Your password").fill("guess")
  await bob.getByRole("button", { name: "Set up an app" }).click()
  await bob.getByRole("alert").getByText("That is not your password").waitFor()
  await bob.getByLabel("Your password").fill("password")
  await bob.getByRole("button", { name: "Set up an app" }).click()
  const secret = (await bob.getByLabel("Or type this key").inputValue()).replaceAll(" ", "")
  await bob.getByRole("img", { name: "QR code" }).waitFor()
  await expectAccessible(bob, "setting up an app")
  await bob.getByLabel("Enter the code").fill("nonsense")
  await bob.getByRole("button", { name: "Turn on" }).click()
  await bob.getByRole("alert").getByText("This code is wrong").waitFor()
  await bob.getByLabel("Enter the code").fill(totpCode(secret, Math.floor(Date.now() / 30_000)))
  await bob.getByRole("button", { name: "Turn on" }).click()
  await bob.getByRole("heading", { name: "Backup codes" }).waitFor()
  const shown = await bob.locator(".backup-codes code").allInnerTexts()
  expect(shown).toHaveLength(10)
  await expectAccessible(bob, "backup codes")
  await bob.getByRole("link", { name: "I have stored them" }).click()
  await bob.getByText("You have 10 unused codes").waitFor()
  await expectAccessible(bob, "two-factor login")

  const other = await open(undefined, { path: "/login" })
  await logIn(other, "/login?next=/settings")
  await other.getByRole("heading", { name: "Enter your code" }).waitFor()
  await expectAccessible(other, "the second step")
  await enterCode(other, "123")
  await other.getByRole("alert").waitFor()
  await enterCode(other, shown[0] ?? "")
  await other.getByRole("heading", { name: "Settings" }).waitFor()
})

story("without JavaScript: a code, and then a trusted device", async ({ cast, chat, open }) => {
  await putFactor(chat, { userId: cast.bob.id, codes })
  const bob = await open(undefined, { path: "/login", javaScriptEnabled: false })
  await bob.locator("noscript p", { hasText: "needs JavaScript" }).waitFor()
  await logIn(bob)
  await bob.getByLabel("Trust this device").check()
  await enterCode(bob, appCode())
  await bob.getByRole("heading", { name: "My servers" }).waitFor()
  await logOut(bob)

  await logIn(bob)

  await bob.getByRole("heading", { name: "My servers" }).waitFor()
  await bob.goto("/account/second-factor")
  await bob.locator("noscript p", { hasText: "needs JavaScript" }).waitFor()
  await bob.getByText("this device").waitFor()
  await bob.getByRole("button", { name: /^Stop trusting/ }).click()
  await bob.getByRole("status").getByText("no longer trusted").waitFor()
  await logOut(bob)
  await logIn(bob)
  await bob.getByRole("heading", { name: "Enter your code" }).waitFor()
})

story("an act that comes late is done after a confirmation", async ({ cast, chat, open, expectTrouble }) => {
  expectTrouble(/403/)
  await administrate(chat, cast.alice.id)
  const long = { createdAt: new Date(Date.now() - 3_600_000), confirmedAt: null }
  await chat.commits.decide((tx) =>
    tx.update(sessions).set(long).where(eq(sessions.token, cast.alice.token)).run(),
  )
  const path = `/admin/people/${cast.bob.id}`
  const alice = await open(cast.alice, { path, javaScriptEnabled: false })
  await alice.getByText("Suspend", { exact: true }).first().click()
  await alice.locator("form[action$='/suspend']").getByLabel("Reason").fill("Advertising & more")
  await alice.getByRole("button", { name: "Suspend", exact: true }).click()

  await alice.getByRole("heading", { name: "Confirm your identity" }).waitFor()
  await alice.getByLabel("Your password").fill("guess")
  await alice.getByRole("button", { name: "Confirm" }).click()
  await alice.getByRole("alert").getByText("That is not your password").waitFor()
  await alice.getByLabel("Your password").fill("password")
  await alice.getByRole("button", { name: "Confirm" }).click()

  await alice.getByText("Suspended.", { exact: true }).waitFor()
  await alice.getByText("Advertising & more").first().waitFor()
  // And who administers may have to have a second factor.
  await alice.goto("/admin/settings")
  await alice.getByLabel("Administrators need a second factor").check()
  await alice.locator("form[action$='/second-factor']").getByRole("button", { name: "Save" }).click()
  await alice.getByText("Administrators need a second factor here").waitFor()
  await putFactor(chat, { userId: cast.alice.id })
  await alice.goto("/admin/settings")
  expect(await alice.getByLabel("Administrators need a second factor").isChecked()).toBe(true)
})

story("a passkey is added, logs in, and is removed", async ({ cast, open, origin }) => {
  // Browsers allow passkeys on names alone.
  const url = origin.replace("127.0.0.1", "localhost")
  const bob = await open(cast.bob, { url, path: "/account/second-factor" })
  // This authenticator answers at once, also to what the browser only suggests: until that is wanted, it suggests nothing.
  await bob.addInitScript(
    "if (!localStorage.suggests) PublicKeyCredential.isConditionalMediationAvailable = async () => false",
  )
  await bob.reload()
  const wire = await bob.context().newCDPSession(bob)
  await wire.send("WebAuthn.enable")
  await wire.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      ...{ protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true },
      ...{ isUserVerified: true, automaticPresenceSimulation: true },
    },
  })
  await bob.getByLabel("Name of the new passkey").fill("My laptop")
  await bob.getByRole("button", { name: "Add a passkey" }).click()
  await bob.getByRole("heading", { name: "Backup codes" }).waitFor()
  await bob.getByRole("link", { name: "I have stored them" }).click()
  await bob.getByText("My laptop").waitFor()
  await expectAccessible(bob, "passkeys")
  await logOut(bob)

  await bob.goto("/login?next=/account/second-factor")
  await bob.getByRole("button", { name: "Use a passkey" }).click()
  await bob.getByText("last used").waitFor()
  await logOut(bob)
  await bob.evaluate("localStorage.suggests = 'yes'")
  await bob.goto("/login?next=/account/second-factor")
  await bob.getByText("last used").waitFor()
  await bob.evaluate("localStorage.clear()")
  await logOut(bob)
  // The second factor after the password.
  await logIn(bob)
  await bob.getByRole("heading", { name: "Enter your code" }).waitFor()
  await bob.getByRole("button", { name: "Use a passkey" }).click()
  await bob.getByRole("heading", { name: "My servers" }).waitFor()

  await bob.goto("/account/second-factor")
  await bob.getByText("Change").click()
  await bob.getByRole("button", { name: "Remove My laptop" }).click()
  await bob.getByRole("status").getByText("The passkey is removed").waitFor()
})
