import { eq } from "drizzle-orm"
import { sessions } from "../../drizzle/schema.ts"
import {
  sampleInvitationId,
  sampleSuspendedId,
  sampleWaitingId,
} from "../../src/features/administration/docs.ts"
import { sampleAnnouncement } from "../../src/features/announcements/docs.ts"
import { sample } from "../../src/features/api/sample.ts"
import { sampleRuleId } from "../../src/features/automod/docs.ts"
import { insertBan } from "../../src/features/bans/store.ts"
import { insertBlock } from "../../src/features/blocks/store.ts"
import { insertConversation, updateConversationName } from "../../src/features/conversations/store.ts"
import { sampleAddress, sampleVerificationToken } from "../../src/features/email-addresses/docs.ts"
import { sampleFeedId } from "../../src/features/feeds/docs.ts"
import { sampleResetToken } from "../../src/features/instance/docs.ts"
import { insertInvitation } from "../../src/features/instance/invitations.ts"
import { samplePushDeviceId, samplePushKey } from "../../src/features/push/docs.ts"
import { pushSender } from "../../src/features/push/sender.ts"
import { sampleRecoveryCode } from "../../src/features/recovery-codes/docs.ts"
import { sampleReminderId } from "../../src/features/reminders/docs.ts"
import { sampleReportId } from "../../src/features/reports/docs.ts"
import { sampleRole } from "../../src/features/roles/docs.ts"
import { sampleScheduledId } from "../../src/features/scheduled-messages/docs.ts"
import { sampleDeviceId, sampleFactorCodes, sampleStep } from "../../src/features/second-factor/docs.ts"
import { updateServer } from "../../src/features/servers/store.ts"
import {
  administrate,
  keepWaiting,
  putAddress,
  putAnnouncement,
  putLink,
  putRecoveryCode,
  putVerification,
  someMail,
  suspend,
} from "./administrators.ts"
import { appear, expectData } from "./chat.ts"
import { putConnection, putProvider } from "./identity-providers.ts"
import { putLater } from "./later.ts"
import { listen } from "./listen.ts"
import { upload } from "./pictures.ts"
import { putPushDevice } from "./push.ts"
import { putReport } from "./reports.ts"
import { putFactor } from "./second-factors.ts"
import { createTestServer } from "./server.ts"

/** Furnishes what the examples are about and returns it with the names that it has in them. */
export async function storeExampleWorld() {
  const server = await createTestServer(someMail)
  const { cast, chat, lab, general, room } = server
  const { alice, bob, mallory } = cast
  await chat.commits.decide((tx) => updateServer(tx, lab.id, { systemChannelId: general.id }))

  for (const [person, content, id] of [
    [alice, "Hello!", sample.messageId],
    [bob, "Hi, Alice.", sample.bobsMessageId],
  ] as const) {
    const { send, stop } = await listen(person, room)
    await send(content, id)
    stop()
  }
  const invite = expectData(await alice.client.mutate("createInvite", { serverId: lab.id }))
  const dora = await appear(chat, "dora")
  await chat.commits.decide((tx) =>
    insertBan(tx, { serverId: lab.id, userId: dora.id, reason: "Advertising" }),
  )
  await chat.commits.decide((tx) => insertBlock(tx, { userId: bob.id, blockedId: dora.id }))
  const groupId = crypto.randomUUID()
  await chat.commits.decide((tx) =>
    insertConversation(tx, { id: groupId, pair: null, openerId: alice.id, userIds: [bob.id] }),
  )
  await chat.commits.decide((tx) => updateConversationName(tx, groupId, "The two of us"))
  const role = await createHelpers()
  const sessionId = await keepTwoSessions()
  const bot = expectData(await alice.client.mutate("createBot", { username: "robot" }))
  const botToken = expectData(await alice.client.mutate("createBotToken", { botId: bot.id }))
  const webhook = expectData(
    await alice.client.mutate("createWebhook", { channelId: general.id, name: "Builds" }),
  )
  const { id: fileId } = await upload(server, "alice")
  const url = "https://hooks.example.org/chat"
  const hook = expectData(await alice.client.mutate("createOutgoingWebhook", { channelId: general.id, url }))

  const category = expectData(
    await alice.client.mutate("createCategory", { serverId: lab.id, name: "Projects" }),
  )
  const rule = expectData(
    await alice.client.mutate("createAutomodRule", {
      serverId: lab.id,
      name: "Slurs",
      trigger: { kind: "words", words: ["badword*"] },
      actions: [{ kind: "block", message: "Please stay friendly" }],
    }),
  )

  await administrate(chat, alice.id)
  await putRecoveryCode(chat, bob.id, sampleRecoveryCode, new Date(sample.at))
  await putAnnouncement(chat, sampleAnnouncement)
  await putAddress(chat, alice.id, "alice@example.org")
  await putVerification(chat, { token: sampleVerificationToken, userId: bob.id, address: sampleAddress })
  const staff = { group: "staff", serverId: lab.id, roleId: role.id }
  await putProvider(chat, { groupsClaim: "groups", domains: ["example.org"], groupRoles: [staff] })
  await putConnection(chat, bob.id)
  await putLink(chat, { token: sampleResetToken, purpose: "password", userId: bob.id })

  const [waiting, suspended] = [await appear(chat, "wanda"), await appear(chat, "sybil")]
  await keepWaiting(chat, waiting.id)
  await suspend(chat, suspended.id)
  const friends = { createdByName: "alice", note: "Friends", maxUses: 10, expiresAt: null }
  const invitation = await chat.commits.decide((tx) => insertInvitation(tx, friends))

  const [codes, step, deviceId] = [sampleFactorCodes, sampleStep, sampleDeviceId]
  await putFactor(chat, { userId: bob.id, codes, step, deviceId })
  await putFactor(chat, { userId: alice.id, isBegun: true })
  const pushDeviceId = await putPushDevice(chat, bob, { createdAt: new Date(sample.at) })

  /** What stands in the examples, and what is there. */
  const names = new Map<string, string>([
    [sample.serverId, lab.id],
    [sample.channelId, general.id],
    [sample.categoryId, category.id],
    [sample.aliceId, alice.id],
    [sample.bobId, bob.id],
    [sample.malloryId, mallory.id],
    [sample.doraId, dora.id],
    [sample.code, invite.code],
    [sample.roleId, role.id],
    [sample.sessionId, sessionId],
    [sample.botId, bot.id],
    [sample.botTokenId, botToken.id],
    [sample.webhookId, webhook.id],
    [sample.webhookToken, webhook.token],
    [sample.fileId, fileId],
    [sample.hookId, hook.id],
    [sample.groupId, groupId],
    [sampleRuleId, rule.id],
    [sampleWaitingId, waiting.id],
    [sampleSuspendedId, suspended.id],
    [sampleInvitationId, invitation.id],
    [samplePushDeviceId, pushDeviceId],
    [samplePushKey, await chat.workers.get(pushSender).publicKey()],
    [sampleReportId, await putReport(server, sample.messageId)],
    ...(await putSamplesForLater()),
  ])

  // Stores what can be searched, too.
  expectData(await alice.client.query("searchMessages", { query: "hello" }))
  return { world: await server.keep(), names, webhook, category }

  async function putSamplesForLater(): Promise<[string, string][]> {
    const at = { messageId: sample.messageId, channelId: general.id }
    const { reminderId, scheduledId, feedId } = await putLater(alice, at)
    const own = { scheduledId, content: "Good morning!" }
    expectData(await alice.client.mutate("updateScheduledMessage", own))
    return [
      [sampleReminderId, reminderId],
      [sampleScheduledId, scheduledId],
      [sampleFeedId, feedId],
    ]
  }

  async function createHelpers() {
    const { id, serverId: _, position: __, ...fields } = sampleRole
    const role = expectData(await alice.client.mutate("createRole", { serverId: lab.id, ...fields }))
    expectData(await alice.client.mutate("giveRole", { serverId: lab.id, userId: bob.id, roleId: role.id }))
    return role
  }

  /** The one that asks, which calls itself curl, and another. */
  async function keepTwoSessions(): Promise<string> {
    const ofAlice = await chat.db.select().from(sessions).where(eq(sessions.userId, alice.id)).all()
    const [other] = ofAlice.filter(({ token }) => token !== alice.token)
    for (const { id, token } of ofAlice) {
      if (token !== alice.token && id !== other?.id)
        await chat.commits.decide((tx) => tx.delete(sessions).where(eq(sessions.id, id)).run())
    }
    const own = { userAgent: "curl/8.5.0", ipAddress: "203.0.113.7", updatedAt: new Date() }
    await chat.commits.decide((tx) =>
      tx.update(sessions).set(own).where(eq(sessions.token, alice.token)).run(),
    )
    const past = { userAgent: null, ipAddress: null, updatedAt: new Date(Date.now() - 60_000) }
    await chat.commits.decide((tx) =>
      tx
        .update(sessions)
        .set(past)
        .where(eq(sessions.id, other?.id ?? ""))
        .run(),
    )
    return other?.id ?? ""
  }
}
