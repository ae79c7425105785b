import { expect, test } from "bun:test"
import { actionsFor } from "../../src/features/messages/actions.ts"
import { requireMessage } from "../../src/features/permissions/require.ts"
import { createTestChat, expectData, type Person, type TestChat } from "../support/chat.ts"
import { say } from "../support/say.ts"

test("each feature's actions are in one order, and only offered when they are possible", async () => {
  using app = await createTestChat()
  const { alice, bob } = app.cast
  const messageId = await say(app, bob, "hello")

  expect(await offered(app, alice, messageId)).toEqual([
    ...[
      "Add reaction",
      "Reply",
      "Reply in thread",
      "Save",
      "Remind me",
      "Pin",
      "Copy text",
      "Copy link",
      "Mark as unread from here",
      "Report",
    ],
    ...["Moderate author", "Delete"],
  ])

  expectData(await alice.client.mutate("addReaction", { messageId, emoji: "👍" }))
  expectData(await alice.client.mutate("pinMessage", { messageId }))
  expectData(await bob.client.mutate("editMessage", { messageId, content: "hello!" }))
  expectData(await bob.client.mutate("saveMessage", { messageId }))

  expect(await offered(app, bob, messageId)).toEqual([
    ...["Add reaction", "Reply", "Reply in thread", "Edit", "Remove from saved", "Remind me"],
    ...["Copy text", "Copy link", "Reactions", "Edit history", "Mark as unread from here", "Delete"],
  ])
  expect(await offered(app, alice, messageId)).toContain("Unpin")

  expectData(await bob.client.mutate("deleteMessage", { messageId }))
  expect(await offered(app, bob, messageId)).toEqual([])
})

async function offered({ chat }: TestChat, { id }: Person, messageId: string): Promise<string[]> {
  const { db, messageHooks } = chat
  const access = await requireMessage(chat, { id }, messageId)
  const actions = await actionsFor(messageHooks, { db, viewerId: id, ...access })
  return actions.map(({ label }) => label)
}
