import { expect, test } from "bun:test"
import type { Message } from "../../../src/features/messages/contract.ts"
import { Clock, utc } from "../../../src/web/clock.ts"
import { fitted } from "../../../views/fitted.ts"
import { MessageItem } from "../../../views/messages.tsx"
import { fittedMessage, messageMarkup } from "../../../views/plain-message.tsx"

test("a plain message is the same markup from its form as from the view", () => {
  const plain: Message = {
    id: "2f0c8a4e-7a0b-4b7e-9a51-5ad2f0f5a001",
    serverId: "lab",
    channelId: "general",
    userId: "alice-1",
    username: `élise "<o'hare> & co`,
    content: "at 04:05 &lt; <b> *said* hue-3\n`code` \ue000",
    createdAt: new Date("2026-07-28T09:05:07.123Z"),
    editedAt: null,
    deletedAt: null,
    position: 7,
    ordinal: 3,
    seq: 9,
    extras: null,
  }
  const others: Partial<Message>[] = [
    { content: "from <t:1785276307:F> to <t:1785276307:R>" },
    { content: "🎉", username: "😀 smile" },
    { content: "long ".repeat(400) },
    { editedAt: plain.createdAt },
    { deletedAt: plain.createdAt, content: "" },
    { extras: { pinned: true, mentions: [{ userId: "bob", username: "bob" }] } },
  ]

  for (const other of [{}, ...others]) {
    const message = { ...plain, ...other }
    expect(messageMarkup(message)).toBe(String(<MessageItem message={message} />))
    for (const clock of [utc, new Clock("Asia/Kolkata", true)])
      expect(fittedMessage(message, { clock })).toBe(fitted(messageMarkup(message), { clock }))
  }
})
