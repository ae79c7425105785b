import { ChannelSign } from "./channel-nav.tsx"
import { FollowButton } from "./followed-threads.tsx"
import { Icon } from "./icons.tsx"
import { channelUrl, type RoomSidebar } from "./room-shell.tsx"
import { ThreadOf } from "./threads.tsx"
import { DialogLink } from "./ui.tsx"

/** Above a room: what it is called, and the ways to what stands beside it. Sent again when that has changed. */
export function RoomHeader({
  viewer,
  channel,
  members,
  may,
  total,
  parent,
  isFollowed,
}: Pick<RoomSidebar, "viewer" | "channel" | "members" | "may" | "total" | "parent" | "isFollowed">) {
  const address = channelUrl(channel)
  const { topic = "" } = channel
  const other = channel.isGroup ? undefined : members.find(({ userId }) => userId !== viewer.id)
  return (
    <header id="main" class="room-header">
      <button type="button" class="quiet to-places" popovertarget="places" aria-label="Channels">
        <Icon name="menu" />
      </button>
      <h1>
        {parent === undefined ? <ChannelSign channel={channel} /> : <Icon name="thread" />}
        <bdi id="room-name" safe>
          {channel.name}
        </bdi>
      </h1>
      <button type="button" class="quiet to-tools" popovertarget="room-tools" aria-label="Channel tools">
        <Icon name="more" />
      </button>
      <div id="room-tools" class="room-tools" popover="auto">
        {parent !== undefined && <FollowButton address={address} isFollowed={isFollowed} />}
        <a class="button quiet" href={`/search?in=${channel.id}`} aria-label="Search" title="Search">
          <Icon name="search" />
        </a>
        <DialogLink class="button quiet to-day" href={`${address}/jump`} label="Jump to date">
          <Icon name="calendar" />
        </DialogLink>
        {parent === undefined && (
          <DialogLink class="button quiet" href={`${address}/threads`} label="Threads">
            <Icon name="thread" />
          </DialogLink>
        )}
        <DialogLink class="button quiet" href={`${address}/pins`} label="Pinned messages">
          <Icon name="pin" />
        </DialogLink>
        <DialogLink class="button quiet" href={`${address}/notifications`} label="Notifications">
          <Icon name="bell" />
        </DialogLink>
        {channel.isGroup && (
          <DialogLink class="button quiet" href={`/conversations/${channel.serverId}`} label="Group">
            <Icon name="sliders" />
          </DialogLink>
        )}
        {channel.isConversation === true && other !== undefined && (
          <DialogLink class="button quiet" href={`/people/${other.userId}`} label={other.username}>
            <Icon name="person" />
          </DialogLink>
        )}
        {may.manageChannels && (
          <DialogLink class="button quiet" href={`${address}/settings`} label="Channel settings">
            <Icon name="sliders" />
          </DialogLink>
        )}
      </div>
      <button type="button" class="quiet to-people" popovertarget="people" aria-label={`Members, ${total}`}>
        <Icon name="people" />
        <span aria-hidden="true">{total}</span>
      </button>
      {topic !== "" && <Topic text={topic} />}
      {parent !== undefined && <ThreadOf parent={parent} />}
    </header>
  )
}

/** What the room is about: one line, and all of it where that does not suffice. */
function Topic({ text }: { text: string }) {
  return (
    <details class="topic">
      <summary title="Topic">
        <bdi safe>{text}</bdi>
      </summary>
      <p dir="auto" safe>
        {text}
      </p>
    </details>
  )
}
