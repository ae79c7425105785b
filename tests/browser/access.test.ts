import { story, unreachable } from "../support/browser.ts"
import { expectData } from "../support/chat.ts"
import { expectAccessible } from "./accessible.ts"
import { banner, choose, composer, live, meet, message, say, typeUntil } from "./room.ts"

story("login and sign-up are accessible", async ({ open, expectTrouble }) => {
  expectTrouble(/40[019]/)
  const page = await open(undefined, { path: "/login" })
  await expectAccessible(page, "login")
  await page.getByLabel("Username").fill("alice")
  await page.getByLabel("Password").fill("not it")
  await page.getByRole("button", { name: "Log in" }).click()
  await page.getByRole("alert").waitFor()
  await expectAccessible(page, "login with an error")

  await page.goto("/signup")
  await page.getByLabel("Username").fill("no spaces please")
  await page.getByLabel("Password").fill("short")
  await page.getByRole("button", { name: "Sign up" }).click()
  await page.getByRole("alert").waitFor()
  await expectAccessible(page, "sign up with errors")
})

const accountPages = [
  ...["/account", "/settings", "/account/password", "/account/delete", "/account/notifications"],
  ...["/account/feeds", "/account/mails", "/inbox/threads", "/reminders", "/scheduled"],
]

story("pages of servers and accounts are accessible", async ({ cast, lab, open, expectTrouble }) => {
  expectTrouble(/40[034]|410/)
  const invite = expectData(await cast.alice.client.mutate("createInvite", { serverId: lab.id }))
  const [alice, mallory] = await Promise.all([
    open(cast.alice, { path: "/" }),
    open(cast.mallory, { path: "/" }),
  ])
  await mallory.getByRole("heading", { name: "My servers" }).waitFor()
  await expectAccessible(mallory, "home without servers")
  await mallory.goto(`/invites/${invite.code}`)
  await expectAccessible(mallory, "an invite")
  await mallory.goto("/invites/none")
  await expectAccessible(mallory, "an invite that is gone")
  await mallory.goto(`/servers/${lab.id}`)
  await expectAccessible(mallory, "an error")

  await alice.getByRole("heading", { name: "My servers" }).waitFor()
  await expectAccessible(alice, "home with a server")
  for (const path of accountPages) {
    await alice.goto(path)
    await expectAccessible(alice, path)
  }
})

story("the forms of a server are accessible", async ({ cast, lab, open }) => {
  const alice = await open(cast.alice, { path: "/" })
  for (const path of ["members", "settings", "invites", "bans", "channels/new", "delete"]) {
    await alice.goto(`/servers/${lab.id}/${path}`)
    await expectAccessible(alice, path)
  }
})

story("a room is accessible", async ({ cast, open }) => {
  const [alice, bob] = await meet(open, cast.alice, cast.bob)
  await expectAccessible(alice, "an empty room")

  await say(alice, "see https://example.org/a")
  await say(bob, "and\nmore")
  await say(bob, "to delete")
  await message(alice, "to delete").waitFor()
  const deletion = await choose(alice, "to delete", "Delete")
  await expectAccessible(alice, "a dialog")
  await deletion.getByRole("button", { name: "Delete" }).click()
  await message(alice, "Message deleted").waitFor()
  await typeUntil(bob, alice.getByText("bob is typing…"))
  await expectAccessible(alice, "a room with messages")

  await alice.setViewportSize({ width: 1280, height: 800 })
  const edit = await choose(alice, "example.org", "Edit")
  await expectAccessible(alice, "editing")
  await edit.getByRole("button", { name: "Cancel" }).click()
})

story("a room with a lost connection and failed messages is accessible", async (stage) => {
  const { cast, open, expectTrouble } = stage
  expectTrouble(unreachable)
  const way = await stage.proxy()
  const alice = await open(cast.alice, { url: way.origin })
  await live(alice)
  // As in a page that was loaded when the limit was higher.
  await composer(alice).evaluate((box) => box.setAttribute("data-max-length", "9999"))
  await say(alice, "too long ".repeat(300))
  await alice.getByRole("article").getByText("at most 2000").waitFor()
  way.cut()
  await banner(alice).getByText("Connection lost").waitFor()
  await say(alice, "waits")
  await message(alice, "sending").waitFor()

  await expectAccessible(alice, "a room without a connection, a pending and a failed message")
})

story("a room without scripting is accessible", async ({ cast, open, roomPath, write }) => {
  await write(cast.bob, "line", 60)
  const alice = await open(cast.alice, { path: `${roomPath}?transport=stream` })
  const [log, form] = [
    alice.frameLocator("iframe[title='Messages']"),
    alice.frameLocator("iframe[title^='Write']"),
  ]
  await message(log, "line 60").waitFor()
  await composer(form).waitFor()

  await expectAccessible(alice, "the room in frames")
})
