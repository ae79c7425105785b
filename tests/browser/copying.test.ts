import { expect } from "bun:test"
import { story } from "../support/browser.ts"
import { eventually, imported, live, message, say } from "./room.ts"

story("the text of a message and its link are copied from its menu", async ({ cast, open, origin }) => {
  const alice = await open(cast.alice)
  await alice.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin })
  const copied = () => alice.evaluate("navigator.clipboard.readText()")
  await live(alice)
  await say(alice, "**keep** this")
  const kept = message(alice, "keep this").and(alice.locator("[data-position]"))
  await kept.hover()
  const id = (await kept.getAttribute("id"))?.replace("message-", "")

  await imported(alice, "interaction")
  await kept.getByRole("link", { name: "More" }).click()
  const panel = alice.getByRole("dialog", { name: "Message" })
  await panel.getByRole("button", { name: "Copy text" }).click()
  await panel.getByRole("button", { name: "Copied" }).waitFor()
  expect(await copied()).toBe("**keep** this")
  await alice.keyboard.press("Escape")
  await panel.waitFor({ state: "hidden" })

  await kept.locator(".content").click({ button: "right" })
  await alice.getByRole("dialog", { name: "Menu" }).getByRole("link", { name: "Copy link" }).click()
  await eventually(copied, `${origin}/messages/${id}`)

  const channels = alice.getByRole("navigation", { name: "Channels" })
  await channels.getByRole("link", { name: "general" }).click({ button: "right" })
  await alice.getByRole("dialog", { name: "Menu" }).getByRole("link", { name: "Copy link" }).click()
  await eventually(copied, alice.url())
})

story("a new account's recovery code is copied by one click", async ({ open, origin }) => {
  const carol = await open(undefined, { path: "/signup" })
  await carol.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin })
  await carol.getByLabel("Username").fill("carol")
  await carol.getByLabel("Password", { exact: true }).fill("a long password of carol")
  await carol.getByRole("button", { name: "Sign up" }).click()

  const code = await carol.getByLabel("Recovery code").inputValue()
  // The button is there before its script.
  await carol.waitForLoadState()
  await carol.getByRole("button", { name: "Copy" }).click()
  await carol.getByRole("button", { name: "Copied" }).waitFor()
  expect(code).toMatch(/^[\w-]{24}$/)
  expect(await carol.evaluate("navigator.clipboard.readText()")).toBe(code)
})
