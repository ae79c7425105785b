import { Refusal } from "../../kernel/index.ts"
import type { SeenChannel } from "../channels/store.ts"
import type { Services } from "../services.ts"
import type { Visit } from "../visit.ts"
import { isNewest, type Place, readHistory, readOnFrom } from "./history.ts"

/** A page of the log with the ways to the pages beside it. */
export async function readLog(services: Services, { request }: Visit, channel: SeenChannel, place: Place) {
  const unread = Math.max(0, channel.messageCount - channel.readCount)
  const isContinued = Boolean(place.unread) && unread > 0
  const history = isContinued
    ? await readOnFrom(services.db, channel.id, channel.readPosition)
    : await historyAt(services, channel, place)
  if (!history) throw new Refusal("There is no such message in this channel", 404)

  const { messages, hasOlder, hasNewer } = history
  const address = addressOf(channel)
  const read = readBefore(new URL(request.url), unread > 0 ? channel.readCount : undefined)
  const [first, last] = [messages.at(0), messages.at(-1)]
  const kept = read === undefined ? "" : `&read=${read}`
  return {
    messages,
    unread,
    isContinued,
    read,
    older: hasOlder && first ? `${address}?before=${first.position}${kept}` : undefined,
    newer: hasNewer && last ? `${address}?after=${last.position}${kept}` : undefined,
    // Read before its messages, so nothing is missed; what they know better counts, so nothing comes twice.
    seq: Math.max(channel.seq, ...messages.map((message) => message.seq)),
    live: !hasNewer,
  }
}

function historyAt({ db, rooms }: Services, channel: SeenChannel, place: Place) {
  return isNewest(place) ? rooms.newest(channel) : readHistory(db, channel.id, place)
}

/** How many messages were read when the reader came: what a link they follow from there says, else what is now. */
function readBefore({ searchParams }: URL, now: number | undefined): number | undefined {
  const kept = searchParams.get("read")
  return kept !== null && /^\d{1,15}$/.test(kept) ? Number(kept) : now
}

export function addressOf({ serverId, id }: SeenChannel): string {
  return `/servers/${serverId}/channels/${id}`
}
