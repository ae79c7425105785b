import { Elysia } from "elysia"
import { ActionFailedPanel } from "../../../views/message-actions.tsx"
import { ThreadsPanel } from "../../../views/threads.tsx"
import { goTo } from "../../web/reply.ts"
import { panel } from "../forms.tsx"
import { requireChannel, requireMessage } from "../permissions/require.ts"
import type { Services } from "../services.ts"
import { act, orThrow, requireViewer } from "../visit.ts"
import { threadsPageSize } from "./contract.ts"

/** To the talk that hangs on a message, and a channel's list of such talks. */
export function threadsRoutes(services: Services) {
  return new Elysia()
    .post("/messages/:messageId/thread", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { message } = await requireMessage(services, viewer, visit.params.messageId)
      const { success, data, error } = await act(services, visit, "createThread", { messageId: message.id })
      if (success) return goTo(visit.request, `/servers/${data.serverId}/channels/${data.id}`)

      const markup = <ActionFailedPanel title="Thread" error={error.message} />
      return panel(visit, viewer, { title: "Thread", markup, error })
    })
    .get("/servers/:serverId/channels/:channelId/threads", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { channel } = await requireChannel(services, viewer, visit.params, "readHistory")
      const asked = Number(visit.query.skip ?? 0)
      const skip = Number.isSafeInteger(asked) ? asked : 0
      const threads = orThrow(await act(services, visit, "getThreads", { channelId: channel.id, skip }))
      const next = threads.length === threadsPageSize ? skip + threadsPageSize : undefined
      const markup = <ThreadsPanel channel={channel} threads={threads} clock={viewer.clock} next={next} />
      return panel(visit, viewer, { title: "Threads", markup })
    })
}
