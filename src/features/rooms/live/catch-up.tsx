import { MissedLink, OlderLink } from "../../../../views/log.tsx"
import { messageHtml } from "../../../../views/messages.tsx"
import type { Db } from "../../../db/database.ts"
import type { Metrics } from "../../../observability/metrics.ts"
import type { UpdateLog } from "../../../web/live/broadcast-feed.ts"
import type { GrowingPage, Update } from "../../../web/live/update.ts"
import { type Message, pageSize } from "../../messages/contract.ts"
import { findReplay } from "../../messages/replay.ts"
import { countAfter, findHead, listTail } from "../../messages/store.ts"
import { inStream, toUpdate } from "../../messages/updates.ts"
import { withDividers } from "../dividers.tsx"
import type { Room } from "./room.ts"
import type { TailEntry } from "./tail.ts"

interface Dependencies {
  db: Db
  metrics: Metrics
  /** Awaited before changes that were read are delivered. */
  beforeDelivery?(): Promise<unknown>
}

/** Replays a channel's log to live readers that missed updates. */
export function messageLog(dependencies: Dependencies, room: Room): UpdateLog {
  return {
    head: () => findHead(dependencies.db, room.channelId),
    async since(cursor) {
      const replay = await readSince(dependencies, room, cursor)
      await dependencies.beforeDelivery?.()
      return replay
    },
  }
}

async function readSince(dependencies: Dependencies, room: Room, cursor: number) {
  const { db, metrics } = dependencies
  metrics.replays.add()
  const changes = await findReplay(db, room.channelId, cursor)
  if (!changes) {
    metrics.replayResets.add()
    return newestPage(dependencies, room, cursor)
  }

  const updates = changes.map((message) => toUpdate(message, cursor))
  return { updates, seq: changes.at(-1)?.seq ?? cursor }
}

/** Replaces the page of readers for whom there is no replay: the newest messages, and a link to what they missed. */
async function newestPage({ db }: Dependencies, { serverId, channelId }: Room, cursor: number) {
  const head = await findHead(db, channelId)
  const tail = await listTail(db, channelId, pageSize)
  // The tail was read later. What it has beyond the head would else be replayed to readers that have it.
  const seq = Math.max(head, ...tail.map((message) => message.seq))
  const missed = await countAfter(db, channelId, cursor)
  const url = `/servers/${serverId}/channels/${channelId}`
  const gap =
    missed > tail.length ? String(<MissedLink href={`${url}?after=${cursor}`} count={missed} />) : ""
  const older = String(<OlderLink href={`${url}?before=${tail[0]?.position ?? 0}`} />)
  // Targets pages that show the end of the log: a page of history stays unchanged.
  const messages = "#messages[data-live]"
  const fragment = [
    partial(`#log:has(${messages}) #older`, "delete"),
    partial(`#log:has(${messages}) #missed`, "delete"),
    partial(messages, "beforebegin", older + gap),
    partial(messages, "innerHTML", tail.map((message) => messageHtml(message)).join("")),
  ]
  const entries: TailEntry[] = [{ gap: { after: cursor, seq } }, ...tail]
  const update: Update = {
    seq,
    position: seq,
    fragment: fragment.join(""),
    stream: (page) => gap + growingTail({ tail, cursor, page }),
    partsAfter: (after) =>
      tail.filter(({ position }) => position > after).map((message) => toUpdate(message, cursor)),
    entries,
  }
  return { updates: [update], seq }
}

interface GrowingTail {
  tail: Message[]
  cursor: number
  page: GrowingPage
}

/** The tail for a page that cannot drop what it shows: messages that it has are changed, not appended again. */
function growingTail({ tail, cursor, page }: GrowingTail): string {
  const [shown, appended] = [
    tail.filter(({ position }) => position <= cursor),
    tail.filter(({ position }) => position > cursor),
  ]
  const changed = shown.filter(({ seq }) => seq > cursor)
  return (
    changed.map((message) => toUpdate(message, cursor).stream?.(page) ?? "").join("") +
    withDividers(appended, page, (message) => inStream(message, page))
  )
}

function partial(target: string, swap: string, content = ""): string {
  return `<hx-partial hx-target="${target}" hx-swap="${swap}">${content}</hx-partial>`
}
