import { escapeHtml } from "@kitajs/html"
import type { ChannelName } from "./channels.tsx"
import { type DescribedLink, DescribedLinks } from "./described-links.tsx"
import { Check, type Option, Select } from "./fields.tsx"
import type { ServerName } from "./shell.tsx"
import { Field, FormErrors, FormPanel, type FormState, PanelForm } from "./ui.tsx"

/** A category as a form offers it. */
interface CategoryOption {
  id: string
  name: string
}

interface NewProps {
  server: ServerName
  categories: CategoryOption[]
  state: FormState
}

/** Creating a channel. */
export function NewChannelPanel({ server, categories, state }: NewProps) {
  const { values = {} } = state
  return (
    <FormPanel title="Create channel">
      <PanelForm action={`/servers/${server.id}/channels`} state={state} submit="Create channel">
        <Field name="name" label="Name" state={state} required maxlength={100} autocomplete="off" autofocus />
        <TopicField state={state} />
        {categories.length > 0 && <CategorySelect categories={categories} state={state} />}
        <AccessFields isPrivate={values.isPrivate === "on"} isReadOnly={values.isReadOnly === "on"} />
      </PanelForm>
    </FormPanel>
  )
}

function TopicField({ state }: { state: FormState }) {
  return (
    <Field name="topic" label="Topic" state={state} hint="What it is about; optional" autocomplete="off" />
  )
}

function CategorySelect({ categories, state }: { categories: CategoryOption[]; state: FormState }) {
  const options: Option[] = [
    { value: "", label: "No category" },
    ...categories.map(({ id, name }) => ({ value: id, label: name })),
  ]
  return <Select name="categoryId" label="Category" options={options} state={state} />
}

function AccessFields({ isPrivate, isReadOnly }: { isPrivate: boolean; isReadOnly: boolean }) {
  return (
    <fieldset class="field access-fields">
      <legend>Access</legend>
      <Check
        name="isPrivate"
        label="Private: only you, and roles and members you allow later, may view it"
        isChecked={isPrivate}
      />
      <Check
        name="isReadOnly"
        label="Read-only: everyone may read, only you and those you allow later may write"
        isChecked={isReadOnly}
      />
    </fieldset>
  )
}

/** A channel with what its settings depend on. */
export interface EditedChannel extends ChannelName {
  parentId: string | null
  isArchived: boolean
  isPrivate: boolean
  isReadOnly: boolean
}

interface SettingsProps {
  channel: EditedChannel
  categories: CategoryOption[]
  may: { manageRoles: boolean; manageWebhooks: boolean }
  state: FormState
}

/** A channel's name, topic and category, who it is for, and the ways to archive and delete it. */
export function ChannelSettingsPanel({ channel, categories, may, state }: SettingsProps) {
  const address = `/servers/${channel.serverId}/channels/${channel.id}`
  const isListed = channel.parentId === null
  return (
    <FormPanel title="Channel settings">
      <PanelForm action={address} state={state} submit="Save">
        <Field name="name" label="Name" state={state} required maxlength={100} autocomplete="off" />
        {isListed && <TopicField state={state} />}
        {isListed && !channel.isArchived && categories.length > 0 && (
          <CategorySelect categories={categories} state={state} />
        )}
      </PanelForm>
      {isListed && may.manageRoles && <AccessForm channel={channel} address={address} />}
      <DescribedLinks links={channelPages({ channel, may, address })} />
    </FormPanel>
  )
}

/** What else is set for a channel, with what each is for. */
function channelPages({
  channel,
  may,
  address,
}: Pick<SettingsProps, "channel" | "may"> & { address: string }) {
  const isListed = channel.parentId === null
  const pages: (DescribedLink & { isShown: boolean })[] = [
    {
      ...{ title: "Permissions of roles and members", href: `${address}/permissions` },
      ...{ about: "Permissions to view, write and more", isShown: isListed && may.manageRoles },
    },
    {
      ...{ title: "Notifications", href: `${address}/notifications`, isPanel: true },
      ...{ about: "For you alone", isShown: true },
    },
    {
      ...{ title: "Retention", href: `${address}/retention`, isPanel: true },
      ...{ about: "How long its messages and files are kept", isShown: isListed },
    },
    {
      ...{ title: "Webhooks", href: `${address}/webhooks`, isPanel: true },
      ...{ about: "Programs that post messages here", isShown: may.manageWebhooks },
    },
    {
      ...{ title: "Outgoing webhooks", href: `${address}/outgoing-webhooks`, isPanel: true },
      ...{ about: "Programs that receive messages from here", isShown: may.manageWebhooks },
    },
    {
      title: channel.isArchived ? "Unarchive channel" : "Archive channel",
      ...{ href: `${address}/archive`, isPanel: true, isShown: isListed },
      about: channel.isArchived ? "Back into the list, as before" : "Out of the list, with its messages kept",
    },
    {
      ...{ title: "Delete channel", href: `${address}/delete`, isPanel: true, isDanger: true },
      ...{ about: "Permanently, with all its messages", isShown: true },
    },
  ]
  return pages.filter(({ isShown }) => isShown)
}

function AccessForm({ channel, address }: { channel: EditedChannel; address: string }) {
  const action = `${address}/access`
  return (
    <form method="post" action={action} hx-post={action} hx-target="#dialog-body" hx-swap="innerHTML">
      <AccessFields isPrivate={channel.isPrivate} isReadOnly={channel.isReadOnly} />
      <p class="actions">
        <button type="submit">Save access</button>
      </p>
    </form>
  )
}

interface PanelProps {
  channel: ChannelName & { isArchived?: boolean }
  state: FormState
}

/** Archiving a channel, or bringing it back. */
export function ArchiveChannelPanel({ channel, state }: PanelProps) {
  const { isArchived } = channel
  const address = `/servers/${channel.serverId}/channels/${channel.id}`
  const title = isArchived ? "Unarchive channel" : "Archive channel"
  return (
    <FormPanel title={title}>
      <p>
        {isArchived ? "This brings " : "This takes "}
        <bdi safe>{`#${channel.name}`}</bdi>
        {isArchived
          ? " back to the list of channels, and members can write there again."
          : " out of the list of channels and out of search. Nobody can write there. Its messages stay and can be read with a link to it. You can unarchive it at any time."}
      </p>
      <PanelForm action={`${address}/${isArchived ? "unarchive" : "archive"}`} state={state} submit={title} />
    </FormPanel>
  )
}

/** Deleting a channel. */
export function DeleteChannelPanel({ channel, state }: PanelProps) {
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

/** Creating a category. */
export function NewCategoryPanel({ server, state }: { server: ServerName; state: FormState }) {
  return (
    <FormPanel title="Create category">
      <PanelForm action={`/servers/${server.id}/categories`} state={state} submit="Create category">
        <Field name="name" label="Name" state={state} required maxlength={100} autocomplete="off" autofocus />
      </PanelForm>
    </FormPanel>
  )
}

interface CategoryProps {
  category: { id: string; serverId: string; name: string }
  state: FormState
}

/** Renaming a category, and deleting it without its channels. */
export function CategorySettingsPanel({ category, state }: CategoryProps) {
  const address = `/servers/${category.serverId}/categories/${category.id}`
  return (
    <FormPanel title="Category settings">
      <PanelForm action={escapeHtml(address)} state={state} submit="Rename">
        <Field name="name" label="Name" state={state} required maxlength={100} autocomplete="off" />
      </PanelForm>
      <DescribedLinks
        links={[
          {
            ...{ title: "Permissions of roles and members", href: `${address}/permissions` },
            about: "For all its channels that have none of their own",
          },
          {
            ...{ title: "Notifications", href: `${address}/notifications`, isPanel: true },
            about: "For you alone",
          },
        ]}
      />
      <form method="post" action={`${address}/delete`} class="danger-form">
        <FormErrors state={{}} />
        <p>Its channels remain, below those without a category.</p>
        <p class="actions">
          <button type="submit" class="danger">
            Delete category
          </button>
        </p>
      </form>
    </FormPanel>
  )
}
