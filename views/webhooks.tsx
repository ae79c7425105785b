import { escapeHtml } from "@kitajs/html"
import type { OutgoingWebhook, Webhook } from "../src/features/webhooks/contract.ts"
import type { Clock } from "../src/web/clock.ts"
import { NewSecret } from "./bots.tsx"
import type { ChannelName } from "./channels.tsx"
import { Time } from "./times.tsx"
import { Avatar, DialogLink, Field, FormPanel, type FormState, PanelForm } from "./ui.tsx"

interface PanelProps {
  channel: ChannelName
  webhooks: Webhook[]
  clock: Clock
  /** An address that was just made: it is shown this once. */
  address?: string
  state: FormState
}

/** The addresses by which other programs write into a channel. */
export function WebhooksPanel({ channel, webhooks, clock, address, state }: PanelProps) {
  const action = `/servers/${channel.serverId}/channels/${channel.id}/webhooks`
  return (
    <FormPanel title="Webhooks">
      {address !== undefined && <NewSecret label="Webhook URL" secret={address} />}
      <p>
        Anyone with a webhook's URL can post to <bdi safe>{`#${channel.name}`}</bdi>. Programs written for
        Discord webhooks work unchanged.
      </p>
      <ul class="entries">
        {webhooks.map(({ id, name, createdAt }) => (
          <li>
            <Avatar userId={id} name={name} />
            <div class="grow">
              <bdi safe>{name}</bdi>
              <br />
              <small class="hint">
                Created <Time at={createdAt} clock={clock} />
              </small>
            </div>
            <div class="entry-tools">
              <Does action={`${action}/${id}/renew`} what="Reset URL" label={`Reset URL of ${name}`} />
              <Does action={`${action}/${id}/delete`} what="Delete" label={`Delete ${name}`} />
            </div>
          </li>
        ))}
      </ul>
      <PanelForm action={action} state={state} submit="Create webhook">
        <Field name="name" label="Name" state={state} required maxlength={80} autocomplete="off" />
      </PanelForm>
      <ul class="links">
        <li>
          <DialogLink href={`/servers/${channel.serverId}/channels/${channel.id}/settings`}>
            Back to channel settings
          </DialogLink>
        </li>
      </ul>
    </FormPanel>
  )
}

interface OutgoingProps {
  channel: ChannelName
  hooks: OutgoingWebhook[]
  clock: Clock
  /** What signs the deliveries of one that was just made: it is shown this once. */
  secret?: string
  state: FormState
}

/** The addresses that are told what happens in a channel. */
export function OutgoingWebhooksPanel({ channel, hooks, clock, secret, state }: OutgoingProps) {
  const action = `/servers/${channel.serverId}/channels/${channel.id}/outgoing-webhooks`
  return (
    <FormPanel title="Outgoing webhooks">
      {secret !== undefined && <NewSecret label="Signing secret" secret={secret} />}
      <p>
        Each webhook receives every new, edited and deleted message of <bdi safe>{`#${channel.name}`}</bdi>,
        signed with its secret. Failed deliveries are retried for about a day.
      </p>
      <ul class="entries">
        {hooks.map((hook) => (
          <li>
            <div class="grow">
              <bdi class="hook-address" dir="ltr" safe>
                {hook.url}
              </bdi>
              <HookStatus hook={hook} clock={clock} />
            </div>
            <div class="entry-tools">
              {(hook.disabledAt ?? hook.nextTryAt) !== null && (
                <Does action={`${action}/${hook.id}/retry`} what="Retry" label={`Retry ${hook.url}`} />
              )}
              <Does action={`${action}/${hook.id}/delete`} what="Delete" label={`Delete ${hook.url}`} />
            </div>
          </li>
        ))}
      </ul>
      <PanelForm action={action} state={state} submit="Create outgoing webhook">
        <Field
          name="url"
          label="Address"
          state={state}
          hint="An https:// URL that can be reached from the internet"
          required
          maxlength={2048}
          autocomplete="off"
        />
      </PanelForm>
      <ul class="links">
        <li>
          <DialogLink href={`/servers/${channel.serverId}/channels/${channel.id}/settings`}>
            Back to channel settings
          </DialogLink>
        </li>
      </ul>
    </FormPanel>
  )
}

/** How it goes, in words. */
function HookStatus({ hook, clock }: { hook: OutgoingWebhook; clock: Clock }) {
  const { lastStatus, failures, nextTryAt, disabledAt } = hook
  const answered = lastStatus ?? ""
  const why = /^\d+$/.test(answered) ? `HTTP ${answered}` : answered
  if (disabledAt) {
    return (
      <small class="hint failing">
        Disabled <Time at={disabledAt} clock={clock} />: <span safe>{why}</span>
      </small>
    )
  }
  if (nextTryAt) {
    return (
      <small class="hint failing">
        <span safe>{`Failed ${failures} ${failures === 1 ? "time" : "times"}: ${why}.`}</span> Next attempt{" "}
        <Time at={nextTryAt} clock={clock} />
      </small>
    )
  }
  return <small class="hint">{lastStatus ? "Working" : "Nothing sent yet"}</small>
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

interface ChannelsProps {
  channels: ChannelName[]
  /** The ids of those with outgoing webhooks that are disabled. */
  disabled: ReadonlySet<string>
}

/** The channels of a server, each with the ways to its webhooks. */
export function WebhookChannels({ channels, disabled }: ChannelsProps) {
  return (
    <>
      <p>Webhooks belong to a channel: choose the one that they write to or read from.</p>
      {channels.length === 0 && <p class="empty">No channels yet.</p>}
      <ul class="entries">
        {channels.map(({ id, serverId, name }) => (
          <li>
            <div class="grow">
              <bdi safe>{`#${name}`}</bdi>
              {disabled.has(id) && (
                <>
                  <br />
                  <small class="hint failing">An outgoing webhook is disabled</small>
                </>
              )}
            </div>
            <span class="entry-tools">
              <DialogLink
                class="button quiet"
                href={`/servers/${serverId}/channels/${id}/webhooks`}
                label={`Incoming webhooks of #${name}`}
              >
                Incoming
              </DialogLink>
              <DialogLink
                class="button quiet"
                href={`/servers/${serverId}/channels/${id}/outgoing-webhooks`}
                label={`Outgoing webhooks of #${name}`}
              >
                Outgoing
              </DialogLink>
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}
