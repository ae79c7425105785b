/** One chat channel, as the live page of a room names it. */
export interface Room {
  serverId: string
  channelId: string
}
