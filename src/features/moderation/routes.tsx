import { Elysia } from "elysia"
import {
  ModerateChannelPanel,
  type ModeratedChannel,
  ModerationSection,
} from "../../../views/moderated-channels.tsx"
import type { ProcedureError } from "../../kernel/index.ts"
import { listChannels } from "../channels/store.ts"
import { field, fields, formState } from "../form-fields.ts"
import { panel } from "../forms.tsx"
import { excerptOf } from "../messages/excerpt.ts"
import { listTail } from "../messages/store.ts"
import { assertCan, can } from "../permissions/can.ts"
import { requireChannel, requireServer } from "../permissions/require.ts"
import type { Services } from "../services.ts"
import { settingsPage } from "../settings-page.tsx"
import { act, requireViewer, type Visit } from "../visit.ts"
import { actDone, showAct, undoFromPage } from "./acts-page.tsx"
import { findChannelLimits, listChannelLimits } from "./channel-limits.ts"
import { listTimeouts } from "./timeouts.ts"

type OfServer = Visit & { params: { serverId: string } }
type OfChannel = Visit & { params: { serverId: string; channelId: string }; body?: unknown }

/** Messages that the page of a channel offers for deletion. */
const offered = 50
const channel = "/servers/:serverId/channels/:channelId"

/** The section “Moderation” of a server's settings, moderating a channel, and undoing an act. */
export function moderationRoutes(services: Services) {
  return new Elysia()
    .get("/servers/:serverId/settings/moderation", (visit) => showSection(services, visit))
    .get("/servers/:serverId/acts/:undoId", (visit) => showAct(services, visit))
    .post("/servers/:serverId/acts/:undoId/undo", (visit) => undoFromPage(services, visit))
    .get(`${channel}/moderate`, (visit) => showChannel(services, visit))
    .post(`${channel}/slow-mode`, (visit) => {
      const { channelId } = visit.params
      const seconds = Number(field(visit.body, "seconds") || Number.NaN)
      return settle(services, visit, act(services, visit, "setSlowMode", { channelId, seconds }))
    })
    .post(`${channel}/lock`, (visit) => {
      const { channelId } = visit.params
      return settle(services, visit, act(services, visit, "lockChannel", { channelId }))
    })
    .post(`${channel}/unlock`, (visit) => {
      const { channelId } = visit.params
      return settle(services, visit, act(services, visit, "unlockChannel", { channelId }))
    })
    .post(`${channel}/delete-messages`, (visit) => {
      const inputs = {
        channelId: visit.params.channelId,
        messageIds: fields(visit.body, "messageIds"),
        reason: field(visit.body, "reason") || undefined,
      }
      return settle(services, visit, act(services, visit, "bulkDeleteMessages", inputs))
    })
}

type Acted = Promise<{ data: { undoId: string } | null; error: ProcedureError | null }>

/** Answers an act on a channel: with its page, or the form with what was wrong. */
async function settle(services: Services, visit: OfChannel, acting: Acted): Promise<Response> {
  const { data, error } = await acting
  const { serverId } = visit.params
  if (data) return actDone(services, visit, { serverId, undoId: data.undoId })

  return showChannel(services, visit, error ?? undefined)
}

async function showSection(services: Services, visit: OfServer): Promise<Response> {
  const { db } = services
  const viewer = await requireViewer(services, visit)
  const access = await requireServer(services, viewer, visit.params.serverId)
  const { server, standing } = access
  const mayList = can(standing, "timeOutMembers")
  if (!mayList) assertCan(standing, "manageMessages")

  const timeouts = mayList ? await listTimeouts(db, server.id) : undefined
  const channels = await listModeratedChannels(services, server.id, viewer.id)
  const markup = <ModerationSection {...{ server, timeouts, channels }} clock={viewer.clock} />
  return settingsPage(services, visit, {
    ...access,
    ...{ viewer, section: "moderation", title: "Moderation", markup },
  })
}

async function listModeratedChannels(
  { db }: Services,
  serverId: string,
  viewerId: string,
): Promise<ModeratedChannel[]> {
  const limits = await listChannelLimits(db, serverId)
  return (await listChannels(db, serverId, viewerId)).map(({ id, name }) => ({
    id,
    name,
    slowModeSeconds: limits.get(id)?.seconds ?? 0,
    isLocked: Boolean(limits.get(id)?.lockedAt),
  }))
}

async function showChannel(services: Services, visit: OfChannel, error?: ProcedureError): Promise<Response> {
  const { db } = services
  const viewer = await requireViewer(services, visit)
  const { channel, standing } = await requireChannel(services, viewer, visit.params)
  const { server } = await requireServer(services, viewer, channel.serverId)
  const may = { manage: can(standing, "manageChannels"), delete: can(standing, "manageMessages") }
  if (!may.manage) assertCan(standing, "manageMessages")

  const limits = await findChannelLimits(db, channel.id)
  const tail = may.delete ? await listTail(db, channel.id, offered) : []
  const messages = tail
    .filter(({ deletedAt }) => deletedAt === null)
    .reverse()
    .map((message) => ({ id: message.id, username: message.username, text: excerptOf(message) }))
  const { id, name } = channel
  const moderated = { id, name, slowModeSeconds: limits?.seconds ?? 0, isLocked: Boolean(limits?.lockedAt) }
  const state = error ? formState(error, { reason: field(visit.body, "reason") }) : {}
  const markup = <ModerateChannelPanel {...{ server, channel: moderated, may, messages, state }} />
  return panel(visit, viewer, { title: `Moderate #${name}`, markup, error })
}
