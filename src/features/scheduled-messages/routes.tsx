import { Elysia } from "elysia"
import { EditScheduledPanel, ScheduledPanel, SendLaterPanel } from "../../../views/scheduled-messages.tsx"
import { type ProcedureError, Refusal } from "../../kernel/index.ts"
import { goTo, html, wantsFragment } from "../../web/reply.ts"
import { chosenDueTime, dueTimes, toLocalInput } from "../due-times.ts"
import { field, formState } from "../form-fields.ts"
import { panel } from "../forms.tsx"
import type { InRoom } from "../messages/deliver.ts"
import { requireChannel } from "../permissions/require.ts"
import type { Services } from "../services.ts"
import { act, orThrow, refusalOf, requireViewer, type Visit } from "../visit.ts"
import { findScheduled } from "./store.ts"

type OfScheduled = Visit & { params: { scheduledId: string } }

/** Scheduling messages, and the list of those that wait or could not be sent. */
export function scheduledMessagesRoutes(services: Services) {
  return new Elysia()
    .get("/servers/:serverId/channels/:channelId/scheduled/new", (visit) => form(services, visit))
    .post("/servers/:serverId/channels/:channelId/scheduled/new", (visit) =>
      form(services, visit, { values: valuesOf(visit.body) }),
    )
    .post("/servers/:serverId/channels/:channelId/scheduled", (visit) =>
      schedule(services, visit, visit.body),
    )
    .get("/scheduled", (visit) => list(services, visit))
    .get("/scheduled/:scheduledId", (visit) => edit(services, visit))
    .post("/scheduled/:scheduledId", (visit) => update(services, visit, visit.body))
    .post("/scheduled/:scheduledId/cancel", async (visit) => {
      await requireViewer(services, visit)
      const { scheduledId } = visit.params
      orThrow(await act(services, visit, "cancelScheduledMessage", { scheduledId }))
      return shown(services, visit, "Message cancelled.")
    })
    .post("/scheduled/:scheduledId/send", (visit) => sendNow(services, visit))
}

interface Typed {
  values: Record<string, string>
  error?: ProcedureError
}

/** The content of the composer, with a choice of time. */
async function form(services: Services, visit: InRoom, typed: Typed = { values: {} }): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const { channel } = await requireChannel(services, viewer, visit.params, "send")
  const { clock } = viewer
  const { error, values } = typed
  const times = dueTimes({ clock, now: new Date() })
  const state = error ? formState(error, values) : { values }
  const address = `/servers/${channel.serverId}/channels/${channel.id}`
  const markup = <SendLaterPanel address={address} times={times} clock={clock} state={state} />
  return panel(visit, viewer, { title: "Send later", markup, error })
}

async function schedule(services: Services, visit: InRoom, body: unknown): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const { channel } = await requireChannel(services, viewer, visit.params, "send")
  const { clock } = viewer
  const values = valuesOf(body)
  const chosen = chosenDueTime(body, { clock, now: new Date() })
  if ("error" in chosen) return form(services, visit, { error: chosen.error, values })

  const { content, replyTo, id } = values
  const input = { channelId: channel.id, content, dueAt: chosen.at, id, replyTo: replyTo || undefined }
  const { success, error } = await act(services, visit, "scheduleMessage", input)
  if (!success) return form(services, visit, { error, values })
  if (!wantsFragment(visit.request)) return goTo(visit.request, "/scheduled")

  const notice = `The message will be sent: ${clock.dateTime(chosen.at)}.`
  const scheduled = orThrow(await act(services, visit, "getScheduledMessages", null))
  const markup = <ScheduledPanel scheduled={scheduled} clock={clock} notice={notice} />
  // The page's composer is done with it.
  return html(visit.request, String(markup), { headers: { "hx-trigger": "composer:done" } })
}

async function edit(services: Services, visit: OfScheduled, typed?: Typed): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const scheduled = await findScheduled(services.db, viewer.id, visit.params.scheduledId)
  if (!scheduled) throw new Refusal("There is no such scheduled message. It may have been sent", 404)

  const { clock } = viewer
  const { content, dueAt } = scheduled
  const state = typed?.error
    ? formState(typed.error, typed.values)
    : { values: { content, dueAt: toLocalInput(dueAt, clock) } }
  const markup = <EditScheduledPanel scheduled={scheduled} clock={clock} state={state} />
  return panel(visit, viewer, { title: "Scheduled message", markup, error: typed?.error })
}

async function update(services: Services, visit: OfScheduled, body: unknown): Promise<Response> {
  const { clock } = await requireViewer(services, visit)
  const { scheduledId } = visit.params
  const values = valuesOf(body)
  const chosen = chosenDueTime(body, { clock, now: new Date() })
  if ("error" in chosen) return edit(services, visit, { error: chosen.error, values })

  const input = { scheduledId, content: values.content, dueAt: chosen.at }
  const { success, error } = await act(services, visit, "updateScheduledMessage", input)
  if (success) return shown(services, visit, `The message will be sent: ${clock.dateTime(chosen.at)}.`)
  if (error.code === 404 || error.code === 409) throw refusalOf(error)

  return edit(services, visit, { error, values })
}

async function sendNow(services: Services, visit: OfScheduled): Promise<Response> {
  await requireViewer(services, visit)
  const { scheduledId } = visit.params
  const { success, error } = await act(services, visit, "sendScheduledMessage", { scheduledId })
  if (success) return shown(services, visit, "Message sent.")
  // Nothing is lost: the list still has it.
  return list(services, visit, { error })
}

/** The list with the result, in the dialog; a plain form is redirected to the page of the list. */
function shown(services: Services, visit: Visit, notice: string): Promise<Response> | Response {
  return wantsFragment(visit.request) ? list(services, visit, { notice }) : goTo(visit.request, "/scheduled")
}

async function list(
  services: Services,
  visit: Visit,
  { notice, error }: { notice?: string; error?: ProcedureError } = {},
): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const scheduled = orThrow(await act(services, visit, "getScheduledMessages", null))
  const state = error ? { error: error.message } : {}
  const markup = <ScheduledPanel scheduled={scheduled} clock={viewer.clock} notice={notice} state={state} />
  return panel(visit, viewer, { title: "Scheduled messages", markup, error })
}

/** `id` makes a second submission harmless. */
function valuesOf(body: unknown) {
  return {
    content: field(body, "content"),
    replyTo: field(body, "replyTo"),
    dueAt: field(body, "dueAt"),
    id: field(body, "id") || crypto.randomUUID(),
  }
}
