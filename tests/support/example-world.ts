import type { By } from "../../src/features/api/doc.ts"
import type { RequestExample } from "../../src/features/api/operations.ts"
import { sample } from "../../src/features/api/sample.ts"
import { sampleThreadId, sampleUndoId } from "../../src/features/inbox/docs.ts"
import { insertDone, recordInboxItems } from "../../src/features/inbox/store.ts"
import { sampleSetUpToken } from "../../src/features/instance/docs.ts"
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
import { sampleAppCode } from "../../src/features/second-factor/docs.ts"
import { administrate, putLink, someMail } from "./administrators.ts"
import { expectData } from "./chat.ts"
import { listen } from "./listen.ts"
import { putPasskeys } from "./passkeys.ts"
import { putPreview } from "./previews.ts"
import { appCode } from "./second-factors.ts"
import { openTestServer } from "./server.ts"
import { storeExampleWorld } from "./stored-world.ts"

// Furnishing takes far longer than most examples, so it is done once and copied.
let stored: ReturnType<typeof storeExampleWorld> | undefined

/**
 * A running server on which the examples of the documentation are true: all that `sample.ts` names is there. What a
 * new feature's examples are about is furnished in `stored-world.ts`.
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

  async function prepareFor(asked: string, status = 200): Promise<void> {
    for (const [ending, prepare] of Object.entries(onlyFor)) {
      if (!asked.split("?")[0]?.endsWith(ending)) continue
      // They are refused where there is no offer.
      if (prepare === offerLab && status >= 400) continue
      delete onlyFor[ending]
      await prepare()
    }
  }

  /** Makes a request as it is documented; its answer as it would be documented. */
  async function ask(example: RequestExample, { by = example.by, ids = names }: Asking = {}) {
    const { method, path, headers, body } = example
    const token = by && cast[by].token
    await prepareFor(path, example.status)
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

interface Asking {
  by?: By
  /** What to put in place of the examples' ids. */
  ids?: Map<string, string>
}

function replaced(text: string, names: Map<string, string>): string {
  return [...names].reduce((done, [name, id]) => done.replaceAll(name, id), text)
}
