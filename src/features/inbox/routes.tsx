import { Elysia } from "elysia"
import { FollowButton, FollowedFound, FollowedThreadsPage } from "../../../views/followed-threads.tsx"
import { InboxPage } from "../../../views/inbox.tsx"
import { type InboxFilter, inboxQuery } from "../../../views/inbox-filter.ts"
import { InboxFound, type InboxNotice, itemKey, type UnsentReply } from "../../../views/inbox-items.tsx"
import type { ProcedureError } from "../../kernel/index.ts"
import { goTo, html, retryHeaders, wantsFragment } from "../../web/reply.ts"
import { route } from "../../web/routes.ts"
import { field } from "../form-fields.ts"
import { deliver } from "../messages/deliver.ts"
import { requireChannel, requireMessage } from "../permissions/require.ts"
import { findPlaces } from "../rooms/store.ts"
import type { Services } from "../services.ts"
import { act, orThrow, refusalOf, requireViewer, type Visit } from "../visit.ts"
import { followedPageSize, InboxReason, InboxState, type ItemId } from "./contract.ts"
import { openInboxEvents } from "./live.ts"

type Posted = Visit & { body: unknown }
type OfThread = Visit & { params: { serverId: string; channelId: string } }

/** The message of a page after a form: the result, or the reply that could not be sent. */
interface Outcome {
  notice?: InboxNotice
  unsent?: UnsentReply
  error?: Pick<ProcedureError, "code" | "retryAfterSeconds">
}

/** The inbox, the followed threads, and their forms. */
export function inboxRoutes(services: Services) {
  return new Elysia()
    .get("/inbox", (visit) => show(services, visit, { notice: noticeOf(visit) }))
    .get("/inbox/threads", (visit) => showThreads(services, visit))
    .get("/inbox/events", (visit) => openInboxEvents(services, visit), route({ streams: true }))
    .post("/inbox/done", async (visit) => {
      await requireViewer(services, visit)
      const item = itemOf(visit)
      orThrow(await act(services, visit, "markDone", item))
      return done(services, visit, { did: "done", ...addressOf(item) })
    })
    .post("/inbox/undone", async (visit) => {
      await requireViewer(services, visit)
      orThrow(await act(services, visit, "markUndone", itemOf(visit)))
      return done(services, visit, { did: "undone" })
    })
    .post("/inbox/unread", async (visit) => {
      await requireViewer(services, visit)
      orThrow(await act(services, visit, "markItemUnread", itemOf(visit)))
      return done(services, visit, { did: "marked-unread" })
    })
    .post("/inbox/read", async (visit) => {
      const serverId = field(visit.body, "serverId") || undefined
      const { undoId } = orThrow(await act(services, visit, "markAllRead", { serverId }))
      return done(services, visit, { did: "read", undoId })
    })
    .post("/inbox/read/undo", async (visit) => {
      orThrow(await act(services, visit, "undoMarkAllRead", { undoId: field(visit.body, "undoId") }))
      return done(services, visit, { did: "unread" })
    })
    .post("/inbox/reply", (visit) => reply(services, visit))
    .post("/servers/:serverId/channels/:channelId/follow", (visit) => follow(services, visit, true))
    .post("/servers/:serverId/channels/:channelId/unfollow", (visit) => follow(services, visit, false))
}

async function show(services: Services, visit: Visit, outcome: Outcome): Promise<Response> {
  const { request } = visit
  const viewer = await requireViewer(services, visit)
  const filter = filterOf(visit)
  const { items, older } = orThrow(await act(services, visit, "getInbox", filter))
  const { notice, unsent, error } = outcome
  const found = { filter, items, older, notice, unsent }
  const options = { status: error?.code, headers: retryHeaders(error ?? {}) }
  if (wantsFragment(request))
    return html(request, String(<InboxFound {...found} clock={viewer.clock} />), options)

  const places = await findPlaces(services.db, viewer.id)
  return html(request, String(<InboxPage viewer={viewer} {...places} {...found} />), options)
}

async function showThreads(services: Services, visit: Visit): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const asked = Number(new URL(visit.request.url).searchParams.get("skip") ?? 0)
  const skip = Number.isSafeInteger(asked) ? asked : 0
  const threads = orThrow(await act(services, visit, "getFollowedThreads", { skip }))
  const next = threads.length === followedPageSize ? skip + followedPageSize : undefined
  if (wantsFragment(visit.request)) {
    const found = <FollowedFound threads={threads} next={next} clock={viewer.clock} />
    return html(visit.request, String(found))
  }
  const places = await findPlaces(services.db, viewer.id)
  const page = <FollowedThreadsPage viewer={viewer} {...places} threads={threads} next={next} />
  return html(visit.request, String(page))
}

/** Answers a form: with the list as it is now, or the way to the page that shows it. */
function done(services: Services, visit: Visit, did: Record<string, string>): Response | Promise<Response> {
  if (wantsFragment(visit.request))
    return show(services, visit, { notice: noticeFor(new URLSearchParams(did)) })
  return goTo(visit.request, `/inbox${inboxQuery(filterOf(visit), did)}`)
}

/** Sends an answer in the channel of the item, and marks the item as done. */
async function reply(services: Services, visit: Posted): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const item = itemOf(visit)
  const { message } = await requireMessage(services, viewer, item.messageId, "readHistory")
  const { id: replyTo, serverId, channelId } = message
  const content = field(visit.body, "content")
  const to = { ...visit, params: { serverId, channelId } }
  const { failure } = await deliver(services, to, { content, replyTo })
  if (failure) {
    const unsent = { key: itemKey({ message, reason: item.reason }), content, error: failure.message }
    return show(services, visit, { unsent, error: failure })
  }
  const { success } = await act(services, visit, "markDone", item)
  return done(services, visit, success ? { did: "sent", ...addressOf(item) } : { did: "sent" })
}

async function follow(services: Services, visit: OfThread, isFollowed: boolean): Promise<Response> {
  const { request, params } = visit
  const viewer = await requireViewer(services, visit)
  const { channel } = await requireChannel(services, viewer, params)
  const name = isFollowed ? "followThread" : "unfollowThread"
  const result = await act(services, visit, name, { channelId: channel.id })
  if (!result.success) throw refusalOf(result.error)

  const address = `/servers/${channel.serverId}/channels/${channel.id}`
  if (new URL(request.url).searchParams.get("from") === "inbox")
    return wantsFragment(request) ? showThreads(services, visit) : goTo(request, "/inbox/threads")
  if (!wantsFragment(request)) return goTo(request, address)

  return html(request, String(<FollowButton address={address} isFollowed={isFollowed} />))
}

/** The filter in the query of a URL, without invalid values. */
function filterOf({ request }: Visit): InboxFilter {
  const { searchParams } = new URL(request.url)
  return {
    state: InboxState.safeParse(searchParams.get("state")).data ?? "open",
    reason: InboxReason.safeParse(searchParams.get("reason")).data,
    serverId: searchParams.get("server") || undefined,
    before: searchParams.get("before") || undefined,
  }
}

function itemOf({ body }: Posted): ItemId {
  // The contract refuses an invalid reason.
  return { messageId: field(body, "messageId"), reason: field(body, "reason") as ItemId["reason"] }
}

/** In an address, where `reason` is what the list is filtered by. */
function addressOf({ messageId, reason }: ItemId): Record<string, string> {
  return { item: messageId, why: reason }
}

function noticeOf({ request }: Visit): InboxNotice | undefined {
  return noticeFor(new URL(request.url).searchParams)
}

/** Says what was done, by what the answer to a form put into the address. */
function noticeFor(did: URLSearchParams): InboxNotice | undefined {
  const [messageId, reason, undoId] = [did.get("item"), did.get("why"), did.get("undoId")]
  const undone =
    messageId && reason ? { action: "undone" as const, fields: { messageId, reason } } : undefined
  switch (did.get("did")) {
    case "done":
      return { text: "Marked as done.", undo: undone }
    case "sent":
      return { text: "Sent, and marked as done.", undo: undone }
    case "undone":
      return { text: "Moved back to the inbox." }
    case "marked-unread":
      return { text: "Marked as unread." }
    case "read":
      return {
        text: "Everything is marked as read.",
        undo: undoId ? { action: "read/undo", fields: { undoId } } : undefined,
      }
    case "unread":
      return { text: "Unread again." }
    default:
      return undefined
  }
}
