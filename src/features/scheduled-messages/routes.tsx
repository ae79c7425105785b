import { Elysia } from "elysia"
import { prefersStill } from "../../../views/localize.ts"
import { EditScheduled, ScheduledMessages, SendLaterPanel } from "../../../views/scheduled-messages.tsx"
import { type ProcedureError, Refusal } from "../../kernel/index.ts"
import { goTo, wantsFragment } from "../../web/reply.ts"
import { route } from "../../web/routes.ts"
import { chosenDueTime, dateIn, dueTimes, toLocalInput } from "../due-times.ts"
import { isMultipart, receiveForm, receiveMessage, unreadMultipart } from "../files/forms.ts"
import { listUnsentFiles, toAttachment } from "../files/store.ts"
import { field, formState, idsOf } from "../form-fields.ts"
import { panel } from "../forms.tsx"
import { inboxPanel } from "../inbox/panel.tsx"
import type { InRoom } from "../messages/deliver.ts"
import { messageIdOf } from "../messages/form-id.ts"
import { requireChannel } from "../permissions/require.ts"
import type { Services } from "../services.ts"
import { act, orThrow, refusalOf, requireViewer, type Visit } from "../visit.ts"
import type { ScheduledMessage } from "./contract.ts"
import { findScheduled } from "./store.ts"

type OfScheduled = Visit & { params: { scheduledId: string } }

const withFiles = { parse: unreadMultipart, ...route({ upload: true }) }

/** Scheduling messages, and the list of those that wait or could not be sent. */
export function scheduledMessagesRoutes(services: Services) {
  return new Elysia()
    .get("/servers/:serverId/channels/:channelId/scheduled/new", (visit) => form(services, visit))
    .post(
      "/servers/:serverId/channels/:channelId/scheduled/new",
      (visit) => formOfComposer(services, visit, visit.body),
      withFiles,
    )
    .post("/servers/:serverId/channels/:channelId/scheduled", (visit) =>
      schedule(services, visit, visit.body),
    )
    .get("/scheduled", (visit) => list(services, visit, { did: new URL(visit.request.url).searchParams }))
    .get("/scheduled/:scheduledId", (visit) => edit(services, visit))
    .post("/scheduled/:scheduledId", (visit) => update(services, visit, visit.body), withFiles)
    .post("/scheduled/:scheduledId/cancel", async (visit) => {
      await requireViewer(services, visit)
      const { scheduledId } = visit.params
      const { success, error } = await act(services, visit, "cancelScheduledMessage", { scheduledId })
      return success ? shown(services, visit, { cancelled: "" }) : list(services, visit, { error })
    })
    .post("/scheduled/:scheduledId/send", (visit) => sendNow(services, visit))
}

interface Typed {
  values: Record<string, string>
  /** Ids of files. */
  files?: string[]
  error?: ProcedureError
}

/** The composer as it was sent: files that it brings are stored first. */
async function formOfComposer(services: Services, visit: InRoom, body: unknown): Promise<Response> {
  const sent = isMultipart(visit.request)
    ? await receiveMessage(services, visit)
    : { form: body, refusal: undefined }
  // This form is another than the composer.
  const values = { ...valuesOf(sent.form), formId: crypto.randomUUID() }
  const typed = { values, files: idsOf(sent.form, "files"), error: sent.refusal }
  return form(services, visit, typed)
}

/** The content of the composer, with a choice of time. */
async function form(services: Services, visit: InRoom, typed: Typed = { values: {} }): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const { channel } = await requireChannel(services, viewer, visit.params, "send")
  const { clock } = viewer
  const { error, values, files: ids = [] } = typed
  const times = dueTimes({ clock, now: new Date() })
  const state = error ? formState(error, values) : { values }
  const files = (await listUnsentFiles(services.db, viewer.id, channel.id, ids)).map(toAttachment)
  const address = `/servers/${channel.serverId}/channels/${channel.id}`
  const props = { address, times, files, clock, state }
  return panel(visit, viewer, { title: "Send later", markup: <SendLaterPanel {...props} />, error })
}

async function schedule(services: Services, visit: InRoom, body: unknown): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const { channel } = await requireChannel(services, viewer, visit.params, "send")
  const { clock } = viewer
  const values = valuesOf(body)
  const files = idsOf(body, "files")
  const chosen = chosenDueTime(body, { clock, now: new Date() })
  if ("error" in chosen) return form(services, visit, { error: chosen.error, values, files })

  const { content, replyTo } = values
  const id = field(body, "id") || messageIdOf(values.formId, body)
  const input = { channelId: channel.id, content, dueAt: chosen.at, id, replyTo: replyTo || undefined, files }
  const { success, error } = await act(services, visit, "scheduleMessage", input)
  // The same form was submitted before.
  const isRepeated = error?.code === 409 && id && (await findScheduled(services.db, viewer.id, id))
  if (!success && !isRepeated) return form(services, visit, { error, values, files })

  const response = await shown(services, visit, { at: chosen.at.toISOString() })
  // The page's composer is done with it, and with its files.
  if (wantsFragment(visit.request))
    response.headers.set("hx-trigger", JSON.stringify({ "composer:done": { files } }))
  return response
}

async function edit(services: Services, visit: OfScheduled, typed?: Typed): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const scheduled = await requireScheduled(services, viewer.id, visit)
  const { clock } = viewer
  const { content, dueAt } = scheduled
  const state = typed?.error
    ? formState(typed.error, typed.values)
    : { values: { content, dueAt: toLocalInput(dueAt, clock) } }
  const shown = await filesAfter(services, viewer.id, scheduled, typed?.files)
  const form = <EditScheduled scheduled={scheduled} {...shown} clock={clock} state={state} />
  const { error } = typed ?? {}
  return inboxPanel(services, visit, {
    ...{ viewer, title: "Scheduled message", tab: "scheduled" },
    ...{ content: form, error },
  })
}

/** The files of a message and those that came with a form, and which of them it left out. `ids`: those that it named. */
async function filesAfter({ db }: Services, userId: string, scheduled: ScheduledMessage, ids?: string[]) {
  if (!ids) return { files: scheduled.files, removed: [] }

  const unsent = (await listUnsentFiles(db, userId, scheduled.channelId, ids)).map(toAttachment)
  const removed = scheduled.files.map(({ id }) => id).filter((id) => !ids.includes(id))
  return { files: [...scheduled.files, ...unsent], removed }
}

async function update(services: Services, visit: OfScheduled, body: unknown): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const { scheduledId } = visit.params
  const { form, files, refusal } = await receiveEdit(services, visit, body)
  const values = valuesOf(form)
  const chosen = chosenDueTime(form, { clock: viewer.clock, now: new Date() })
  if (refusal) return edit(services, visit, { error: refusal, values, files })
  if ("error" in chosen) return edit(services, visit, { error: chosen.error, values, files })

  const input = { scheduledId, content: values.content, dueAt: chosen.at, files }
  const { success, error } = await act(services, visit, "updateScheduledMessage", input)
  if (success) return shown(services, visit, { at: chosen.at.toISOString() })
  if (error.code === 404 || error.code === 409) throw refusalOf(error)

  return edit(services, visit, { error, values, files })
}

interface Received {
  form: unknown
  /** Ids; `undefined` from a form without files, which leaves them as they are. */
  files?: string[]
  refusal?: ProcedureError
}

/** Reads the form of a scheduled message, and stores the files that it brings. */
async function receiveEdit(services: Services, visit: OfScheduled, body: unknown): Promise<Received> {
  if (!isMultipart(visit.request)) return { form: body }

  const viewer = await requireViewer(services, visit)
  const { channelId } = await requireScheduled(services, viewer.id, visit)
  const { fields, ids, uploaded, refusals } = await receiveForm(services, visit, {
    userId: viewer.id,
    room: async () => (await requireChannel(services, viewer, channelId, "attachFiles")).channel,
  })
  const files = [...ids, ...uploaded.map(({ id }) => id)]
  const [refusal] = refusals
  if (!refusal) return { form: fields, files }

  const message = refusals.map((one) => one.message).join(". ")
  return { form: fields, files, refusal: { message, code: refusal.status, ...refusal.options } }
}

/** A message of the viewer that was not sent. Fails: 404. */
async function requireScheduled({ db }: Services, userId: string, { params }: OfScheduled) {
  const scheduled = await findScheduled(db, userId, params.scheduledId)
  if (!scheduled) throw new Refusal("There is no such scheduled message. It may have been sent", 404)

  return scheduled
}

async function sendNow(services: Services, visit: OfScheduled): Promise<Response> {
  await requireViewer(services, visit)
  const { scheduledId } = visit.params
  const { success, error } = await act(services, visit, "sendScheduledMessage", { scheduledId })
  if (success) return shown(services, visit, { sent: "" })
  // Nothing is lost: the list still has it.
  return list(services, visit, { error })
}

/** The list with the result, in the dialog; a plain form is redirected to the page of the list, which says it, too. */
async function shown(services: Services, visit: Visit, result: Record<string, string>): Promise<Response> {
  const did = new URLSearchParams(result)
  return wantsFragment(visit.request)
    ? list(services, visit, { did })
    : goTo(visit.request, `/scheduled?${did}`)
}

async function list(
  services: Services,
  visit: Visit,
  { did, error }: { did?: URLSearchParams; error?: ProcedureError },
): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const { clock } = viewer
  const scheduled = orThrow(await act(services, visit, "getScheduledMessages", null))
  const state = error ? { error: error.message } : {}
  const isInPage = !wantsFragment(visit.request)
  const at = did && dateIn(did, "at")
  const notice = at ? `The message will be sent: ${clock.dateTime(at)}.` : noticeOf(did)
  const props = { scheduled, clock, notice, state, isInPage, isStill: prefersStill(viewer) }
  return inboxPanel(services, visit, {
    ...{ viewer, title: "Scheduled messages", tab: "scheduled" },
    ...{ content: <ScheduledMessages {...props} />, error },
  })
}

function noticeOf(did?: URLSearchParams): string | undefined {
  if (did?.has("sent")) return "Message sent."
  return did?.has("cancelled") ? "Message cancelled." : undefined
}

/** `id` makes a second submission harmless. */
function valuesOf(body: unknown) {
  return {
    content: field(body, "content"),
    replyTo: field(body, "replyTo"),
    dueAt: field(body, "dueAt"),
    formId: field(body, "formId") || crypto.randomUUID(),
  }
}
