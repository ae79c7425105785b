/** The topic of a live room: a channel and its server. */
export interface Room {
  serverId: string
  channelId: string
}
