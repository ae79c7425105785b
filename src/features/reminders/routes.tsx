import { Elysia } from "elysia"
import { EditReminder, Reminders, RemindPanel } from "../../../views/reminders.tsx"
import { type ProcedureError, Refusal } from "../../kernel/index.ts"
import { goTo, wantsFragment } from "../../web/reply.ts"
import { chosenDueTime, dateIn, dueTimes, toLocalInput } from "../due-times.ts"
import { field, formState } from "../form-fields.ts"
import { panel } from "../forms.tsx"
import { inboxPanel } from "../inbox/panel.tsx"
import { assertNotDeleted, requireMessage } from "../permissions/require.ts"
import type { Services } from "../services.ts"
import { act, type OfMessage, orThrow, refusalOf, requireViewer, type Visit } from "../visit.ts"
import { findReminder } from "./store.ts"

type OfReminder = Visit & { params: { reminderId: string } }

/** Setting reminders, and the list of those that are still to come. */
export function remindersRoutes(services: Services) {
  return new Elysia()
    .get("/messages/:messageId/remind", (visit) => form(services, visit))
    .post("/messages/:messageId/remind", (visit) => create(services, visit, visit.body))
    .get("/reminders", (visit) => list(services, visit, { did: new URL(visit.request.url).searchParams }))
    .get("/reminders/:reminderId", (visit) => edit(services, visit))
    .post("/reminders/:reminderId", (visit) => update(services, visit, visit.body))
    .post("/reminders/:reminderId/delete", async (visit) => {
      await requireViewer(services, visit)
      const { reminderId } = visit.params
      const { success, error } = await act(services, visit, "deleteReminder", { reminderId })
      return success ? shown(services, visit, { removed: "" }) : list(services, visit, { error })
    })
}

interface Refused {
  error: ProcedureError
  values: Record<string, string>
}

async function form(services: Services, visit: OfMessage, refused?: Refused): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const { message } = await requireMessage(services, viewer, visit.params.messageId, "readHistory")
  assertNotDeleted(message)

  const { clock } = viewer
  const state = refused ? formState(refused.error, refused.values) : {}
  const times = dueTimes({ clock, now: new Date() })
  const markup = <RemindPanel message={message} times={times} clock={clock} state={state} />
  return panel(visit, viewer, { title: "Remind me", markup, error: refused?.error })
}

async function create(services: Services, visit: OfMessage, body: unknown): Promise<Response> {
  const { clock } = await requireViewer(services, visit)
  const { messageId } = visit.params
  const values = valuesOf(body)
  const chosen = chosenDueTime(body, { clock, now: new Date() })
  if ("error" in chosen) return form(services, visit, { error: chosen.error, values })

  const input = { messageId, dueAt: chosen.at, note: values.note }
  const { success, error } = await act(services, visit, "createReminder", input)
  if (success) return shown(services, visit, { at: chosen.at.toISOString() })
  if (error.code === 404 || error.code === 410) throw refusalOf(error)

  return form(services, visit, { error, values })
}

async function edit(services: Services, visit: OfReminder, refused?: Refused): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const reminder = await findReminder(services.db, viewer.id, visit.params.reminderId)
  if (!reminder) throw new Refusal("There is no such reminder. It may have come already", 404)

  const { clock } = viewer
  const { dueAt, note } = reminder
  const state = refused
    ? formState(refused.error, refused.values)
    : { values: { dueAt: toLocalInput(dueAt, clock), note } }
  const content = <EditReminder reminder={reminder} clock={clock} state={state} />
  const { error } = refused ?? {}
  return inboxPanel(services, visit, { viewer, title: "Reminder", tab: "reminders", content, error })
}

async function update(services: Services, visit: OfReminder, body: unknown): Promise<Response> {
  const { clock } = await requireViewer(services, visit)
  const { reminderId } = visit.params
  const values = valuesOf(body)
  const chosen = chosenDueTime(body, { clock, now: new Date() })
  if ("error" in chosen) return edit(services, visit, { error: chosen.error, values })

  const changed = { reminderId, dueAt: chosen.at, note: values.note }
  const { success, error } = await act(services, visit, "updateReminder", changed)
  if (success) return shown(services, visit, { at: chosen.at.toISOString() })
  if (error.code === 404) throw refusalOf(error)

  return edit(services, visit, { error, values })
}

/** The list with the result, in the dialog; a plain form is redirected to the page of the list, which says it, too. */
function shown(services: Services, visit: Visit, did: Record<string, string>): Promise<Response> | Response {
  const query = new URLSearchParams(did)
  return wantsFragment(visit.request)
    ? list(services, visit, { did: query })
    : goTo(visit.request, `/reminders?${query}`)
}

async function list(
  services: Services,
  visit: Visit,
  { did, error }: { did?: URLSearchParams; error?: ProcedureError },
): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const { clock } = viewer
  const reminders = orThrow(await act(services, visit, "getReminders", null))
  const at = did && dateIn(did, "at")
  const removed = did?.has("removed") ? "Reminder removed." : undefined
  const notice = at ? `You will be reminded: ${clock.dateTime(at)}.` : removed
  const state = error ? { error: error.message } : {}
  const props = { reminders, clock, notice, state, isInPage: !wantsFragment(visit.request) }
  const content = <Reminders {...props} />
  return inboxPanel(services, visit, { viewer, title: "Reminders", tab: "reminders", content, error })
}

const valuesOf = (body: unknown) => ({ dueAt: field(body, "dueAt"), note: field(body, "note") })
