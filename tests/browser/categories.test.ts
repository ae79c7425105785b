import { expect } from "bun:test"
import type { Page } from "playwright-core"
import { story } from "../support/browser.ts"
import { expectData } from "../support/chat.ts"
import { listen } from "../support/listen.ts"
import { meet } from "./room.ts"

const channels = (page: Page) => page.getByRole("navigation", { name: "Channels" })
const namesIn = (page: Page) => channels(page).locator("a[data-channel] .name:visible").allInnerTexts()

story("what a manager moves by buttons moves for everyone, live", async ({ cast, lab, open }) => {
  const { client } = cast.alice
  const serverId = lab.id
  const { id: categoryId } = expectData(await client.mutate("createCategory", { serverId, name: "Work" }))
  for (const name of ["one", "two"]) {
    expectData(await client.mutate("createChannel", { serverId, name, categoryId }))
  }
  const [bob] = await meet(open, cast.bob)
  expect(await namesIn(bob)).toEqual(["general", "one", "two"])
  const alice = await open(cast.alice, { path: `/servers/${serverId}/settings/channels` })

  await alice.getByRole("button", { name: "Move two up" }).click()
  await channels(bob).locator("li:has-text('two') + li:has-text('one')").waitFor()
  // The first of its category moves out of it.
  await alice.getByRole("button", { name: "Move two up" }).click()
  await channels(bob).locator("li:has-text('general') + li:has-text('two')").waitFor()

  expect(await namesIn(bob)).toEqual(["general", "two", "one"])
})

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "" : ", without JavaScript"
  story(`a collapsed category stays so and shows what is unread${how}`, async ({ cast, lab, open }) => {
    const { client } = cast.alice
    const serverId = lab.id
    const { id: categoryId } = expectData(await client.mutate("createCategory", { serverId, name: "Work" }))
    const add = async (name: string) =>
      expectData(await client.mutate("createChannel", { serverId, name, categoryId }))
    await add("quiet")
    const busy = await add("busy")
    await (await listen(cast.alice, { serverId, channelId: busy.id })).send("hello")
    const bob = await open(cast.bob, { javaScriptEnabled })
    const fold = channels(bob).getByRole("button", { name: "Work" })
    expect(await fold.getAttribute("aria-expanded")).toBe("true")

    await fold.click()
    await channels(bob).getByRole("button", { name: "Work", expanded: false }).waitFor()

    expect(await namesIn(bob)).toEqual(["general", "busy"])
    await bob.reload({ waitUntil: "commit" })
    await channels(bob).getByRole("button", { name: "Work", expanded: false }).click()
    await channels(bob).getByRole("link", { name: "quiet" }).waitFor()
  })
}
