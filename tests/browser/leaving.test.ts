import { expect } from "bun:test"
import { story } from "../support/browser.ts"
import { appear, expectData } from "../support/chat.ts"
import { banner, composer, live, meet, member, message, say, texts } from "./room.ts"

story("somebody is online while one of their tabs is open", async ({ cast, chat, lab, open }) => {
  const carol = await appear(chat, "carol")
  const invite = expectData(await cast.alice.client.mutate("createInvite", { serverId: lab.id }))
  expectData(await carol.client.mutate("joinServer", { code: invite.code }))
  const [alice] = await meet(open, cast.alice)
  expect(await member(alice, "bob").getByText("offline").count()).toBe(1)

  const [bob, again, other] = await meet(open, cast.bob, cast.bob, carol)
  await member(alice, "bob").getByText("online").waitFor()
  await member(alice, "carol").getByText("online").waitFor()

  // Carol left last and is offline, so bob would be too by now.
  await bob.close()
  await other.close()
  await member(alice, "carol").getByText("offline").waitFor()
  expect(await member(alice, "bob").getByText("online").count()).toBe(1)

  await again.close()
  await member(alice, "bob").getByText("offline").waitFor()
})

story("a removed member is told why and receives nothing more", async ({ cast, open, expectTrouble }) => {
  // Bob's page may report his read position after his removal.
  expectTrouble(/403 .*\/read$/)
  const [alice, bob] = await meet(open, cast.alice, cast.bob)
  await say(alice, "before")
  await message(bob, "before").waitFor()

  await member(alice, "bob").hover()
  await member(alice, "bob").getByRole("link", { name: "Remove bob" }).click()
  await alice.getByRole("dialog").getByRole("button", { name: "Remove" }).click()
  await alice.getByRole("dialog").getByRole("button", { name: "Undo" }).waitFor()
  await alice.keyboard.press("Escape")
  await banner(bob).getByText("You are no longer a member of this server").waitFor()
  await live(alice)
  await say(alice, "after")

  await alice.locator("article[data-position]").filter({ hasText: "after" }).waitFor()
  expect(await texts(bob)).toEqual(["before"])
  await banner(bob).getByRole("link", { name: "My servers" }).click()
  await bob.getByRole("heading", { name: "My servers" }).waitFor()
  expect(await bob.getByRole("main").getByRole("link", { name: "Lab" }).count()).toBe(0)
})

story(
  "logging out in one tab ends the others, and logging in leads back",
  async ({ cast, open, roomPath }) => {
    const [bob] = await meet(open, cast.bob)
    const other = await bob.context().newPage()
    await other.goto("/")

    await other.getByRole("button", { name: "Your menu" }).click()
    await other.getByRole("button", { name: "Log out" }).click()
    await other.getByRole("heading", { name: "Log in" }).waitFor()

    await banner(bob).getByText("You are logged out").waitFor()
    await say(bob, "sent while logged out")
    await message(bob, "sent while logged out").getByText("Log in to send it").waitFor()
    await bob.getByRole("alert").getByText("Your message is sent then.").waitFor()
    await banner(bob).getByRole("link", { name: "Log in" }).click()
    await bob.getByLabel("Username").fill("bob")
    await bob.getByLabel("Password").fill("password")
    await bob.getByRole("button", { name: "Log in" }).click()
    await live(bob)
    expect(new URL(bob.url()).pathname).toBe(roomPath)
    await bob.locator("article[data-position]").filter({ hasText: "sent while logged out" }).waitFor()
  },
)

story("readers of a deleted channel are told so", async ({ cast, open }) => {
  const [alice, bob] = await meet(open, cast.alice, cast.bob)
  await composer(bob).fill("half a thought")

  await alice.getByRole("link", { name: "Channel settings" }).click()
  const dialog = alice.getByRole("dialog")
  await dialog.getByRole("link", { name: "Delete channel" }).click()
  await dialog.getByRole("button", { name: "Delete channel" }).click()

  await banner(bob).getByText("This channel was deleted").waitFor()
  await alice.getByRole("heading", { name: "Lab" }).waitFor()
  expect(await composer(bob).inputValue()).toBe("half a thought")
  expect(await composer(bob).isEnabled()).toBe(true)
})

for (const transport of ["ws", "sse"] as const) {
  story(
    `readers of a deleted server are told so over ${transport}, and led to their servers`,
    async (stage) => {
      const { cast, lab, open, roomPath, expectTrouble } = stage
      expectTrouble(/404/)
      // Another channel of the server is nowhere to go.
      expectData(await cast.alice.client.mutate("createChannel", { serverId: lab.id, name: "other" }))
      const bob = await open(cast.bob, { path: `${roomPath}?transport=${transport}` })
      await live(bob, transport)

      expectData(await cast.alice.client.mutate("deleteServer", { serverId: lab.id }))

      await banner(bob).getByText("This server was deleted.").waitFor()
      expect(await banner(bob).getByRole("link").allInnerTexts()).toEqual(["My servers"])
      await bob.reload()
      await bob.getByText("There is no such server. It may have been deleted").waitFor()
    },
  )
}

story("without JavaScript, readers of a deleted server are told so", async (stage) => {
  const { cast, lab, open, expectTrouble } = stage
  expectTrouble(/404/)
  const bob = await open(cast.bob, { javaScriptEnabled: false })
  const log = bob.frameLocator('iframe[name="log"]')
  await log.getByRole("heading", { name: "Messages in general" }).waitFor({ state: "attached" })

  expectData(await cast.alice.client.mutate("deleteServer", { serverId: lab.id }))

  await log.getByText("This server was deleted.").waitFor()
  await log.getByRole("link", { name: "Reload the page" }).click()
  await bob.getByText("There is no such server. It may have been deleted").waitFor()
})

story("a deleted channel leaves its readers' lists, and they are led to another one", async (stage) => {
  const { cast, lab, general, open } = stage
  const create = { serverId: lab.id, name: "other" }
  const other = expectData(await cast.alice.client.mutate("createChannel", create))
  const [bob] = await meet(open, cast.bob)
  const listed = (name: string) =>
    bob.getByRole("navigation", { name: "Channels" }).getByRole("link", { name, exact: true })
  await listed("general").waitFor()

  expectData(await cast.alice.client.mutate("deleteChannel", { channelId: general.id }))

  await banner(bob).getByText("This channel was deleted").waitFor()
  // What waits for a live room waits for the next one.
  expect(await bob.locator("#room[data-live]").count()).toBe(0)
  expect(await listed("general").count()).toBe(0)
  await banner(bob).getByRole("link", { name: "Go to other" }).click()
  await live(bob)
  expect(new URL(bob.url()).pathname).toBe(`/servers/${lab.id}/channels/${other.id}`)
})
