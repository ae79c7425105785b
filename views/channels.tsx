/** As much of a channel as a page names. */
export interface ChannelName {
  id: string
  serverId: string
  name: string
  /** It is a conversation and in no server's list. */
  isConversation?: boolean
  /** A conversation of more than two. */
  isGroup?: boolean
}

/** What a room is called where there is no room for more than words. */
export function roomTitle({ name, isConversation }: Pick<ChannelName, "name" | "isConversation">): string {
  return isConversation ? name : `#${name}`
}
