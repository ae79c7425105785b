import { MissedLink, OlderLink } from "../../../../views/messages.tsx"
import type { Db } from "../../../db/open.ts"
import type { Metrics } from "../../../observability/metrics.ts"
import type { UpdateLog } from "../../../web/live/broadcast-feed.ts"
import type { Update } from "../../../web/live/update.ts"
import { maxReplay, pageSize } from "../../messages/contract.ts"
import type { MessageCache } from "../../messages/message-cache.ts"
import { countAfter, findHead, listChanges, listTail } from "../../messages/store.ts"
import { withDividers } from "../dividers.tsx"
import type { Room } from "./room.ts"
import type { TailEntry } from "./tail.ts"

interface Dependencies {
  db: Db
  messageCache: MessageCache
  metrics: Metrics
}

/** A channel's log, for live readers who missed a part of it. */
export function messageLog(dependencies: Dependencies, room: Room): UpdateLog {
  const { db, messageCache, metrics } = dependencies
  const { channelId } = room
  return {
    head: () => findHead(db, channelId),
    async since(cursor) {
      metrics.replays.add()
      const changes = await listChanges(db, channelId, cursor, maxReplay + 1)
      if (changes.length > maxReplay) {
        metrics.replayResets.add()
        return freshStart(dependencies, room, cursor)
      }

      const updates = changes.map((message) => messageCache.toUpdate(message, cursor))
      return { updates, seq: changes.at(-1)?.seq ?? cursor }
    },
  }
}

/** For readers who missed more than a replay holds: the newest page, and a link to what lies between. */
async function freshStart({ db, messageCache }: Dependencies, { serverId, channelId }: Room, cursor: number) {
  const [seq, tail] = [await findHead(db, channelId), await listTail(db, channelId, pageSize)]
  const missed = await countAfter(db, channelId, cursor)
  const address = `/servers/${serverId}/channels/${channelId}`
  const links = (
    <>
      <OlderLink href={`${address}?before=${tail[0]?.position ?? 0}`} />
      <MissedLink href={`${address}?after=${cursor}`} count={missed} />
    </>
  )
  // Only where the end of the log is shown: a page of history stays as it is.
  const messages = "#messages[data-live]"
  const fragment = [
    partial(`#log:has(${messages}) #older`, "delete"),
    partial(`#log:has(${messages}) #missed`, "delete"),
    partial(messages, "beforebegin", String(links)),
    partial(messages, "innerHTML", tail.map((message) => messageCache.html(message)).join("")),
  ]
  const gap = String(<MissedLink href={`${address}?after=${cursor}`} count={missed} />)
  const entries: TailEntry[] = [{ gap: { after: cursor, seq } }, ...tail]
  const update: Update = {
    seq,
    position: seq,
    fragment: fragment.join(""),
    stream: (page) => gap + withDividers(tail, page, (message) => messageCache.inStream(message, page)),
    entries,
  }
  return { updates: [update], seq }
}

function partial(target: string, swap: string, content = ""): string {
  return `<hx-partial hx-target="${target}" hx-swap="${swap}">${content}</hx-partial>`
}
