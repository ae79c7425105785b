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

/** Where one writes, to follow "Message". */
export function placeToWrite(
  channel: Pick<ChannelName, "name" | "isConversation">,
  isThread: boolean,
): string {
  return isThread ? `the thread “${channel.name}”` : roomTitle(channel)
}

/** What a room is called where there is no room for more than words. */
export function roomTitle({ name, isConversation }: Pick<ChannelName, "name" | "isConversation">): string {
  return isConversation ? name : `#${name}`
}
