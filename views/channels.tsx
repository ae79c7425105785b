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
