import { expect } from "bun:test"
import type { Page } from "playwright-core"
import { adminSections } from "../../src/features/administration/sections.ts"
import { createSetUpPath } from "../../src/features/instance/setting-up.ts"
import { administrate, keepWaiting, putAnnouncement, suspend } from "../support/administrators.ts"
import { story } from "../support/browser.ts"
import { expectAccessible } from "./accessible.ts"
import { meet, message, say } from "./room.ts"

const production = { NODE_ENV: "production" }
const password = "correct horse battery"

for (const javaScriptEnabled of [true, false]) {
  const suffix = javaScriptEnabled ? "" : ", without JavaScript"
  story(
    `a new chat is set up by its address, and people come by invitation or approval${suffix}`,
    async ({ chat, open, expectTrouble }) => {
      // Of who may not do something, and of addresses that work once.
      expectTrouble(/40[134]/)
      const address = (await createSetUpPath(chat, { keepOthers: false })) ?? ""
      const visit = (path: string) => open(undefined, { path, javaScriptEnabled })

      const stranger = await visit("/signup")
      await stranger.getByText("This chat is not set up yet").waitFor()
      const admin = await visit(address)
      if (javaScriptEnabled) await expectAccessible(admin, "the first page of a new chat")
      await admin.getByLabel("Your username").fill("ada")
      await admin.getByLabel("Your password").fill(password)
      await admin.getByLabel("Name of the chat").fill("Tea room")
      await admin.getByLabel("People with an invitation").check()
      await admin.getByRole("button", { name: "Begin" }).click()
      await admin.getByRole("button", { name: "I have stored it" }).click()
      await admin.getByRole("heading", { name: "Overview" }).waitFor()
      await stranger.goto(address)
      await stranger.getByText("This link no longer works").waitFor()

      await admin.goto("/admin/invitations")
      await admin.getByRole("button", { name: "Create an invitation" }).click()
      const invitation = await admin.getByLabel("Link").inputValue()
      await stranger.goto("/signup")
      await stranger.getByText("Sign-ups need an invitation").waitFor()
      const iris = await visit(new URL(invitation).pathname)
      await signUp(iris, "iris")
      await iris.getByRole("heading", { name: "My servers" }).waitFor()

      await admin.goto("/admin/settings")
      await admin.getByLabel("People approved by an administrator").check()
      await admin.getByRole("button", { name: "Save" }).first().click()
      await admin.getByText("Settings saved.").waitFor()
      const paul = await visit("/signup")
      await paul.getByLabel("Why do you want to join?").fill("I know Iris")
      await signUp(paul, "paul")
      await paul.getByRole("heading", { name: "Waiting for approval" }).waitFor()
      await admin.goto("/admin/approvals")
      await admin.getByText("I know Iris").waitFor()
      await admin.getByRole("button", { name: "Approve paul" }).click()
      await admin.getByText("I know Iris").waitFor({ state: "detached" })
      await paul.goto("/")
      await paul.getByRole("heading", { name: "My servers" }).waitFor()
      expect(await paul.title()).toEndWith("Tea room")
    },
    production,
  )
}

story(
  "an announcement arrives at once; who is suspended is out at once, and comes back",
  async ({ cast, chat, open, ...site }) => {
    site.expectTrouble(/40[13]|WebSocket|htmx/)
    await administrate(chat, cast.alice.id)
    const [bob] = await meet(open, cast.bob)
    const quiet = await open(cast.bob, {
      javaScriptEnabled: false,
      path: `${site.roomPath}?transport=stream`,
    })
    const alice = await open(cast.alice, { path: `/admin/people/${cast.bob.id}`, javaScriptEnabled: false })

    await putAnnouncement(chat)
    await bob.getByRole("button", { name: "Dismiss the announcement" }).click()
    await bob.locator("form.announcement").waitFor({ state: "detached" })
    expect(new URL(bob.url()).pathname).toBe(site.roomPath)
    await quiet.reload({ waitUntil: "commit" })
    await quiet.locator("#room").waitFor()
    expect(await quiet.locator("form.announcement").count()).toBe(0)

    await alice.locator("summary").getByText("Suspend", { exact: true }).click()
    const suspension = alice.locator('form[action$="/suspend"]')
    await suspension.getByLabel("Reason (optional)").fill("Advertising")
    await suspension.getByRole("button", { name: "Suspend" }).click()
    await alice.getByRole("status").getByText("Suspended").waitFor()

    await bob.locator('#connection[data-state="ended"]').waitFor()
    await quiet.goto(site.roomPath)
    for (const page of [bob, quiet]) {
      await page.goto("/login")
      await logIn(page, "bob")
      await page.getByText("suspended until an administrator ends it: Advertising").waitFor()
    }

    await alice.getByRole("button", { name: "End the suspension" }).click()
    await alice.getByText("Suspension ended").waitFor()
    for (const page of [bob, quiet]) {
      await logIn(page, "bob")
      await page.getByRole("heading", { name: "My servers" }).waitFor()
    }
  },
)

story(
  "a question keeps programs out, a browser computes instead, and spam goes by one button",
  async (stage) => {
    const { cast, chat, open, expectTrouble } = stage
    expectTrouble(/40[013]|WebSocket|htmx/)
    await administrate(chat, cast.alice.id)
    chat.start()
    const admin = await open(cast.alice, { path: "/admin/settings" })
    await admin.getByLabel("Everyone", { exact: true }).first().check()
    await admin.getByLabel("Question at sign-up").fill("What is on?")
    await admin.getByLabel("Answer").fill("The kettle")
    await admin.getByLabel("Browsers may solve").check()
    await admin.getByRole("button", { name: "Save" }).first().click()
    await admin.getByText("Settings saved.").waitFor()

    const simple = await open(undefined, { path: "/signup", javaScriptEnabled: false })
    await simple.getByLabel("What is on?").fill("a pot")
    await simple.getByLabel("Username").fill("dora")
    await simple.getByLabel("Password").fill(password)
    await simple.getByRole("button", { name: "Sign up" }).click()
    await simple.getByText("That is not the answer").first().waitFor()
    await simple.getByLabel("What is on?").fill("the kettle")
    await signUp(simple, "dora")
    await simple.getByRole("heading", { name: "My servers" }).waitFor()

    const eve = await open(undefined, { path: "/signup" })
    await expectAccessible(eve, "a sign-up where the browser computes")
    expect(await eve.getByLabel("What is on?").isVisible()).toBe(false)
    await signUp(eve, "eve")
    await eve.getByRole("heading", { name: "My servers" }).waitFor()

    const [alice, bob] = await meet(open, cast.alice, cast.bob)
    await say(bob, "buy this")
    await message(alice, "buy this").waitFor()
    await admin.goto(`/admin/people/${cast.bob.id}`)
    await admin.getByRole("button", { name: "Suspend and delete all messages" }).click()
    await admin.getByText("All messages are being deleted").waitFor()
    await message(alice, "buy this").waitFor({ state: "detached" })
    await bob.locator('#connection[data-state="ended"]').waitFor()
  },
)

story("every page of the administration is accessible, also in the chat's own colour", async (stage) => {
  const { cast, chat, open } = stage
  await administrate(chat, cast.alice.id)
  await keepWaiting(chat, cast.mallory.id)
  await putAnnouncement(chat)
  await cast.alice.client.mutate("updateLook", { accent: "#ffcc00", termsUrl: "https://example.org/terms" })
  await cast.alice.client.mutate("createInvitation", { note: "Friends" })
  await suspend(chat, cast.bob.id)

  const page = await open(cast.alice, { path: "/admin" })
  const paths = adminSections.map(({ name }) => (name === "" ? "/admin" : `/admin/${name}`))
  for (const path of [...paths, `/admin/people/${cast.bob.id}`, stage.roomPath]) {
    await page.goto(path)
    await page.getByText("New servers tonight").first().waitFor()
    await expectAccessible(page, path)
  }
  await page.goto("/admin/log")
  await page.getByRole("button", { name: "Dismiss the announcement" }).click()
  await page.locator("form.announcement").waitFor({ state: "detached" })
  await page.reload()
  expect(await page.locator("form.announcement").count()).toBe(0)
})

async function signUp(page: Page, username: string): Promise<void> {
  await page.getByLabel("Username").fill(username)
  await page.getByLabel("Password").fill(password)
  await page.getByRole("button", { name: "Sign up" }).click()
  await page.getByRole("button", { name: "I have stored it" }).click()
}

async function logIn(page: Page, username: string): Promise<void> {
  await page.getByLabel("Username").fill(username)
  await page.getByLabel("Password").fill("password")
  await page.getByRole("button", { name: "Log in", exact: true }).click()
}
