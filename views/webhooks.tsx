import { escapeHtml } from "@kitajs/html"
import type { Webhook } from "../src/features/webhooks/contract.ts"
import { NewSecret } from "./bots.tsx"
import type { ChannelName } from "./channels.tsx"
import { Time } from "./invites.tsx"
import { Avatar, DialogLink, Field, FormPanel, type FormState, PanelForm } from "./ui.tsx"

interface PanelProps {
  channel: ChannelName
  webhooks: Webhook[]
  /** An address that was just made: it is shown this once. */
  address?: string
  state: FormState
}

/** The addresses by which other programs write into a channel. */
export function WebhooksPanel({ channel, webhooks, address, state }: PanelProps) {
  const action = `/servers/${channel.serverId}/channels/${channel.id}/webhooks`
  return (
    <FormPanel title="Webhooks">
      {address !== undefined && <NewSecret label="The webhook's address" secret={address} />}
      <p>
        Whoever has a webhook's address can write into <bdi safe>{`#${channel.name}`}</bdi> with it. Programs
        that post to Discord's webhooks post to these as they are.
      </p>
      <ul class="sessions">
        {webhooks.map(({ id, name, createdAt }) => (
          <li>
            <Avatar userId={id} name={name} />
            <div class="grow">
              <bdi safe>{name}</bdi>
              <br />
              <small class="hint">
                Made <Time at={createdAt} />
              </small>
            </div>
            <Does action={`${action}/${id}/renew`} what="New address" label={`New address for ${name}`} />
            <Does action={`${action}/${id}/delete`} what="Delete" label={`Delete ${name}`} />
          </li>
        ))}
      </ul>
      <PanelForm action={action} state={state} submit="Create webhook">
        <Field name="name" label="Name" state={state} required maxlength={80} autocomplete="off" />
      </PanelForm>
      <ul class="links">
        <li>
          <DialogLink href={`/servers/${channel.serverId}/channels/${channel.id}/settings`}>
            Back to the channel's settings
          </DialogLink>
        </li>
      </ul>
    </FormPanel>
  )
}

/** Something that one press does; the panel comes again. */
export function Does({ action, what, label }: { action: string; what: string; label: string }) {
  return (
    <form method="post" action={action} hx-post={action} hx-target="#dialog-body" hx-swap="innerHTML">
      <button class="quiet" type="submit" aria-label={escapeHtml(label)} safe>
        {what}
      </button>
    </form>
  )
}
