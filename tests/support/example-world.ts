import { eq } from "drizzle-orm"
import { sessions } from "../../drizzle/schema.ts"
import {
  sampleInvitationId,
  sampleSuspendedId,
  sampleWaitingId,
} from "../../src/features/administration/docs.ts"
import { sampleAnnouncement } from "../../src/features/announcements/docs.ts"
import type { By } from "../../src/features/api/doc.ts"
import type { RequestExample } from "../../src/features/api/operations.ts"
import { sample } from "../../src/features/api/sample.ts"
import { sampleRuleId } from "../../src/features/automod/docs.ts"
import { insertBan } from "../../src/features/bans/store.ts"
import { insertBlock } from "../../src/features/blocks/store.ts"
import { insertConversation, updateConversationName } from "../../src/features/conversations/store.ts"
import { sampleAddress, sampleVerificationToken } from "../../src/features/email-addresses/docs.ts"
import { sampleFeedId } from "../../src/features/feeds/docs.ts"
import { sampleThreadId, sampleUndoId } from "../../src/features/inbox/docs.ts"
import { insertDone, recordInboxItems } from "../../src/features/inbox/store.ts"
import { sampleResetToken, sampleSetUpToken } from "../../src/features/instance/docs.ts"
import { insertInvitation } from "../../src/features/instance/invitations.ts"
import { findMessage } from "../../src/features/messages/store.ts"
import { sampleOwnChannelId } from "../../src/features/overwrites/docs.ts"
import {
  sampleAddAnswer,
  sampleAddStep,
  sampleConfirmationAnswer,
  sampleConfirmationStep,
  samplePasskeyAnswer,
  samplePasskeyId,
  samplePasskeyStep,
} from "../../src/features/passkeys/docs.ts"
import { samplePollId } from "../../src/features/polls/docs.ts"
import { samplePushDeviceId, samplePushKey } from "../../src/features/push/docs.ts"
import { pushSender } from "../../src/features/push/sender.ts"
import { sampleRecoveryCode } from "../../src/features/recovery-codes/docs.ts"
import { sampleReminderId } from "../../src/features/reminders/docs.ts"
import { sampleReportId } from "../../src/features/reports/docs.ts"
import { sampleRole } from "../../src/features/roles/docs.ts"
import { sampleScheduledId } from "../../src/features/scheduled-messages/docs.ts"
import {
  sampleAppCode,
  sampleDeviceId,
  sampleFactorCodes,
  sampleStep,
} from "../../src/features/second-factor/docs.ts"
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
import { putPasskeys } from "./passkeys.ts"
import { upload } from "./pictures.ts"
import { putPreview } from "./previews.ts"
import { putPushDevice } from "./push.ts"
import { putReport } from "./reports.ts"
import { appCode, putFactor } from "./second-factors.ts"
import { createTestServer, openTestServer } from "./server.ts"

// Furnishing takes far longer than most examples, so it is done once and copied.
let stored: ReturnType<typeof storeExampleWorld> | undefined

/**
 * A running server on which the examples of the documentation are true: all that `sample.ts` names is there. What a
 * new feature's examples are about is furnished in `storeExampleWorld`.
 */
export async function createExampleWorld(environment: Record<string, string> = {}) {
  stored ??= storeExampleWorld()
  const { world, names: known, webhook, category } = await stored
  const server = await openTestServer(world, { ...someMail, ...environment })
  const { cast, chat, lab, general, room } = server
  const { alice, bob } = cast
  // A passkey is one for the address of the server.
  const passkeys = await putPasskeys(chat, { userId: bob.id, origin: server.origin })
  const names = new Map<string, string>([
    ...known,
    [samplePasskeyId, passkeys.id],
    [sampleAddStep, passkeys.adding.step],
    [sampleAddAnswer, inJson(passkeys.adding.response)],
    [samplePasskeyStep, passkeys.login.step],
    [samplePasskeyAnswer, inJson(passkeys.login.response)],
    [sampleConfirmationStep, passkeys.confirming.step],
    [sampleConfirmationAnswer, inJson(passkeys.confirming.response)],
  ])

  /** Only while there is no administrator. */
  async function offerSetUp(): Promise<void> {
    await administrate(chat, alice.id, false)
    await putLink(chat, { token: sampleSetUpToken, purpose: "setup" })
  }

  /** Alice's, about bob's message. */
  async function putItem({ isDone }: { isDone: boolean }): Promise<void> {
    const messageId = names.get(sample.bobsMessageId) ?? sample.bobsMessageId
    const message = await findMessage(chat.db, messageId)
    if (!message) throw new Error("Bob's message is not there")
    const item = { userId: alice.id, reason: "reply" as const }
    await chat.commits.decide(async (tx) => {
      await recordInboxItems(tx, [{ ...item, message }])
      const done = { item: { messageId, reason: item.reason }, roleIds: [], doneAt: new Date() }
      if (isDone) await insertDone(tx, { userId: alice.id, message, ...done })
    })
  }

  async function beginThread(): Promise<void> {
    const { send, heard, stop } = await listen(alice, room)
    await send("Where do we meet?")
    stop()
    const messageId = heard.at(-1)?.id ?? ""
    names.set(sampleThreadId, expectData(await alice.client.mutate("createThread", { messageId })).id)
  }

  async function markAll(): Promise<void> {
    names.set(sampleUndoId, expectData(await alice.client.mutate("markAllRead", {})).undoId)
  }

  /** Each example of polls is about a poll that is new. */
  async function sendPoll(): Promise<void> {
    const id = crypto.randomUUID()
    const fields: [string, string][] = [
      ["question", "Where do we eat?"],
      ["answer", "Inside"],
      ["answer", "Outside"],
      ["id", id],
    ]
    const sent = await server.as("alice").post(`${server.roomPath}/polls`, fields)
    if (sent.status !== 303) throw new Error(`alice could not send a poll: ${sent.status}`)
    names.set(samplePollId, id)
  }

  /** To bob. */
  async function offerLab(): Promise<void> {
    const offer = { serverId: lab.id, userId: bob.id, name: lab.name }
    expectData(await alice.client.mutate("transferServer", offer))
  }

  /** What only one example is about, by where it asks: bob's message is plain everywhere else. */
  const onlyFor: Record<string, () => Promise<unknown>> = {
    setUpInstance: offerSetUp,
    confirmAuthenticator: async () => names.set(sampleAppCode, appCode(1)),
    getInbox: () => putItem({ isDone: false }),
    markDone: () => putItem({ isDone: false }),
    markUndone: () => putItem({ isDone: true }),
    markItemUnread: () => putItem({ isDone: true }),
    undoMarkAllRead: markAll,
    followThread: beginThread,
    unfollowThread: beginThread,
    votePoll: sendPoll,
    togglePollVote: sendPoll,
    endPoll: sendPoll,
    getPollVoters: sendPoll,
    deleteOverwrite: () =>
      alice.client.mutate("setOverwrite", { ...room, id: bob.id, type: 1, allow: "1024", deny: "0" }),
    async syncOverwrites() {
      const inCategory = { serverId: lab.id, categoryId: category.id, name: "own rules" }
      const own = expectData(await alice.client.mutate("createChannel", inCategory))
      const target = { serverId: lab.id, id: bob.id, type: 1, allow: "0", deny: "2048" } as const
      expectData(await alice.client.mutate("setOverwrite", { ...target, channelId: own.id }))
      names.set(sampleOwnChannelId, own.id)
    },
    endTimeout: () => alice.client.mutate("timeOutMember", { serverId: lab.id, userId: bob.id, seconds: 60 }),
    undoAct: async () => {
      const slow = { channelId: general.id, seconds: 5 }
      const { undoId } = expectData(await alice.client.mutate("setSlowMode", slow))
      names.set(sample.undoId, undoId)
    },
    acceptServer: offerLab,
    cancelTransfer: offerLab,
    removePreview: () => putPreview(chat, sample.bobsMessageId, sample.previewId),
    [sample.webhookMessageId]: async () => {
      const body = JSON.stringify({ content: "Build 512 passed.", username: "CI" })
      const address = `${server.origin}/api/webhooks/${webhook.id}/${webhook.token}?wait=true`
      const answer = await fetch(address, {
        method: "POST",
        body,
        headers: { "content-type": "application/json" },
      })
      const { id } = (await answer.json()) as { id: string }
      names.set(sample.webhookMessageId, id)
    },
  }

  async function prepareFor(asked: string): Promise<void> {
    for (const [ending, prepare] of Object.entries(onlyFor)) {
      if (!asked.split("?")[0]?.endsWith(ending)) continue
      delete onlyFor[ending]
      await prepare()
    }
  }

  /** Makes a request as it is documented; its answer as it would be documented. */
  async function ask(example: RequestExample, { by = example.by, ids = names }: Asking = {}) {
    const { method, path, headers, body } = example
    const token = by && cast[by].token
    await prepareFor(path)
    const real = (text: string) => replaced(text, ids)
    return fetch(server.origin + real(path), {
      method,
      redirect: "manual",
      headers: {
        ...headers,
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      body: body === undefined ? undefined : real(JSON.stringify(body)),
    })
  }

  /** An answer's text with the names of the documentation. */
  const toSample = (text: string) => replaced(text, new Map([...names].map(([name, id]) => [id, name])))
  const nowhere = new Map(Object.values(sample).map((id) => [id, id === sample.at ? id : "none"]))

  return { ...server, ask, prepareFor, toSample, nowhere, names, [Symbol.dispose]: server.close }
}

/** As it stands in a string of JSON. */
function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

/** Furnishes what the examples are about and returns it with the names that it has in them. */
async function storeExampleWorld() {
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

interface Asking {
  by?: By
  /** What to put in place of the examples' ids. */
  ids?: Map<string, string>
}

function replaced(text: string, names: Map<string, string>): string {
  return [...names].reduce((done, [name, id]) => done.replaceAll(name, id), text)
}
