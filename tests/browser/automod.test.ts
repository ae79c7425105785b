import { expect } from "bun:test"
import { story } from "../support/browser.ts"
import { expectData } from "../support/chat.ts"
import { expectAccessible } from "./accessible.ts"
import { choose, composer, meet, message, notice, say, texts } from "./room.ts"

// A server with rules, from a member's and from a moderator's side.

story("a rule stops a message, its sender keeps it, and a report reaches the moderator", async (stage) => {
  const { cast, lab, general, open } = stage
  const settings = `/servers/${lab.id}/settings`
  const [alice, bob] = await meet(open, cast.alice, cast.bob)
  const manager = await open(cast.alice, { path: `${settings}/automod/new?kind=words` })
  await expectAccessible(manager, "a new rule")
  await manager.getByLabel("Name").fill("Spam")
  await manager.getByLabel("Words").fill("spam*")
  await manager.getByLabel("Message to the sender").fill("No spam please")
  await manager.getByLabel("Alert a channel").check()
  await manager.getByRole("button", { name: "Create rule" }).click()
  await manager.getByRole("link", { name: "Spam" }).waitFor()
  await expectAccessible(manager, "the rules")

  await say(bob, "buy spamming now")

  await message(bob, "buy spamming now").getByText("No spam please").waitFor()
  await notice(alice, "Blocked a message").waitFor()
  expect(await texts(alice)).toHaveLength(1) // the alert alone
  await say(bob, "hello")
  await message(alice, "hello").waitFor()
  await say(alice, "welcome")
  await message(bob, "welcome").waitFor()

  await choose(bob, "welcome", "Report")
  await bob.getByLabel("What is wrong with it?").fill("Too friendly")
  await bob.getByRole("button", { name: "Report" }).click()
  await bob.getByRole("dialog", { name: "Reported" }).waitFor()

  await manager.goto(`${stage.origin}${settings}/reports`)
  await manager.getByRole("link", { name: "A message by alice" }).click()
  await manager.getByText("Too friendly").waitFor()
  await expectAccessible(manager, "a report")
  const change = { serverId: lab.id, rules: "Be kind.", defaultChannelIds: [general.id] }
  expectData(await cast.alice.client.mutate("updateJoinSettings", change))
  await manager.goto(`${stage.origin}${settings}/joining`)
  await expectAccessible(manager, "joining")

  const { code } = expectData(await cast.alice.client.mutate("createInvite", { serverId: lab.id }))
  const mallory = await open(cast.mallory, { path: `/invites/${code}` })
  await mallory.getByRole("button", { name: "Join server" }).click()
  await expectAccessible(mallory, "the rules of a server")
  await mallory.getByRole("button", { name: "Accept the rules" }).click()
  await mallory.getByText("You accepted them").waitFor()
  await mallory.getByRole("link", { name: "#general" }).click()
  await composer(mallory).waitFor()
  await say(mallory, "hello from mallory")
  await message(bob, "hello from mallory").waitFor()
})
