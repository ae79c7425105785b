import { Elysia } from "elysia"
import { ChannelRetentionPanel, RetentionSection } from "../../../views/retention.tsx"
import type { ProcedureError } from "../../kernel/index.ts"
import { goTo } from "../../web/reply.ts"
import { field, formState } from "../form-fields.ts"
import { panel } from "../forms.tsx"
import { requireChannel, requireServer } from "../permissions/require.ts"
import type { Services } from "../services.ts"
import { settingsPage } from "../settings-page.tsx"
import { act, orThrow, requireViewer, type Visit } from "../visit.ts"
import type { RetentionPreview } from "./contract.ts"

type OfServer = Visit & { params: { serverId: string }; body?: unknown }
type OfChannel = Visit & { params: { serverId: string; channelId: string }; body?: unknown }

/** A form that was sent: what is wrong with it, or what it would delete. */
interface Sent {
  error?: ProcedureError
  preview?: RetentionPreview
}

/** The section “Retention” of a server's settings, and the retention of a channel. */
export function retentionRoutes(services: Services) {
  return new Elysia()
    .get("/servers/:serverId/settings/retention", (visit) => serverPage(services, visit))
    .post("/servers/:serverId/retention", async (visit) => {
      await requireViewer(services, visit)
      const { serverId } = visit.params
      const inputs = { serverId, ...daysIn(visit.body) }
      const previewed = await act(services, visit, "previewServerRetention", inputs)
      if (!previewed.success) return serverPage(services, visit, previewed)
      if (!isConfirmed(visit.body, previewed.data))
        return serverPage(services, visit, { preview: previewed.data })

      const { success, error } = await act(services, visit, "setServerRetention", inputs)
      return success
        ? goTo(visit.request, `/servers/${serverId}/settings/retention?saved`)
        : serverPage(services, visit, { error })
    })
    .get("/servers/:serverId/channels/:channelId/retention", (visit) => channelPage(services, visit))
    .post("/servers/:serverId/channels/:channelId/retention", async (visit) => {
      await requireViewer(services, visit)
      const { serverId, channelId } = visit.params
      const inputs = { channelId, ...daysIn(visit.body) }
      const previewed = await act(services, visit, "previewChannelRetention", inputs)
      if (!previewed.success) return channelPage(services, visit, previewed)
      if (!isConfirmed(visit.body, previewed.data))
        return channelPage(services, visit, { preview: previewed.data })

      const { success, error } = await act(services, visit, "setChannelRetention", inputs)
      return success
        ? goTo(visit.request, `/servers/${serverId}/channels/${channelId}`)
        : channelPage(services, visit, { error })
    })
}

async function serverPage(services: Services, visit: OfServer, sent: Sent = {}): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const access = await requireServer(services, viewer, visit.params.serverId, "manageServer")
  const { id: serverId } = access.server
  const retention = orThrow(await act(services, visit, "getServerRetention", { serverId }))
  const { error, preview } = sent
  const markup = (
    <RetentionSection
      {...{ serverId, retention, preview }}
      confirming={daysText(visit.body)}
      state={stateOf(visit.body, retention, error)}
    />
  )
  return settingsPage(services, visit, {
    ...access,
    ...{ viewer, section: "retention", title: "Retention", markup, error },
  })
}

async function channelPage(services: Services, visit: OfChannel, sent: Sent = {}): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  const { channel } = await requireChannel(services, viewer, visit.params, "manageChannels")
  const retention = orThrow(await act(services, visit, "getChannelRetention", { channelId: channel.id }))
  const { error, preview } = sent
  const markup = (
    <ChannelRetentionPanel
      {...{ channel, retention, preview }}
      confirming={daysText(visit.body)}
      state={stateOf(visit.body, retention, error)}
    />
  )
  return panel(visit, viewer, { title: "Retention", markup, error })
}

/** Empty fields are `null`; what is no number is refused by the contract. */
function daysIn(body: unknown) {
  const daysOf = (name: string) => {
    const typed = field(body, name).trim()
    return typed === "" ? null : Number(typed)
  }
  return { messageDays: daysOf("messageDays"), fileDays: daysOf("fileDays") }
}

const daysText = (body: unknown) => `${field(body, "messageDays").trim()}/${field(body, "fileDays").trim()}`

/** What deletes nothing needs no confirmation; else the values must be those whose preview was shown. */
function isConfirmed(body: unknown, { messages, files }: RetentionPreview): boolean {
  const deletes = messages.now + messages.soon + files.now + files.soon > 0
  return !deletes || field(body, "confirmed") === daysText(body)
}

function stateOf(body: unknown, stored: Days, error?: ProcedureError) {
  const values = body
    ? { messageDays: field(body, "messageDays"), fileDays: field(body, "fileDays") }
    : { messageDays: textOf(stored.messageDays), fileDays: textOf(stored.fileDays) }
  return error ? formState(error, values) : { values }
}

interface Days {
  messageDays: number | null
  fileDays: number | null
}

const textOf = (days: number | null) => (days === null ? "" : String(days))
