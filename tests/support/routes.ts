import ION from "@covenant-rpc/ion"
import { insertInvitation } from "../../src/features/instance/invitations.ts"
import { asset } from "../../src/web/assets.ts"
import { administrate, putAnnouncement } from "./administrators.ts"
import { expectData } from "./chat.ts"
import { putProvider } from "./identity-providers.ts"
import { putLater } from "./later.ts"
import { fileOf, upload } from "./pictures.ts"
import { putPoll } from "./polls.ts"
import { putAvatar, putPreview } from "./previews.ts"
import { putReport } from "./reports.ts"
import type { TestServer, Visitor } from "./server.ts"

/** What stands in an address in place of its `:names`. */
export type Ids = Record<
  | "serverId"
  | "channelId"
  | "messageId"
  | "userId"
  | "code"
  | "sessionId"
  | "procedure"
  | "exportId"
  | "botId"
  | "tokenId"
  | "webhookId"
  | "fileId"
  | "size"
  | "hookId"
  | "previewId"
  | "avatarId"
  | "token"
  | "act"
  | "invitationId"
  | "announcementId"
  | "ruleId"
  | "questionId"
  | "roleId"
  | "reportId"
  | "undoId"
  | "providerId"
  | "reminderId"
  | "scheduledId"
  | "feedId",
  string
>

/** Ids of things that are there: alice's server, a channel, a message with a picture, an invite and a session of hers, and bob. */
export async function idsOf(server: TestServer): Promise<Ids> {
  const { lab, general, cast } = server
  const messageId = crypto.randomUUID()
  const { id: fileId } = await upload(server, "alice")
  const fields = { content: "by alice", id: messageId, files: fileId }
  const sent = await server.as("alice").post(`${server.roomPath}/messages`, fields)
  if (sent.status !== 303) throw new Error(`alice could not send: ${sent.status}`)
  const { code } = expectData(await cast.alice.client.mutate("createInvite", { serverId: lab.id }))
  const sessions = expectData(await cast.alice.client.query("getSessions", null))
  const sessionId = sessions.find(({ isCurrent }) => isCurrent)?.id ?? ""
  const procedure = "getServers"
  const bot = expectData(await cast.alice.client.mutate("createBot", { username: "robot" }))
  const token = expectData(await cast.alice.client.mutate("createBotToken", { botId: bot.id }))
  const webhook = expectData(
    await cast.alice.client.mutate("createWebhook", { channelId: general.id, name: "Builds" }),
  )
  const url = "https://hook.example/"
  const hook = expectData(
    await cast.alice.client.mutate("createOutgoingWebhook", { channelId: general.id, url }),
  )
  await putPoll(server.chat, messageId)
  await administrate(server.chat, cast.alice.id)
  const friends = { createdByName: "alice", note: "", maxUses: null, expiresAt: null }
  const invitation = await server.chat.commits.decide((tx) => insertInvitation(tx, friends))
  const rule = expectData(
    await cast.alice.client.mutate("createAutomodRule", {
      serverId: lab.id,
      name: "Words",
      trigger: { kind: "words", words: ["badword"] },
      actions: [{ kind: "block" }],
    }),
  )
  const role = expectData(await cast.alice.client.mutate("createRole", { serverId: lab.id, name: "Helpers" }))
  const questionId = crypto.randomUUID()
  const answers = [{ id: crypto.randomUUID(), label: "Nothing", roleId: null }]
  const questions = [{ id: questionId, title: "What do you like?", isMultiple: false, answers }]
  expectData(await cast.alice.client.mutate("updateJoinSettings", { serverId: lab.id, questions }))
  const slowed = expectData(
    await cast.alice.client.mutate("setSlowMode", { channelId: general.id, seconds: 0 }),
  )
  return {
    serverId: lab.id,
    channelId: general.id,
    messageId,
    userId: cast.bob.id,
    code,
    sessionId,
    procedure,
    exportId: crypto.randomUUID(),
    botId: bot.id,
    tokenId: token.id,
    webhookId: webhook.id,
    hookId: hook.id,
    previewId: await putPreview(server.chat, messageId),
    avatarId: await putAvatar(server.chat, general.id),
    // Who may post by it holds its address; these are people who do not.
    token: "wrong",
    act: "sessions",
    invitationId: invitation.id,
    announcementId: await putAnnouncement(server.chat),
    fileId,
    size: "400",
    ruleId: rule.id,
    questionId,
    roleId: role.id,
    reportId: await putReport(server, messageId),
    undoId: slowed.undoId,
    providerId: await putProvider(server.chat),
    ...(await putLater(cast.alice, { messageId, channelId: general.id })),
  }
}

/** Every route of the app as it is declared: `GET /servers/:serverId`. */
export function routesOf({ app }: TestServer): string[] {
  return app.routes.map(({ method, path }) => `${method} ${path}`)
}

/** The address of a route, with things in it that are there. */
export function addressOf(route: string, ids: Ids): string {
  const path = route.split(" ")[1] ?? ""
  return path
    .replace("/static/:version/*", asset("app.css"))
    .replace(/:file\b/, `${ids.userId}.css`)
    .replace(/:(\w+)/g, (_, name: keyof Ids) => encodeURIComponent(ids[name]))
}

/** What one sends to a route so that it would work. */
export function fieldsFor(route: string, ids: Ids): Record<string, string> {
  if (route.endsWith("/login") || route.endsWith("/signup")) return { username: "-", password: "" }
  if (/\/(messages|preview)$/.test(route) || route === "POST /messages/:messageId") return { content: "new" }
  if (route.endsWith("/account/password")) return { currentPassword: "password", newPassword: "password 2" }
  if (route.endsWith("/account/delete")) return { password: "password" }
  if (route.endsWith("/bans")) return { username: "bob" }
  if (route.endsWith("/bans/bulk")) return { names: "bob" }
  if (route === "POST /servers/:serverId/delete") return { name: "Lab" }
  if (route.endsWith("/timeout")) return { seconds: "60" }
  if (route.endsWith("/purge")) return { limit: "10" }
  if (route.endsWith("/slow-mode")) return { seconds: "30" }
  if (route.endsWith("/nickname")) return { nickname: "Bobby" }
  if (route === "POST /account/bots") return { username: "helper" }
  if (route === "POST /conversations") return { with: ids.userId }
  if (route.endsWith("/presence")) return { status: "idle" }
  if (route.endsWith("/alt")) return { alt: "new" }
  if (route.endsWith("/poll/votes")) return { answer: "0" }
  if (route.endsWith("/polls")) return { question: "Which?", answer: "only one" }
  if (route.endsWith("/reactions")) return { emoji: "👍" }
  if (route.endsWith("/remind") || route.endsWith("/:reminderId")) return { when: "1h" }
  if (route.endsWith("/scheduled") || route.endsWith("/:scheduledId")) return { content: "later", when: "1h" }
  if (route.endsWith("/account/feeds")) return { channelId: ids.channelId }
  if (route.endsWith("/read")) return { position: "1" }
  if (route.endsWith("/outgoing-webhooks")) return { url: "https://hook.example/" }
  if (/\/permissions(\/remove)?$/.test(route)) return { of: ids.roleId, "state-addReactions": "deny" }
  if (route.endsWith("/roles/move")) return { roleId: ids.roleId, position: "1" }
  if (route.endsWith("/roles/:roleId/members")) return { username: "bob" }
  if (route.includes("/settings/roles")) return { name: "new", color: "#000000" }
  if (route.endsWith("/joining/lock")) return { minutes: "5" }
  if (route.includes("/joining/questions/")) return { title: "new", answer0: "yes" }
  if (route.endsWith("/report")) return { reason: "Advertising" }
  if (route.endsWith("/close")) return { outcome: "dismissed" }
  if (route.includes("/automod")) return { kind: "words", name: "new", words: "spam", actions: "block" }
  return { name: "new" }
}

/** A call over the Covenant wire. */
const call = ION.stringify({ procedure: "getServers", inputs: null })

/** Asks a route as someone; of an endless answer only the beginning is awaited. */
export async function ask(
  visitor: Visitor,
  route: string,
  ids: Ids,
  init: RequestInit = {},
): Promise<Response> {
  const method = route.split(" ")[0] ?? ""
  const path = addressOf(route, ids)
  const aborter = new AbortController()
  const options = { method, signal: aborter.signal, ...init }
  if (route === "POST /api/covenant") return visitor.fetch(path, { ...options, body: call })
  if (method === "ALL") return visitor.fetch(path, { ...options, method: "POST" })

  if (route.endsWith("/channels/:channelId/files")) {
    const body = new FormData()
    body.append("files", fileOf("notes.txt", "new"))
    return visitor.fetch(path, { ...options, body })
  }
  const answer = await (method === "GET"
    ? visitor.get(path, options)
    : visitor.post(path, fieldsFor(route, ids), options))
  const isEndless = /\/(events|stream)$/.test(route) && answer.status === 200
  if (!isEndless) return answer

  aborter.abort()
  return new Response(null, { status: answer.status, headers: answer.headers })
}
