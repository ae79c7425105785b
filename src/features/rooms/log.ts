import { Refusal } from "../../kernel/index.ts"
import type { Message } from "../messages/contract.ts"
import { can } from "../permissions/can.ts"
import type { Standing } from "../permissions/standing.ts"
import type { SeenChannel } from "../permissions/store.ts"
import { noSuchMessageInChannel } from "../permissions/wording.ts"
import type { Services } from "../services.ts"
import { type HistoryQuery, isNewest, readHistory, readOnFrom } from "./history.ts"

/** A page of the log, with links to the older and newer page. */
export interface LogPage {
  messages: Message[]
  /** Unread messages of the whole channel. */
  unreadCount: number
  /** It starts where the viewer stopped reading. */
  isContinued: boolean
  /** How many messages the viewer had read when they opened the channel; `undefined` when all. */
  readCount: number | undefined
  older: string | undefined
  newer: string | undefined
  /** The cursor of the page: live changes continue after it. */
  seq: number
  /** Does it show the end of the log? */
  live: boolean
  /** May the viewer read what was said before they came? Otherwise there are no messages. */
  hasHistory: boolean
}

interface LogRequest {
  channel: SeenChannel
  standing: Standing
  query: HistoryQuery
}

/**
 * Reads a page of a channel's log. Without the permission to read the history it is the end of the log, without messages.
 * Fails: 404 (no such message in it).
 */
export async function readLog(
  services: Services,
  { channel, standing, query }: LogRequest,
): Promise<LogPage> {
  const { unreadCount } = channel
  const hasHistory = can(standing, "readHistory")
  if (!hasHistory) {
    const nothing = {
      messages: [],
      isContinued: false,
      readCount: undefined,
      older: undefined,
      newer: undefined,
    }
    return { ...nothing, unreadCount, seq: channel.seq, live: true, hasHistory }
  }

  const isContinued = Boolean(query.unread) && unreadCount > 0
  const history = isContinued
    ? await readOnFrom(services, { channel, position: channel.readPosition })
    : await readHistoryCached(services, channel, query)
  if (!history) throw new Refusal(noSuchMessageInChannel, 404)

  const { messages, hasOlder, hasNewer } = history
  const url = roomUrl(channel)
  const readCount = query.readCount ?? (unreadCount > 0 ? channel.readCount : undefined)
  const [first, last] = [messages.at(0), messages.at(-1)]
  const read = readCount === undefined ? "" : `&read=${readCount}`
  return {
    messages,
    unreadCount,
    isContinued,
    readCount,
    older: hasOlder && first ? `${url}?before=${first.position}${read}` : undefined,
    newer: hasNewer && last ? `${url}?after=${last.position}${read}` : undefined,
    // The channel was read before its messages, which may be newer: the higher `seq` neither skips nor repeats a change.
    seq: Math.max(channel.seq, ...messages.map((message) => message.seq)),
    live: !hasNewer,
    hasHistory,
  }
}

function readHistoryCached(services: Services, channel: SeenChannel, query: HistoryQuery) {
  return isNewest(query) ? services.roomCache.newest(channel) : readHistory(services, channel, query)
}

export function roomUrl({ serverId, id }: SeenChannel): string {
  return `/servers/${serverId}/channels/${id}`
}
