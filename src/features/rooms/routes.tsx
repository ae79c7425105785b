import { Elysia } from "elysia"
import { messageHtml } from "../../../views/messages.tsx"
import { JumpPanel } from "../../../views/rooms.tsx"
import { Refusal } from "../../kernel/index.ts"
import { asset } from "../../web/assets.ts"
import { goTo, json, wantsFragment, wantsJson } from "../../web/reply.ts"
import { route } from "../../web/routes.ts"
import { panel } from "../forms.tsx"
import { findFirstSince } from "../messages/store.ts"
import type { PlaceAction } from "../permissions/can.ts"
import { admitToChannel, missingChannel, requireChannel } from "../permissions/require.ts"
import { noSuchMessageInChannel } from "../permissions/wording.ts"
import type { Services } from "../services.ts"
import { requireViewer } from "../visit.ts"
import { isDay } from "./days.ts"
import { emptyPage, withDividers } from "./dividers.tsx"
import { historyFragment, sidebarFragment } from "./fragments.tsx"
import { parseHistoryQuery, readHistory } from "./history.ts"
import { readLog, roomUrl } from "./log.ts"
import { framedComposer, type RoomView, readSidebar, roomPage, streamRoom, viewerCacheKey } from "./page.tsx"

/** The page of a room, and the fragments it requests. */
export function roomsRoutes(services: Services) {
  return (
    new Elysia()
      // Destructured, as on all hot paths: Elysia parses cookies unless the handler declares the properties it uses.
      .get("/servers/:serverId/channels/:channelId", async ({ request, server, query, params }) => {
        const visit = { request, server }
        const viewer = await requireViewer(services, visit)
        const historyQuery = parseHistoryQuery(query)
        if (!historyQuery) throw new Refusal("before and after must be whole numbers", 400)

        const { reply, transport } = query
        const viewerKey = viewerCacheKey(viewer)
        const findView = async (action: PlaceAction = "read"): Promise<RoomView> => {
          const found = await services.roomCache.channel(viewer, params.channelId)
          if (!found) throw await missingChannel(services, viewer, params)

          const access = admitToChannel(found, params, action)
          return { viewer, viewerKey, ...access, query: historyQuery, reply, transport }
        }
        if (query.at !== undefined) return jumpToDay(services, request, await findView("readHistory"))
        if (wantsJson(request)) return historyAsJson(services, request, await findView("readHistory"))
        if (wantsFragment(request)) return moreHistory(services, request, await findView("readHistory"))
        if (transport === "stream") return streamRoom(services, visit, await findView())

        const key = `${viewerKey}\n${request.url}`
        const styleSheets = [asset("app.css"), viewer.stylesUrl]
        return services.pageCache.answer(request, { key, styleSheets }, async () =>
          roomPage(services, await findView()),
        )
      })
      .get("/servers/:serverId/channels/:channelId/around", async (visit) => {
        const viewer = await requireViewer(services, visit)
        const access = await requireChannel(services, viewer, visit.params)
        return sidebarFragment(visit.request, await readSidebar(services, { viewer, ...access }))
      })
      .get("/servers/:serverId/channels/:channelId/jump", async (visit) => {
        const viewer = await requireViewer(services, visit)
        const { channel } = await requireChannel(services, viewer, visit.params)
        const markup = <JumpPanel address={roomUrl(channel)} today={viewer.clock.day(new Date())} />
        return panel(visit, viewer, { title: "Jump to date", markup })
      })
      .get(
        "/servers/:serverId/channels/:channelId/composer",
        async (visit) => {
          const viewer = await requireViewer(services, visit)
          const access = await requireChannel(services, viewer, visit.params)
          return framedComposer(services, visit, { viewer, ...access })
        },
        route({ frame: true }),
      )
  )
}

/** A page of the log without the room around it, for htmx. */
async function moreHistory(services: Services, request: Request, view: RoomView): Promise<Response> {
  const log = await readLog(services, view)
  const dividers = { readCount: log.readCount, ...emptyPage(view.viewer) }
  const messages = withDividers(log.messages, dividers, (message) => messageHtml(message))
  return historyFragment(request, { ...log, messages, upwards: view.query.before !== undefined })
}

/** A page of the log for programs, with the positions of the older and newer page, and the cursor for going live. */
async function historyAsJson(
  services: Services,
  request: Request,
  { channel, query }: RoomView,
): Promise<Response> {
  const history = await readHistory(services, channel, query)
  if (!history) throw new Refusal(noSuchMessageInChannel, 404)

  const { messages, hasOlder, hasNewer } = history
  return json(request, {
    messages,
    before: hasOlder ? (messages.at(0)?.position ?? null) : null,
    after: hasNewer ? (messages.at(-1)?.position ?? null) : null,
    seq: Math.max(channel.seq, ...messages.map((message) => message.seq)),
  })
}

/** Redirects to the first message of a day or later, else to the newest. Days start in the viewer's time zone. */
async function jumpToDay(
  { db, clocks }: Services,
  request: Request,
  { viewer, channel }: RoomView,
): Promise<Response> {
  const { searchParams } = new URL(request.url)
  const day = searchParams.get("at") ?? ""
  if (!isDay(day)) throw new Refusal("Give a day as year, month and day: 2026-01-31", 400)

  const zone = searchParams.get("zone")
  const clock = zone === null ? viewer.clock : await clocks.in(zone)
  const id = await findFirstSince(db, channel.id, clock.startOf(day))
  return goTo(request, `${roomUrl(channel)}${id ? `?around=${id}#message-${id}` : ""}`)
}
