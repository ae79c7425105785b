import { expect } from "bun:test"
import { story } from "../support/browser.ts"
import { expectData } from "../support/chat.ts"

story("channels and roles are ordered by dragging them", async ({ cast, lab, open }) => {
  const { client } = cast.alice
  const serverId = lab.id
  const { id: categoryId } = expectData(await client.mutate("createCategory", { serverId, name: "Work" }))
  for (const name of ["one", "two"]) {
    expectData(await client.mutate("createChannel", { serverId, name, categoryId }))
    expectData(await client.mutate("createRole", { serverId, name }))
  }
  const channels = async () => {
    const all = expectData(await client.query("getChannels", { serverId }))
    return all.map(({ name, categoryId: category }) => `${category ? "Work/" : ""}${name}`)
  }
  const roles = async () =>
    expectData(await client.query("getRoles", { serverId }))
      .toSorted((a, b) => b.position - a.position)
      .map(({ name }) => name)
  expect(await channels()).toEqual(["general", "Work/one", "Work/two"])
  expect(await roles()).toEqual(["one", "two", "@everyone"])
  const alice = await open(cast.alice, { path: `/servers/${serverId}/settings/channels` })

  const drag = async (name: string, before: string) => {
    const row = (text: string) => alice.locator("li", { has: alice.getByText(text, { exact: true }) })
    const top = { sourcePosition: { x: 5, y: 5 }, targetPosition: { x: 5, y: 2 } }
    await alice.evaluate("document.body.setAttribute('data-old', '')")
    await row(name).dragTo(row(before), top)
    // The page that the form's answer leads to.
    await alice.waitForFunction("document.readyState === 'complete' && !document.body.matches('[data-old]')")
  }
  await drag("two", "one")
  expect(await channels()).toEqual(["general", "Work/two", "Work/one"])
  await drag("two", "general")
  expect(await channels()).toEqual(["two", "general", "Work/one"])

  await alice.goto(`/servers/${serverId}/settings/roles`)
  await drag("two", "one")
  expect(await roles()).toEqual(["two", "one", "@everyone"])
})
