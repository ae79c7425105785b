import { variantKey } from "../../../../views/localize.ts"
import { StreamEnd, streamHead } from "../../../../views/room-stream.tsx"
import type { HttpStreamKind } from "../../../web/live/http-stream.ts"
import { cursorOf } from "../../../web/live/session.ts"
import { type GrowingPage, toStream } from "../../../web/live/update.ts"
import { htmlHeaders } from "../../../web/reply.ts"
import { inStream } from "../../messages/updates.ts"
import { can } from "../../permissions/can.ts"
import type { ChannelAccess, SeenChannel } from "../../permissions/store.ts"
import type { Services } from "../../services.ts"
import type { SignedInViewer } from "../../visit.ts"
import { emptyPage, withDividers } from "../dividers.tsx"
import { readHistory } from "../history.ts"
import { roomUrl } from "../log.ts"

interface PageRequest {
  request: Request
  viewer: SignedInViewer
  /** Finds the channel. Throws a `Refusal` for viewers who may not read it. */
  findChannel(): Promise<ChannelAccess>
}

/** A streamed page for browsers without JavaScript: the newest messages or those after a cursor, then live ones. */
export function pageStreamKind(
  services: Services,
  { request, viewer, findChannel }: PageRequest,
): HttpStreamKind {
  const page = emptyPage(viewer)
  let address = "/"
  return {
    headers: htmlHeaders({
      framed: true,
      headers: { "cache-control": "no-store", "x-accel-buffering": "no" },
    }),
    format: {
      name: `page ${variantKey(viewer)}`,
      heartbeat: "<!-- -->",
      encode: (updates) => toStream(updates, page),
    },
    hasSideTopics: false,
    end: ({ message }) => String(<StreamEnd message={message} address={address} />),
    async begin() {
      const { channel, standing } = await findChannel()
      address = roomUrl(channel)
      const head = { viewer, channel, mayManageMessages: can(standing, "manageMessages") }
      if (!can(standing, "readHistory"))
        return { text: streamHead({ ...head, hasHistory: false }), cursor: channel.seq }
      if (cursorOf(request) !== undefined) return { text: streamHead(head) }

      const { older, seq, log } = await newestMessages(services, channel, page)
      return { text: streamHead({ ...head, older }) + log, cursor: seq }
    },
  }
}

async function newestMessages(services: Services, channel: SeenChannel, page: GrowingPage) {
  const history = await readHistory(services, channel, {})
  const { messages, hasOlder } = history ?? { messages: [], hasOlder: false }
  const readCount = channel.unreadCount > 0 ? channel.readCount : undefined
  return {
    older: hasOlder ? `${roomUrl(channel)}?before=${messages[0]?.position}` : undefined,
    seq: Math.max(channel.seq, ...messages.map((message) => message.seq)),
    log: withDividers(messages, { readCount, ...page }, (message) => inStream(message, page)),
  }
}
