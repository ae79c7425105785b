import { Icon } from "./icons.tsx"
import { type Count, Tally } from "./reading.tsx"
import type { ServerName } from "./shell.tsx"
import { DialogLink, Field, FormPanel, type FormState, PanelForm } from "./ui.tsx"

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

interface NavProps {
  server: ServerName
  channels: (ChannelName & Count)[]
  currentChannelId?: string
  mayManage: boolean
}

/** A server's channels, and what can be done in it. */
export function ChannelNav({ server, channels, currentChannelId, mayManage }: NavProps) {
  const address = `/servers/${server.id}`
  return (
    <nav id="channels" class="channels" aria-label="Channels">
      <h2>
        <bdi safe>{server.name}</bdi>
      </h2>
      <ul>
        {channels.map((channel) => (
          <li>
            <ChannelLink channel={channel} isCurrent={channel.id === currentChannelId} />
          </li>
        ))}
      </ul>
      <ul class="tools-list">
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
          <a href={`${address}/settings`}>
            <Icon name="sliders" /> Server settings
          </a>
        </li>
      </ul>
    </nav>
  )
}

function ChannelLink({ channel, isCurrent }: { channel: NavProps["channels"][number]; isCurrent: boolean }) {
  // Who is here reads here.
  const count: Count = isCurrent ? {} : channel
  return (
    <a
      href={`/servers/${channel.serverId}/channels/${channel.id}`}
      data-channel={channel.id}
      aria-current={isCurrent ? "page" : undefined}
    >
      <span class="hash" aria-hidden="true">
        #
      </span>
      <bdi class="name" safe>
        {channel.name}
      </bdi>
      <Tally unread={count.unread} mentions={count.mentions} />
    </a>
  )
}

/** Making a channel. */
export function NewChannelPanel({ server, state }: { server: ServerName; state: FormState }) {
  return (
    <FormPanel title="Create channel">
      <PanelForm action={`/servers/${server.id}/channels`} state={state} submit="Create channel">
        <Field name="name" label="Name" state={state} required maxlength={100} autocomplete="off" autofocus />
      </PanelForm>
    </FormPanel>
  )
}

/** Renaming a channel, and the way to delete it. */
export function ChannelSettingsPanel({ channel, state }: { channel: ChannelName; state: FormState }) {
  const address = `/servers/${channel.serverId}/channels/${channel.id}`
  return (
    <FormPanel title="Channel settings">
      <PanelForm action={address} state={state} submit="Rename">
        <Field name="name" label="Name" state={state} required maxlength={100} autocomplete="off" />
      </PanelForm>
      <ul class="links">
        <li>
          <DialogLink href={`${address}/webhooks`}>Webhooks</DialogLink>
        </li>
        <li>
          <DialogLink href={`${address}/outgoing-webhooks`}>Outgoing webhooks</DialogLink>
        </li>
        <li>
          <DialogLink href={`${address}/delete`} class="danger-link">
            Delete channel
          </DialogLink>
        </li>
      </ul>
    </FormPanel>
  )
}

/** Deleting a channel. */
export function DeleteChannelPanel({ channel, state }: { channel: ChannelName; state: FormState }) {
  return (
    <FormPanel title="Delete channel">
      <p>
        This permanently deletes <bdi safe>{`#${channel.name}`}</bdi> with all its messages, for everyone.
      </p>
      <PanelForm
        action={`/servers/${channel.serverId}/channels/${channel.id}/delete`}
        state={state}
        submit="Delete channel"
        danger
      />
    </FormPanel>
  )
}
