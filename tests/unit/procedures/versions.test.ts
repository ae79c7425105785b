import { expect, test } from "bun:test"
import { maxVersions } from "../../../src/features/versions/contract.ts"
import { createTestChat, expectData, type TestChat } from "../../support/chat.ts"
import { say } from "../../support/say.ts"
import { readRows } from "../../support/test-database.ts"

test("what a message said before its edits can be read by members, oldest first", async () => {
  using app = await createTestChat()
  const id = await say(app, app.cast.alice, "frist")
  await edit(app, id, "first")
  await edit(app, id, "first, once more")

  const { versions } = await historyOf(app, id)

  expect(versions.map(({ content }) => content)).toEqual(["frist", "first", "first, once more"])
  const times = versions.map(({ writtenAt }) => writtenAt.getTime())
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  expect((await historyOf(app, await say(app, app.cast.alice, "plain"))).versions).toHaveLength(1)
})

test("an edit without a change makes no version, and of very many the first and the last are stored", async () => {
  using app = await createTestChat()
  const id = await say(app, app.cast.alice, "0")
  await edit(app, id, "0")
  expect((await historyOf(app, id)).versions).toHaveLength(1)

  for (let at = 1; at <= maxVersions + 5; at++) await edit(app, id, String(at))

  const said = (await historyOf(app, id)).versions.map(({ content }) => content)
  expect(said).toHaveLength(maxVersions + 1)
  expect([said[0], said[1], said.at(-1)]).toEqual(["0", "6", String(maxVersions + 5)])
})

test("a deleted message has no history", async () => {
  using app = await createTestChat()
  const id = await say(app, app.cast.alice, "the secret")
  await edit(app, id, "harmless")
  expect(JSON.stringify(await rows(app))).toContain("the secret")

  expectData(await app.cast.alice.client.mutate("deleteMessage", { messageId: id }))

  expect((await historyOf(app, id)).versions).toEqual([])
  expect(await rows(app)).toEqual([])
})

const edit = async ({ cast }: TestChat, messageId: string, content: string) =>
  expectData(await cast.alice.client.mutate("editMessage", { messageId, content }))
const historyOf = async ({ cast }: TestChat, messageId: string) =>
  expectData(await cast.bob.client.query("getMessageHistory", { messageId }))
const rows = ({ database }: TestChat) => readRows(database, "select * from message_versions")
