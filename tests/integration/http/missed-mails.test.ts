import { expect, test } from "bun:test"
import { inboxItems, notificationLevels } from "../../../drizzle/schema.ts"
import { missedMailDuty } from "../../../src/features/missed-mails/duty.ts"
import { putAddress } from "../../support/administrators.ts"
import { expectData } from "../../support/chat.ts"
import { the } from "../../support/html.ts"
import { openMailbox } from "../../support/mailbox.ts"
import { say } from "../../support/say.ts"
import { createTestServer, type TestServer } from "../../support/server.ts"

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** Alice mentions bob, which waits in his inbox since then. */
async function mention(server: TestServer, content: string, at: Date): Promise<string> {
  const { alice, bob } = server.cast
  const messageId = await say(server, alice, content)
  const row = {
    userId: bob.id,
    messageId,
    channelId: server.general.id,
    position: 0,
    reason: "mention",
    at,
  } as const
  const { position } =
    expectData(await alice.client.query("getMessages", { channelId: server.general.id })).at(-1) ?? row
  await server.chat.commits.decide((tx) =>
    tx
      .insert(inboxItems)
      .values({ ...row, position })
      .run(),
  )
  return messageId
}

test("what waits unread for a quarter of an hour is gathered in one mail a day, which one click ends", async () => {
  using mailbox = await openMailbox()
  using server = await createTestServer(mailbox.environment)
  const { chat, cast } = server
  const { bob } = cast
  const start = Date.now()
  const run = (ms: number) => chat.workers.get(missedMailDuty).run(new Date(start + ms))
  const choose = () => bob.client.mutate("setMissedMails", { mails: "missed" })
  expect((await choose()).error?.code).toBe(409)
  await putAddress(chat, bob.id, "bob@example.org")
  await mention(server, "too early to write of", new Date(start - 20 * minuteMs))
  await run(0)
  expect(mailbox.letters).toEqual([])

  expectData(await choose())
  await mention(server, "hello <b>@bob</b>", new Date(start))
  const read = await mention(server, "read at once", new Date(start))
  const positions = expectData(await bob.client.query("getMessages", { channelId: server.general.id }))
  expect(positions.at(-1)?.id).toBe(read)
  await run(0)
  const first = await mailbox.letter(1)

  expect(first.to).toEqual(["bob@example.org"])
  expect(first.raw).toContain("You missed 3 messages")
  expect(first.raw).toContain("alice mentioned you in #general, Lab: too early to write of")
  expect(first.raw).toContain("hello <b>@bob</b>")
  expect(first.raw).toContain("hello &lt;b&gt;@bob&lt;/b&gt;")
  expect(first.raw).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r?$/m)
  const path = first.raw.match(/^List-Unsubscribe:\s+<https?:\/\/[^/]+(\/unsubscribe\/[^>]+)>/m)?.[1] ?? ""
  expect(path).toStartWith("/unsubscribe/")

  // Nothing more today, and of what was read nothing ever.
  await mention(server, "the next day", new Date(start + hourMs))
  await run(23 * hourMs)
  expect(mailbox.letters).toHaveLength(1)
  expectData(await bob.client.mutate("markChannelRead", { channelId: server.general.id }))
  await run(25 * hourMs)
  expect(mailbox.letters).toHaveLength(1)
  await mention(server, "unread again", new Date(start + 2 * hourMs))
  await run(25 * hourMs)
  const second = await mailbox.letter(2)
  expect(second.raw).toContain("You missed a message")
  expect(second.raw).not.toContain("the next day")

  // Looking at the link ends nothing; a mail program's click does, without a session or a page of ours.
  const page = await (await fetch(server.origin + path)).text()
  expect(the(page, "form").attributes.action).toBe(path)
  const settings = async () => expectData(await bob.client.query("getMissedMails", null)).mails
  expect(await settings()).toBe("missed")
  const click = (at: string) =>
    fetch(server.origin + at, {
      method: "POST",
      body: new URLSearchParams({ "List-Unsubscribe": "One-Click" }),
    })
  expect((await click(`${path}x`)).status).toBe(404)
  expect(await settings()).toBe("missed")
  expect((await click(path)).status).toBe(200)
  expect(await settings()).toBe("never")
  await mention(server, "never", new Date(start + 48 * hourMs))
  await run(50 * hourMs)
  expect(mailbox.letters).toHaveLength(2)
})

test("messages in a conversation are missed too, unless it is muted", async () => {
  using mailbox = await openMailbox()
  using server = await createTestServer(mailbox.environment)
  const { chat, cast } = server
  const { alice, bob } = cast
  await putAddress(chat, bob.id, "bob@example.org")
  expectData(await bob.client.mutate("setMissedMails", { mails: "missed" }))
  const { channelId, id: serverId } = expectData(
    await alice.client.mutate("openConversation", { userIds: [bob.id] }),
  )
  const run = (hours: number) => chat.workers.get(missedMailDuty).run(new Date(Date.now() + hours * hourMs))
  const mute = (mutedUntil: Date | null) => {
    const row = {
      userId: bob.id,
      placeId: channelId,
      place: "channel" as const,
      mutedUntil,
      updatedAt: new Date(),
    }
    return chat.commits.decide(async (tx) => {
      await tx.delete(notificationLevels).run()
      await tx.insert(notificationLevels).values(row).run()
    })
  }
  await say({ room: { serverId, channelId } }, alice, "are you there?")
  await mute(new Date(Date.now() + 48 * hourMs))
  await run(1)
  expect(mailbox.letters).toEqual([])

  await mute(null)
  await run(1)
  const letter = await mailbox.letter(1)

  expect(letter.raw).toContain("alice: are you there?")
  expectData(await bob.client.mutate("markChannelRead", { channelId }))
  await run(26)
  expect(mailbox.letters).toHaveLength(1)
})
