import type { PageViewer } from "./layout.tsx"
import { SearchBox } from "./search.tsx"
import { type Places, type ServerName, Shell } from "./shell.tsx"
import { Field, FormErrors, FormPanel, type FormState, initials, PanelForm } from "./ui.tsx"

interface HomeProps extends Places {
  viewer: PageViewer
  state: FormState
}

/** The servers one is in, and making another. */
export function HomePage({ viewer, servers, direct, state }: HomeProps) {
  return (
    <Shell title="My Servers" viewer={viewer} servers={servers} direct={direct} bodyClass="home">
      <main id="main" class="page">
        <h1>My Servers</h1>
        <SearchBox />
        {servers.length === 0 && (
          <p class="empty">You haven't joined a server yet. Create one below, or open an invite link.</p>
        )}
        <ul class="cards">
          {servers.map(({ id, name }) => (
            <li>
              <a href={`/servers/${id}`}>
                <span class="initials" aria-hidden="true" safe>
                  {initials(name)}
                </span>
                <bdi safe>{name}</bdi>
              </a>
            </li>
          ))}
        </ul>
        <section aria-labelledby="create-server">
          <h2 id="create-server">Create a server</h2>
          <form method="post" action="/servers" class="inline">
            <FormErrors state={state} />
            <Field name="name" label="Name" state={state} required maxlength={100} autocomplete="off" />
            <button class="primary" type="submit">
              Create server
            </button>
          </form>
        </section>
      </main>
    </Shell>
  )
}

/** Making a server, in the dialog. */
export function NewServerPanel({ state }: { state: FormState }) {
  return (
    <FormPanel title="Create server">
      <PanelForm action="/servers" state={state} submit="Create server">
        <Field name="name" label="Name" state={state} required maxlength={100} autocomplete="off" autofocus />
      </PanelForm>
    </FormPanel>
  )
}

interface EmptyProps extends HomeProps {
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
  server: ServerName
  mayManage: boolean
  state: FormState
}

/** The first section of a server's settings. */
export function ServerSettingsPanel({ server, mayManage, state }: SettingsProps) {
  return (
    <>
      {mayManage ? (
        <PanelForm action={`/servers/${server.id}`} state={state} submit="Rename">
          <Field name="name" label="Name" state={state} required maxlength={100} autocomplete="off" />
        </PanelForm>
      ) : (
        <p>
          You are a member of <bdi safe>{server.name}</bdi>.
        </p>
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
