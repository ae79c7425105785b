import { insertBan } from "../../src/features/bans/store.ts"
import { insertBlock } from "../../src/features/blocks/store.ts"
import { insertConversation } from "../../src/features/conversations/store.ts"
import { insertDone, recordInboxItems } from "../../src/features/inbox/store.ts"
import { insertInvitation } from "../../src/features/instance/invitations.ts"
import { insertMember } from "../../src/features/members/store.ts"
import type { Message } from "../../src/features/messages/contract.ts"
import { updateTimeout } from "../../src/features/moderation/timeouts.ts"
import {
  administrate,
  keepWaiting,
  putAddress,
  putAnnouncement,
  putLink,
  putRecoveryCode,
  putVerification,
  suspend,
} from "./administrators.ts"
import { appear, expectData, givePassword, type Person, type TestChat } from "./chat.ts"
import { putConnection, putProvider } from "./identity-providers.ts"
import { putLater } from "./later.ts"
import { listen } from "./listen.ts"
import { putPasskeys } from "./passkeys.ts"
import { upload } from "./pictures.ts"
import { putPoll } from "./polls.ts"
import { putPreview } from "./previews.ts"
import {
  deviceId,
  factorCodes,
  loginStep,
  type Place,
  type ProcedureName,
  recoveryCode,
  resetToken,
  setUpToken,
  verificationToken,
} from "./procedure-rules/rule.ts"
import { putPushDevice } from "./push.ts"
import { putReport } from "./reports.ts"
import { say } from "./say.ts"
import { putFactor } from "./second-factors.ts"

const name = "Renamed"

/** Stores what the calls are about. */
export async function furnish(app: TestChat, procedure: ProcedureName): Promise<Place> {
  const { chat, cast, lab, general, room } = app
  // Once there is an administrator, the address to set up does not work any more.
  if (procedure !== "setUpInstance") await administrate(chat, cast.alice.id)
  const [wanda, sybil] = [await appear(chat, "wanda"), await appear(chat, "sybil")]
  const carol = await appear(chat, "carol")
  if (procedure !== "setUpInstance") await administrate(chat, carol.id)
  await givePassword(chat, carol, app)
  const dave = await appear(chat, "dave")
  await keepWaiting(chat, wanda.id)
  await suspend(chat, sybil.id)
  const friends = { createdByName: "alice", note: "", maxUses: null, expiresAt: null }
  const invitation = await chat.commits.decide((tx) => insertInvitation(tx, friends))
  await putLink(chat, { token: setUpToken, purpose: "setup" })
  await putLink(chat, { token: resetToken, purpose: "password", userId: cast.bob.id })
  await putRecoveryCode(chat, cast.bob.id, recoveryCode)
  await putAddress(chat, cast.bob.id, "bob@example.org")
  await putVerification(chat, {
    ...{ token: verificationToken, userId: cast.bob.id, address: "bob@example.net" },
  })
  await putFactor(chat, { userId: cast.bob.id, codes: factorCodes, step: loginStep, deviceId })
  await putFactor(chat, { userId: cast.alice.id, isBegun: true })
  const bob = await listen(cast.bob, room)
  await bob.send("hello")
  await bob.send("begins a thread")
  bob.stop()
  const invite = expectData(await cast.alice.client.mutate("createInvite", { serverId: lab.id }))
  const dora = await appear(chat, "dora")
  const groupId = crypto.randomUUID()
  await chat.commits.decide((tx) =>
    insertConversation(tx, { id: groupId, pair: null, openerId: cast.alice.id, userIds: [dora.id] }),
  )
  await chat.commits.decide((tx) => insertBlock(tx, { userId: cast.bob.id, blockedId: dora.id }))
  await chat.commits.decide((tx) => insertBan(tx, { serverId: lab.id, userId: dora.id, reason: null }))
  const sessions = expectData(await cast.bob.client.query("getSessions", null))
  const [message, beginning] = bob.heard
  const begun = { messageId: beginning?.id ?? "" }
  const thread = expectData(await cast.bob.client.mutate("createThread", begun))
  await say(app, cast.alice, "unread")
  const marked = expectData(await cast.bob.client.mutate("markAllRead", {}))
  if (message) await putInboxItems(app, message)
  await putPoll(chat, message?.id ?? "")
  const bot = expectData(await cast.alice.client.mutate("createBot", { username: "robot" }))
  const token = expectData(await cast.alice.client.mutate("createBotToken", { botId: bot.id }))
  const webhook = expectData(
    await cast.alice.client.mutate("createWebhook", { channelId: general.id, name: "Builds" }),
  )
  const url = "https://hook.example/"
  const hook = expectData(
    await cast.alice.client.mutate("createOutgoingWebhook", { channelId: general.id, url }),
  )
  const category = expectData(await cast.alice.client.mutate("createCategory", { serverId: lab.id, name }))
  const rule = expectData(
    await cast.alice.client.mutate("createAutomodRule", {
      serverId: lab.id,
      name: "Words",
      trigger: { kind: "words", words: ["badword"] },
      actions: [{ kind: "block" }],
    }),
  )
  const role = expectData(await cast.alice.client.mutate("createRole", { serverId: lab.id, name }))
  const overwrite = { ...room, id: role.id, type: 0, allow: "2048", deny: "0" } as const
  expectData(await cast.alice.client.mutate("setOverwrite", overwrite))
  const inCategory = { serverId: lab.id, categoryId: category.id, name: "grouped" }
  const grouped = expectData(await cast.alice.client.mutate("createChannel", inCategory))
  const erin = await appear(chat, "erin")
  await chat.commits.decide(async (tx) => {
    await insertMember(tx, lab.id, erin.id)
    await updateTimeout(tx, lab.id, erin.id, new Date(Date.now() + 3_600_000))
  })
  const { undoId } = expectData(
    await cast.alice.client.mutate("setSlowMode", { channelId: general.id, seconds: 0 }),
  )
  const providerId = await putProvider(chat)
  await putConnection(chat, cast.bob.id)
  return {
    serverId: lab.id,
    providerId,
    roleId: role.id,
    groupedId: grouped.id,
    channelId: general.id,
    threadId: thread.id,
    markedId: marked.undoId,
    timedOutId: erin.id,
    undoId,
    categoryId: category.id,
    offeredId: await offerServer(app),
    messageId: message?.id ?? "",
    bobId: cast.bob.id,
    groupId,
    doraId: dora.id,
    wandaId: wanda.id,
    sybilId: sybil.id,
    invitationId: invitation.id,
    administrator: carol.token,
    suspended: await suspended(app, procedure, dave),
    announcementId: await putAnnouncement(chat),
    sessionId: sessions.find(({ isCurrent }) => isCurrent)?.id ?? "",
    botId: bot.id,
    tokenId: token.id,
    webhookId: webhook.id,
    hookId: hook.id,
    previewId: await putPreview(chat, message?.id ?? ""),
    code: invite.code,
    fileId: (await upload(app, "bob")).id,
    ruleId: rule.id,
    pushDeviceId: await putPushDevice(chat, cast.bob),
    passkeys: await putPasskeys(chat, { userId: cast.bob.id, origin: "http://localhost" }),
    reportId: await putReport(app, message?.id ?? ""),
    ...(await putLater(cast.bob, { messageId: message?.id ?? "", channelId: general.id })),
  }
}

/** For bob: an item, and one that is done. */
async function putInboxItems({ chat, cast }: TestChat, message: Message): Promise<void> {
  const userId = cast.bob.id
  await chat.commits.decide(async (tx) => {
    await recordInboxItems(tx, [
      { userId, reason: "mention", message },
      { userId, reason: "reply", message },
    ])
    const item = { messageId: message.id, reason: "reply" } as const
    await insertDone(tx, { userId, item, message, roleIds: [], doneAt: new Date() })
  })
}

/** Suspends a member; returns the token of the session that they had. */
async function suspended({ chat, cast, lab }: TestChat, procedure: ProcedureName, person: Person) {
  await chat.commits.decide((tx) => insertMember(tx, lab.id, person.id))
  if (procedure !== "setUpInstance")
    expectData(await cast.alice.client.mutate("suspendPerson", { userId: person.id }))
  return person.token
}

/** Alice's server that she offers to bob. */
async function offerServer({ cast, chat }: TestChat): Promise<string> {
  const { client } = cast.alice
  const { id: serverId } = expectData(await client.mutate("createServer", { name: "Offered" }))
  await chat.commits.decide((tx) => insertMember(tx, serverId, cast.bob.id))
  expectData(await client.mutate("transferServer", { serverId, userId: cast.bob.id, name: "Offered" }))
  return serverId
}
