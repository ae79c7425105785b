import { Elysia } from "elysia"
import { ComposerPage } from "../../../views/composer.tsx"
import { MessageActionsPanel } from "../../../views/message-actions.tsx"
import { DeleteMessagePanel, EditMessagePanel } from "../../../views/messages.tsx"
import { Refusal } from "../../kernel/index.ts"
import { hasBearerToken } from "../../web/guard.ts"
import type { AnswerFrame } from "../../web/live/frames.ts"
import { otherViewer, viewerOfPage } from "../../web/page-viewer.ts"
import { doneAt, goTo, html, json, jsonError, retryHeaders, wantsJson } from "../../web/reply.ts"
import { route } from "../../web/routes.ts"
import { isMultipart, readTextFields, receiveMessage, unreadMultipart } from "../files/forms.ts"
import { field, formState } from "../form-fields.ts"
import { panel } from "../forms.tsx"

import { assertNotDeleted, requireChannel, requireMessage } from "../permissions/require.ts"
import { listQuick } from "../reactions/store.ts"
import { framedComposer, refusedRoom } from "../rooms/page.tsx"
import type { Services } from "../services.ts"
import { act, refusalOf, requireViewer, viewerOf } from "../visit.ts"
import { actionsFor } from "./actions.ts"
import { hasContent, type MessageInput } from "./contract.ts"
import { deliver, type InRoom } from "./deliver.ts"
import { messageIdOf } from "./form-id.ts"
import { messageKey, messageLimit } from "./limits.ts"
import { findMessage } from "./store.ts"

/** Sending messages, and the permalink, menu and forms of one message. */
export function messagesRoutes(services: Services) {
  return new Elysia()
    .post("/servers/:serverId/channels/:channelId/messages", (visit) => send(services, visit, visit.body), {
      parse: unreadMultipart,
      ...route({ upload: true }),
    })
    .get("/messages/:messageId", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { message } = await requireMessage(services, viewer, visit.params.messageId, "readHistory")
      if (wantsJson(visit.request)) return json(visit.request, message)

      const { id, serverId, channelId } = message
      return goTo(visit.request, `/servers/${serverId}/channels/${channelId}?around=${id}#message-${id}`)
    })
    .get("/messages/:messageId/actions", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { db, messageHooks } = services
      const { message, standing } = await requireMessage(services, viewer, visit.params.messageId)
      const actions = await actionsFor(messageHooks, { db, viewerId: viewer.id, message, standing })
      const emoji = await listQuick(db, viewer.id)
      const { clock } = viewer
      const markup = <MessageActionsPanel {...{ message, actions, emoji, clock }} />
      return panel(visit, viewer, { title: "Message", markup })
    })
    .get("/messages/:messageId/edit", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { message } = await requireMessage(services, viewer, visit.params.messageId, "edit")
      assertNotDeleted(message)

      const { content, extras } = message
      const markup = (
        <EditMessagePanel
          messageId={message.id}
          isRequired={!hasContent("", extras)}
          state={{ values: { content } }}
        />
      )
      return panel(visit, viewer, { title: "Edit message", markup })
    })
    .post("/messages/:messageId", async (visit) => {
      const content = field(visit.body, "content")
      const { messageId } = visit.params
      const { success, error } = await act(services, visit, "editMessage", { messageId, content })
      if (success) return doneAt(visit.request, `/messages/${messageId}`)

      if (error.code === 404) throw refusalOf(error)

      const viewer = await requireViewer(services, visit)
      const state = formState(error, { content })
      const markup = <EditMessagePanel messageId={messageId} isRequired={error.code === 400} state={state} />
      return panel(visit, viewer, { title: "Edit message", markup, error })
    })
    .get("/messages/:messageId/delete", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { message } = await requireMessage(services, viewer, visit.params.messageId, "delete")

      return panel(visit, viewer, {
        title: "Delete message",
        markup: <DeleteMessagePanel messageId={message.id} message={message} state={{}} />,
      })
    })
    .post("/messages/:messageId/delete", async (visit) => {
      const { messageId } = visit.params
      const { success, error } = await act(services, visit, "deleteMessage", { messageId })
      if (success) return doneAt(visit.request, `/messages/${messageId}`)

      if (error.code === 404) throw refusalOf(error)

      const viewer = await requireViewer(services, visit)
      const markup = <DeleteMessagePanel messageId={messageId} state={formState(error, {})} />
      return panel(visit, viewer, { title: "Delete message", markup, error })
    })
}

/** Sends a message from a form, a page's script or a program, through the same Covenant channel as a socket. */
async function send(services: Services, visit: InRoom, body: unknown): Promise<Response> {
  const { request, params } = visit
  const isFramed = isFromComposer(request)
  if (isFramed && !(await viewerOf(services, visit))) return signedOut(visit, body)

  const received = isMultipart(request) ? await receiveMessage(services, visit) : undefined
  const form = received?.form ?? body
  if (wantsJson(request) && hasBearerToken(request) && !received?.refusal) {
    return sendForProgram(services, visit, form)
  }

  const { id: givenId, ...fields } = formMessage(services, form)
  const { content, replyTo } = fields
  const fileNames = received?.files.map(({ name }) => name)
  const id = givenId ?? messageIdOf(field(form, "formId"), { content, replyTo, fileNames })
  const refusal = received?.refusal ?? (await refusalOfPage(services, visit))
  const failure = refusal ?? (await deliver(services, visit, { ...fields, id })).failure
  if (wantsJson(request)) {
    const answer: AnswerFrame = failure ? { type: "refused", id, ...failure } : { type: "stored", id }
    return Response.json(answer, { status: failure?.code ?? 200, headers: retryHeaders(failure ?? {}) })
  }

  const url = roomUrl(params)
  if (!failure) return goTo(request, isFramed ? `${url}/composer` : url)

  const viewer = await requireViewer(services, visit)
  const access = await requireChannel(services, viewer, params)
  const { message, code, retryAfterSeconds } = failure
  const unsent = {
    draft: content,
    replyTo,
    error: message,
    status: code,
    retryAfterSeconds,
    files: received?.files,
  }
  return isFramed
    ? framedComposer(services, visit, { viewer, ...access, unsent })
    : refusedRoom(services, visit, { viewer, ...access, unsent })
}

/** Shows the draft again to a user whose session has ended: without script nothing else has stored it. */
async function signedOut({ request, params }: InRoom, body: unknown): Promise<Response> {
  const page = (
    <ComposerPage
      address={roomUrl(params)}
      formId={crypto.randomUUID()}
      draft={field(isMultipart(request) ? await readTextFields(request) : body, "content")}
      error="You are logged out. Log in again in another tab, then send this."
    />
  )
  return html(request, String(page), { status: 401, framed: true })
}

async function refusalOfPage(services: Services, visit: InRoom) {
  const pageViewerId = viewerOfPage(visit.request)
  if (pageViewerId === undefined) return undefined

  const viewer = await viewerOf(services, visit)
  return viewer?.id === pageViewerId ? undefined : otherViewer
}

/** Was it sent from the composer's own page, which a room without script shows in a frame? */
function isFromComposer({ url }: Request): boolean {
  return new URL(url).searchParams.get("from") === "composer"
}

function roomUrl({ serverId, channelId }: InRoom["params"]): string {
  return `/servers/${encodeURIComponent(serverId)}/channels/${encodeURIComponent(channelId)}`
}

/** Reads a message from a submitted form. Empty fields count as missing. */
function formMessage({ messageHooks }: Services, body: unknown): MessageInput {
  return {
    content: field(body, "content"),
    id: field(body, "id") || undefined,
    ...Object.assign({}, ...messageHooks.map((hooks) => hooks.fromForm?.(body))),
  }
}

/**
 * Sends a message for a program with a token. Responds with the stored message: 201 when it is new, 200 when its id
 * existed already. The contract validates a JSON body, so every field of a message may be in it.
 */
async function sendForProgram(services: Services, visit: InRoom, body: unknown): Promise<Response> {
  const { request, params } = visit
  const type = request.headers.get("content-type") ?? ""
  if (!/json|urlencoded|multipart\/form-data/.test(type)) {
    throw new Refusal("Send JSON, with Content-Type: application/json, or a form", 415)
  }
  const input = type.includes("json") ? body : formMessage(services, body)
  const isRecord = typeof input === "object" && input !== null && !Array.isArray(input)
  const inputId = isRecord && "id" in input ? input.id : undefined
  const id = inputId ?? crypto.randomUUID()
  const existing = typeof inputId === "string" ? await findMessage(services.db, inputId) : undefined

  const { failure, userId } = await deliver(services, visit, isRecord ? { ...input, id } : input)
  const limits = services.limits.get(messageLimit)
  const limit = userId ? await limits.headers("messages", messageKey(userId, params.channelId)) : []
  if (failure) return jsonError(request, failure, new Headers(limit))

  const message = await findMessage(services.db, String(id))
  const headers = new Headers(existing ? limit : [...limit, ["location", `/messages/${id}`]])
  return json(request, message, { status: existing ? 200 : 201, headers })
}
