import { escapeHtml } from "@kitajs/html"
import type { ChannelName } from "./channels.tsx"
import { Icon } from "./icons.tsx"
import { type Count, Tally } from "./reading.tsx"
import type { ServerName } from "./shell.tsx"
import { DialogLink } from "./ui.tsx"

/** A channel in the list of a server. Flags are true, or 1 where they come from SQL. */
export interface ChannelEntry extends ChannelName, Count {
  categoryId?: string | null
  isPrivate?: boolean | number
  isReadOnly?: boolean | number
  /** The viewer muted it, or what it is in. */
  isMuted?: boolean | number
}

/** A category in the list of a server. */
export interface CategoryEntry {
  id: string
  name: string
  isCollapsed: boolean | number
  mayManage: boolean | number
}

interface NavProps {
  server: ServerName
  channels: ChannelEntry[]
  categories: CategoryEntry[]
  currentChannelId: string
  /** The owner offers the server to the viewer. */
  isOffered: boolean
  /** Reports that wait for the viewer, who moderates the server. */
  openReports: number
  /** The path of the server's banner; `null` without one. */
  bannerUrl: string | null
  mayManage: boolean
}

/** A server's channels by category, and what can be done in it. */
export function ChannelNav(nav: NavProps) {
  const { server, channels, categories, currentChannelId, bannerUrl } = nav
  const address = `/servers/${server.id}`
  const byCategory = Map.groupBy(channels, ({ categoryId }) => categoryId ?? "")
  return (
    <nav id="channels" class="channels" aria-label="Channels">
      <ServerHeading name={server.name} bannerUrl={bannerUrl} />
      <div class="channel-list">
        <ChannelList channels={byCategory.get("") ?? []} currentId={currentChannelId} />
        {categories.map((category) => (
          <CategorySection
            category={category}
            address={address}
            channels={byCategory.get(category.id) ?? []}
            currentId={currentChannelId}
          />
        ))}
      </div>
      <ServerTools {...nav} />
    </nav>
  )
}

/** What can be done in the server. */
function ServerTools({ server, isOffered, openReports, mayManage }: NavProps) {
  const address = `/servers/${server.id}`
  return (
    <ul class="tools-list">
      {openReports > 0 && (
        <li>
          <a href={`${address}/settings/reports`}>
            <Icon name="flag" /> Reports{" "}
            <span class="badge" safe>
              {`${openReports} open`}
            </span>
          </a>
        </li>
      )}
      {isOffered && (
        <li>
          <a href={`${address}/settings/transfer`}>
            <Icon name="people" /> You are offered this server
          </a>
        </li>
      )}
      <li class="mark-all">
        <form method="post" action={`${address}/read`} hx-post={`${address}/read`} hx-swap="none">
          <button type="submit" class="quiet">
            <Icon name="check" /> Mark all as read
          </button>
        </form>
      </li>
      {mayManage && (
        <li>
          <DialogLink href={`${address}/channels/new`}>
            <Icon name="plus" /> Create channel
          </DialogLink>
        </li>
      )}
      <li>
        <DialogLink href={`${address}/invites`}>
          <Icon name="people" /> Invite people
        </DialogLink>
      </li>
      <li>
        <DialogLink href={`${address}/notifications`}>
          <Icon name="bell" /> Notifications
        </DialogLink>
      </li>
      <li>
        <a href={`${address}/settings`}>
          <Icon name="sliders" /> Server settings
        </a>
      </li>
    </ul>
  )
}

function ServerHeading({ name, bannerUrl }: { name: string; bannerUrl: string | null }) {
  const heading = (
    <h2>
      <bdi safe>{name}</bdi>
    </h2>
  )
  if (bannerUrl === null) return heading

  return (
    <div class="banner">
      <img src={escapeHtml(bannerUrl)} alt="" width="480" height="270" loading="lazy" decoding="async" />
      {heading as "safe"}
    </div>
  )
}

interface ListProps {
  channels: ChannelEntry[]
  currentId: string
  id?: string
}

function ChannelList({ channels, currentId, id }: ListProps) {
  if (channels.length === 0) return ""

  return (
    <ul id={id && escapeHtml(id)}>
      {channels.map((channel) => (
        <li>
          <ChannelLink channel={channel} isCurrent={channel.id === currentId} />
        </li>
      ))}
    </ul>
  )
}

interface CategoryProps extends ListProps {
  category: CategoryEntry
  /** Of the server. */
  address: string
}

/** A category. When it is collapsed, only the current channel and those with something unread are shown (in the style sheet). */
function CategorySection({ category, address, channels, currentId }: CategoryProps) {
  const { id, name, isCollapsed, mayManage } = category
  const list = `category-${id}-channels`
  const action = `${address}/categories/${id}/${isCollapsed ? "expand" : "collapse"}`
  return (
    <section class={isCollapsed ? "category collapsed" : "category"}>
      <form method="post" action={action} hx-post={action} hx-target="#around" hx-swap="innerHTML">
        <input type="hidden" name="channelId" value={escapeHtml(currentId)} />
        <h3>
          <button
            id={`category-${id}`}
            type="submit"
            class="quiet fold"
            aria-expanded={isCollapsed ? "false" : "true"}
            aria-controls={channels.length > 0 ? list : undefined}
          >
            <Icon name="fold" />
            <bdi class="name" safe>
              {name}
            </bdi>
          </button>
        </h3>
        {Boolean(mayManage) && (
          <DialogLink
            class="button quiet"
            href={`${address}/channels/new?category=${id}`}
            label={`Create channel in ${name}`}
          >
            <Icon name="plus" />
          </DialogLink>
        )}
      </form>
      <ChannelList id={list} channels={channels} currentId={currentId} />
    </section>
  )
}

function ChannelLink({ channel, isCurrent }: { channel: ChannelEntry; isCurrent: boolean }) {
  // Who is here reads here.
  const count: Count = isCurrent ? {} : channel
  return (
    <a
      href={`/servers/${channel.serverId}/channels/${channel.id}`}
      data-channel={channel.id}
      class={channel.isMuted ? "muted" : undefined}
      aria-current={isCurrent ? "page" : undefined}
    >
      <ChannelSign channel={channel} />
      <bdi class="name" safe>
        {channel.name}
      </bdi>
      <Tally unread={count.unread} mentions={count.mentions} />
    </a>
  )
}

type Signed = Pick<ChannelEntry, "isPrivate" | "isReadOnly" | "isConversation"> & { isArchived?: boolean }

/** The sign before a channel's name: a hash, or what is special about it, in words too. */
export function ChannelSign({ channel }: { channel: Signed }) {
  const { isPrivate, isReadOnly, isConversation, isArchived } = channel
  if (isArchived) return <NamedSign icon="archive" words="Archived" />
  if (isPrivate) return <NamedSign icon="lock" words={isReadOnly ? "Private, read-only" : "Private"} />
  if (isReadOnly) return <NamedSign icon="megaphone" words="Read-only" />
  return (
    <span class="hash" aria-hidden="true">
      {isConversation ? "@" : "#"}
    </span>
  )
}

function NamedSign({ icon, words }: { icon: "archive" | "lock" | "megaphone"; words: string }) {
  return (
    <span class="hash" title={words}>
      <Icon name={icon} />
      <span class="visually-hidden" safe>{`${words}: `}</span>
    </span>
  )
}
