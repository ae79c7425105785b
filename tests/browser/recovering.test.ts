import { expect } from "bun:test"
import { putAddress, putLink } from "../support/administrators.ts"
import { story } from "../support/browser.ts"
import { openMailbox } from "../support/mailbox.ts"
import { expectAccessible } from "./accessible.ts"

// The ways back to an account whose password is lost. One browser has JavaScript, the other none.

const mailbox = await openMailbox()
const newPassword = "kettle on the stove"

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with" : "without"

  story(
    `${how} JavaScript a lost password is recovered by code, by e-mail and by an administrator`,
    async ({ cast, chat, open }) => {
      const page = await open(undefined, { path: "/signup", javaScriptEnabled })
      const set = async () => {
        await page.getByLabel("New password").fill(newPassword)
        await page.getByRole("button", { name: "Set password" }).click()
      }
      const logIn = async (username: string) => {
        await page.getByLabel("Username").fill(username)
        await page.getByLabel("Password", { exact: true }).fill(newPassword)
        await page.getByRole("button", { name: "Log in", exact: true }).click()
        await page.getByRole("heading", { name: "My servers" }).waitFor()
        await page.context().clearCookies()
      }

      // The code is shown once after signing up, before one goes on.
      await page.getByLabel("Username").fill("carol")
      await page.getByLabel("Password").fill("password1")
      await page.getByRole("button", { name: "Sign up" }).click()
      const code = await page.getByLabel("Recovery code").inputValue()
      await page.getByText("easy to guess").waitFor()
      if (javaScriptEnabled) await expectAccessible(page, "a new recovery code")
      await page.getByRole("button", { name: "I have stored it" }).click()
      await page.getByRole("heading", { name: "My servers" }).waitFor()
      await page.goto("/recovery-code")
      await page.getByRole("heading", { name: "My servers" }).waitFor()
      await page.context().clearCookies()

      await page.goto("/login")
      await page.getByRole("link", { name: "Lost your password?" }).click()
      if (javaScriptEnabled) await expectAccessible(page, "ways back")
      await page.getByRole("link", { name: "Use your recovery code" }).click()
      await page.getByLabel("Username").fill("carol")
      await page.getByLabel("Recovery code").fill(code.toLowerCase())
      if (javaScriptEnabled) await expectAccessible(page, "recovering")
      await set()
      expect(await page.getByLabel("Recovery code").inputValue()).not.toBe(code)
      await page.getByRole("button", { name: "I have stored it" }).click()
      await logIn("carol")

      const before = mailbox.letters.length
      await putAddress(chat, cast.bob.id, "bob@example.org")
      await page.goto("/forgot")
      await page.getByLabel("Username or e-mail address").fill("bob@example.org")
      await page.getByRole("button", { name: "Send a link" }).click()
      await page.getByText("a message with a link is on its way").waitFor()
      await page.goto(new URL((await mailbox.letter(before + 1)).link).pathname)
      await set()
      await logIn("bob")

      const token = `by an administrator ${how}`
      await putLink(chat, { token, purpose: "password", userId: cast.mallory.id })
      await page.goto(`/reset/${encodeURIComponent(token)}`)
      await set()
      await logIn("mallory")
    },
    mailbox.environment,
  )
}

story(
  "an e-mail address is confirmed by its link, and a code and a name are changed in the account",
  async ({ cast, open }) => {
    const page = await open(cast.alice, { path: "/account" })
    const before = mailbox.letters.length
    await page.getByRole("link", { name: "E-mail address" }).click()
    await page.getByRole("textbox", { name: "E-mail address" }).fill("alice@example.org")
    await page.getByLabel("Password").fill("password")
    await page.getByRole("button", { name: "Add address" }).click()
    await page.getByText("We sent a link to").waitFor()
    await expectAccessible(page, "the dialog of an address")
    await page.goto(new URL((await mailbox.letter(before + 1)).link).pathname)
    await expectAccessible(page, "confirming an address")
    await page.getByRole("button", { name: "Confirm" }).click()
    await page.getByText("is the address of").waitFor()

    await page.goto("/account/recovery-code")
    await page.getByLabel("Password").fill("password")
    await page.getByRole("button", { name: "Create new code" }).click()
    await page.getByLabel("New recovery code").waitFor()
    await expectAccessible(page, "a new code")

    await page.goto("/account/username")
    await expectAccessible(page, "another username")
    await page.getByLabel("New username").fill("Alicia")
    await page.getByLabel("Password").fill("password")
    await page.getByRole("button", { name: "Change username" }).click()
    await page.getByText("You are logged in as alicia").waitFor()
  },
  mailbox.environment,
)
