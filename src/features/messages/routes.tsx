import { Elysia } from "elysia"
import { DeleteMessagePanel, EditMessagePanel } from "../../../views/messages.tsx"
import type { Ending } from "../../web/live/session.ts"
import { doneAt, goTo, retryHeaders, wantsJson } from "../../web/reply.ts"
import type { Viewer } from "../accounts/sessions.ts"
import { requireRoom } from "../channels/page.ts"
import { field, formState, panel } from "../forms.tsx"
import { findMember } from "../members/store.ts"
import { framedComposer, room } from "../rooms/routes.tsx"
import { act, callOf, requireViewer, type Site, Unshown, type Visit } from "../site.ts"
import { connect, endingOf } from "./session.ts"
import { findMessage } from "./store.ts"

type InRoom = Visit & { params: { serverId: string; channelId: string } }
type OfMessage = Visit & { params: { messageId: string } }

/** Sending, and what can be done with one message. */
export function messagesRoutes(site: Site) {
  return new Elysia()
    .post("/servers/:serverId/channels/:channelId/messages", (visit) => send(site, visit, visit.body))
    .get("/messages/:messageId", async (visit) => {
      const { message } = await requireMessage(site, visit)
      const { id, serverId, channelId } = message
      return goTo(visit.request, `/servers/${serverId}/channels/${channelId}?around=${id}#message-${id}`)
    })
    .get("/messages/:messageId/edit", async (visit) => {
      const { viewer, message, isAuthor } = await requireMessage(site, visit)
      if (!isAuthor || message.deletedAt) throw new Unshown(403, "You may edit only your own messages")

      const markup = <EditMessagePanel message={message} state={{ values: { content: message.content } }} />
      return panel(visit, viewer, { title: "Edit message", markup })
    })
    .post("/messages/:messageId", async (visit) => {
      const content = field(visit.body, "content")
      const { messageId } = visit.params
      const { success, error } = await act(site, visit, "editMessage", { messageId, content })
      if (success) return doneAt(visit.request, `/messages/${messageId}`)

      const { viewer, message } = await requireMessage(site, visit)
      const markup = <EditMessagePanel message={message} state={formState(error, { content })} />
      return panel(visit, viewer, { title: "Edit message", markup, error })
    })
    .get("/messages/:messageId/delete", async (visit) => {
      const { viewer, message, isAuthor, isOwner } = await requireMessage(site, visit)
      if (!isAuthor && !isOwner) throw new Unshown(403, "You may delete only your own messages")

      return panel(visit, viewer, {
        title: "Delete message",
        markup: <DeleteMessagePanel message={message} state={{}} />,
      })
    })
    .post("/messages/:messageId/delete", async (visit) => {
      const { messageId } = visit.params
      const { success, error } = await act(site, visit, "deleteMessage", { messageId })
      if (success) return doneAt(visit.request, `/messages/${messageId}`)

      const { viewer, message } = await requireMessage(site, visit)
      const markup = <DeleteMessagePanel message={message} state={formState(error, {})} />
      return panel(visit, viewer, { title: "Delete message", markup, error })
    })
}

/** A message sent by a form or a script of the page: through the same channel as over a socket. */
async function send(site: Site, visit: InRoom, body: unknown): Promise<Response> {
  const { request, params } = visit
  const [content, id] = [field(body, "content"), field(body, "id") || undefined]
  const failure = await deliver(site, visit, { content, id })
  if (wantsJson(request)) {
    const answer = failure ? { type: "refused", id, ...failure } : { type: "stored", id }
    return Response.json(answer, { status: failure?.code ?? 200, headers: retryHeaders(failure ?? {}) })
  }

  const framed = new URL(request.url).searchParams.get("from") === "composer"
  const address = `/servers/${params.serverId}/channels/${params.channelId}`
  if (!failure) return goTo(request, framed ? `${address}/composer` : address)

  const viewer = await requireViewer(site, visit)
  const channel = await requireRoom(site, viewer, params)
  const { message, code, retryAfterSeconds } = failure
  const unsent = { draft: content, error: message, status: code, retryAfterSeconds }
  return framed ? framedComposer(visit, channel, unsent) : room(site, visit, viewer, channel, {}, unsent)
}

/** One message through the contract's channel; `null` once it is stored. */
async function deliver(
  site: Site,
  { request, server, params }: InRoom,
  data: object,
): Promise<Ending | null> {
  const connection = await connect(site, "chat", params, callOf(site, { request, server }))
  if ("code" in connection) return connection

  const fault = await connection.send(data)
  connection.close()
  return fault && endingOf(fault)
}

/** A message for a page about it. Throws `Unshown`: 401, 404 (also for those who may not know of it). */
async function requireMessage(site: Site, visit: OfMessage) {
  const viewer: Viewer = await requireViewer(site, visit)
  const message = await findMessage(site.db, visit.params.messageId)
  const member = message && (await findMember(site.db, message.serverId, viewer.id))
  if (!member) throw new Unshown(404, "There is no such message")

  return { viewer, message, isAuthor: message.userId === viewer.id, isOwner: member.ownerId === viewer.id }
}
