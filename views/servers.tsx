import { escapeHtml } from "@kitajs/html"
import { Select } from "./fields.tsx"
import type { PageViewer } from "./layout.tsx"
import { type ServerName, Shell } from "./shell.tsx"
import { Field, FormErrors, type FormState, PanelForm } from "./ui.tsx"

interface EmptyProps {
  viewer: PageViewer
  servers: ServerName[]
  state: FormState
  server: ServerName
  mayManageChannels: boolean
}

/** A server that has no channels. */
export function EmptyServerPage({ viewer, servers, server, mayManageChannels, state }: EmptyProps) {
  const settings = `/servers/${server.id}/settings`
  return (
    <Shell title={server.name} viewer={viewer} servers={servers} currentServerId={server.id} bodyClass="home">
      <main id="main" class="page">
        <h1>
          <bdi safe>{server.name}</bdi>
        </h1>
        <p class="empty">
          {mayManageChannels
            ? "No channels yet. Create the first one."
            : "No channels yet. Only the owner can create one."}
        </p>
        {mayManageChannels && (
          <form method="post" action={`/servers/${server.id}/channels`} class="inline">
            <FormErrors state={state} />
            <Field
              name="name"
              label="Channel name"
              state={state}
              required
              maxlength={100}
              autocomplete="off"
            />
            <button class="primary" type="submit">
              Create channel
            </button>
          </form>
        )}
        <p>
          <a href={settings}>Server settings</a>
        </p>
      </main>
    </Shell>
  )
}

interface SettingsProps {
  server: ServerName & { description: string; bannerUrl: string | null }
  channels: { id: string; name: string }[]
  mayManage: boolean
  state: FormState
}

/** The first section of a server's settings: its name, description and icon. */
export function ServerSettingsPanel({ server, channels, mayManage, state }: SettingsProps) {
  if (!mayManage) {
    return (
      <>
        <p>
          You are a member of <bdi safe>{server.name}</bdi>.
        </p>
        {server.description !== "" && (
          <p dir="auto" safe>
            {server.description}
          </p>
        )}
      </>
    )
  }
  return (
    <>
      <PanelForm action={`/servers/${server.id}`} state={state} submit="Save">
        <Field name="name" label="Name" state={state} required maxlength={100} autocomplete="off" />
        <Field
          name="description"
          label="Description"
          hint="What it is about, in up to 300 characters; optional"
          state={state}
          autocomplete="off"
        />
        <Select
          name="systemChannelId"
          label="System channel"
          hint="Shows who joined, and alerts for moderators"
          options={[
            { value: "", label: "None" },
            ...channels.map(({ id, name }) => ({ value: id, label: `#${name}` })),
          ]}
          state={state}
        />
      </PanelForm>
      <ImageForms serverId={server.id} image="icon" url={server.iconUrl} />
      <ImageForms serverId={server.id} image="banner" url={server.bannerUrl} />
    </>
  )
}

/** What the settings say about an image, and how large it is shown there, in pixels. */
const images = {
  icon: { title: "Icon", fit: "cropped to a square", width: 96, height: 96 },
  banner: { title: "Banner", fit: "shown above the channels, wider than high", width: 480, height: 270 },
}

interface ImageProps {
  serverId: string
  image: keyof typeof images
  url: string | null | undefined
}

function ImageForms({ serverId, image, url }: ImageProps) {
  const { title, fit, width, height } = images[image]
  const action = `/servers/${serverId}/${image}`
  return (
    <>
      <h2 safe>{title}</h2>
      {Boolean(url) && (
        <img
          class={`server-${image}`}
          src={escapeHtml(url ?? "")}
          alt={`The ${image} now`}
          width={String(width)}
          height={String(height)}
          loading="lazy"
        />
      )}
      <form method="post" action={action} enctype="multipart/form-data">
        <p class="field">
          <label for={image} safe>{`${title} image`}</label>
          <input id={image} name={image} type="file" accept="image/*" required />
          <small class="hint" safe>{`PNG, JPEG, GIF, WebP or AVIF, up to 8 MB; ${fit}`}</small>
        </p>
        <p class="actions">
          <button type="submit" safe>{`Upload ${image}`}</button>
        </p>
      </form>
      {Boolean(url) && (
        <form method="post" action={`${action}/remove`}>
          <p class="actions">
            <button type="submit" class="danger" safe>{`Remove ${image}`}</button>
          </p>
        </form>
      )}
    </>
  )
}

/** Asks for the name again: there is no way back. */
export function DeleteServerPanel({ server, state }: { server: ServerName; state: FormState }) {
  return (
    <>
      <p>
        This permanently deletes <bdi safe>{server.name}</bdi> with all its channels and messages, for
        everyone.
      </p>
      <PanelForm action={`/servers/${server.id}/delete`} state={state} submit="Delete server" danger>
        <Field
          name="name"
          label="Type the server's name to confirm"
          state={state}
          required
          autocomplete="off"
        />
      </PanelForm>
    </>
  )
}

/** Leaving a server. */
export function LeaveServerPanel({ server, state }: { server: ServerName; state: FormState }) {
  return (
    <>
      <p>
        You will need an invite to join <bdi safe>{server.name}</bdi> again.
      </p>
      <PanelForm action={`/servers/${server.id}/leave`} state={state} submit="Leave server" danger />
    </>
  )
}
