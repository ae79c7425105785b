import { expect, test } from "bun:test"
import { administrate } from "../../support/administrators.ts"
import { createTestChat, expectData, type TestChat } from "../../support/chat.ts"
import { until } from "../../support/listen.ts"

async function createAdministered() {
  const app = await createTestChat()
  await administrate(app.chat, app.cast.alice.id)
  return app
}

const announce = ({ cast }: TestChat, text: string) => cast.alice.client.mutate("announce", { text })
const seenBy = async (app: TestChat, name: "alice" | "bob" | "mallory") =>
  expectData(await app.cast[name].client.query("getAnnouncement", null))

test("an announcement is seen by everyone until they dismiss it, and the next one again", async () => {
  using app = await createAdministered()
  const { bob } = app.cast
  expect(await seenBy(app, "bob")).toBeNull()

  const { id } = expectData(await announce(app, "  New servers tonight "))
  await until("the other node knows it", () => app.second.look.current.announcement?.id === id)
  const text = "New servers tonight"
  expect(await seenBy(app, "mallory")).toEqual({ id, text, isDismissed: false })
  expectData(await bob.client.mutate("dismissAnnouncement", { id }))
  expect(await seenBy(app, "bob")).toEqual({ id, text, isDismissed: true })
  expect(await seenBy(app, "mallory")).toEqual({ id, text, isDismissed: false })

  const next = expectData(await announce(app, "Done"))
  await until("the other node knows it", () => app.second.look.current.announcement?.id === next.id)
  expect(await seenBy(app, "bob")).toMatchObject({ text: "Done", isDismissed: false })
  expect((await bob.client.mutate("dismissAnnouncement", { id })).error?.code).toBe(404)
  expect(await seenBy(app, "bob")).toMatchObject({ text: "Done", isDismissed: false })
})

test("an announcement ends once, is recorded, and says something", async () => {
  using app = await createAdministered()
  const { client } = app.cast.alice
  expect((await client.mutate("clearAnnouncement", null)).error?.code).toBe(404)
  for (const text of ["", "  ", "x".repeat(501)]) expect((await announce(app, text)).error?.code).toBe(400)
  expectData(await announce(app, "x".repeat(500)))

  expectData(await client.mutate("clearAnnouncement", null))

  expect(await seenBy(app, "alice")).toBeNull()
  expect((await client.mutate("clearAnnouncement", null)).error?.code).toBe(404)
  const { entries } = expectData(await client.query("getInstanceLog", {}))
  expect(entries.map(({ action }) => action)).toEqual(["instance.announceEnd", "instance.announce"])
})
