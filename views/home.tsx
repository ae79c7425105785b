import type { Children } from "@kitajs/html"
import type { PageViewer } from "./layout.tsx"
import { shownName } from "./people.ts"
import { SearchBox } from "./search.tsx"
import { type Places, Shell } from "./shell.tsx"
import { Field, FormErrors, FormPanel, type FormState, PanelForm, ServerFace } from "./ui.tsx"

interface HomeProps extends Places {
  viewer: PageViewer
  /** Of the form that creates a server. */
  state?: FormState
  /** Of the form that joins one. */
  joining?: FormState
}

/** The viewer's servers, and the ways to more of them. For someone new, these ways are the page. */
export function HomePage({ viewer, state = {}, joining = {}, ...places }: HomeProps) {
  const { servers } = places
  const isNew = servers.length === 0
  return (
    <Shell title="My servers" viewer={viewer} {...places} bodyClass="home">
      <main id="main" class="page">
        <h1>My servers</h1>
        {isNew ? (
          <p class="empty" safe>
            {`Welcome, ${shownName(viewer)}. You haven't joined a server yet: here is how to start.`}
          </p>
        ) : (
          <SearchBox />
        )}
        <ul class="cards">
          {servers.map(({ id, name, iconUrl }) => (
            <li>
              <a href={`/servers/${id}`}>
                <span class="initials">
                  <ServerFace name={name} iconUrl={iconUrl} />
                </span>
                <bdi safe>{name}</bdi>
              </a>
            </li>
          ))}
        </ul>
        {servers.length > 1 && (
          <p>
            <a href="/account/servers">Order of servers</a>
          </p>
        )}
        <JoinByInvite state={joining} />
        {!viewer.mayNotCreateServers && (
          <Way
            id="create-server"
            title="Create a server"
            text="A place for your friends, team or club. You can change all of it later."
          >
            <form method="post" action="/servers" class="start">
              <FormErrors state={state} />
              <NameField state={state} />
              <FirstChannels state={state} />
              <p class="actions">
                <button class="primary" type="submit">
                  Create server
                </button>
              </p>
            </form>
          </Way>
        )}
        {isNew && <LookAround />}
      </main>
    </Shell>
  )
}

function JoinByInvite({ state }: { state: FormState }) {
  return (
    <Way id="join-server" title="Join a server" text="Paste the invite that someone sent you.">
      <form method="post" action="/invites" class="inline">
        <FormErrors state={state} />
        <Field name="invite" label="Invite link or code" state={state} required autocomplete="off" />
        <button type="submit">Join server</button>
      </form>
    </Way>
  )
}

/** Links that work without a server. */
function LookAround() {
  return (
    <Way id="look-around" title="Look around" text="This works before you have a server, too.">
      <ul class="links">
        <li>
          <a href="/account/profile">Choose a name and a picture</a>
        </li>
        <li>
          <a href="/conversations">Write to someone you know here</a>
        </li>
        <li>
          <a href="/settings">Choose theme, time format and sounds</a>
        </li>
      </ul>
    </Way>
  )
}

interface WayProps {
  id: string
  title: string
  text: string
  children?: Children
}

function Way({ id, title, text, children }: WayProps) {
  return (
    <section aria-labelledby={id}>
      <h2 id={id} safe>
        {title}
      </h2>
      <p class="hint" safe>
        {text}
      </p>
      {children as "safe"}
    </section>
  )
}

/** Creating a server, in the dialog. */
export function NewServerPanel({ state }: { state: FormState }) {
  return (
    <FormPanel title="Create server">
      <PanelForm action="/servers" state={state} submit="Create server">
        <NameField state={state} isFirst />
        <FirstChannels state={state} />
      </PanelForm>
      <p class="aside">
        Do you have an invite? <a href="/#join-server">Join a server</a>
      </p>
    </FormPanel>
  )
}

function NameField({ state, isFirst }: { state: FormState; isFirst?: boolean }) {
  return (
    <Field
      name="name"
      // The dialog may open above the same form.
      id={isFirst ? "name" : "server-name"}
      label="Name"
      state={state}
      required
      maxlength={100}
      autocomplete="off"
      autofocus={isFirst}
    />
  )
}

/** Channels that a new server can start with, besides `general`. */
export const channelIdeas = [
  { name: "introductions", about: "who everyone is" },
  { name: "off-topic", about: "everything else" },
  { name: "help", about: "questions and answers" },
  { name: "pictures", about: "what you saw and made" },
]

function FirstChannels({ state }: { state: FormState }) {
  const chosen = (state.values?.channels ?? "").split(",")
  return (
    <fieldset class="access-fields">
      <legend>Channels to start with, besides #general</legend>
      {channelIdeas.map(({ name, about }) => (
        <label class="check">
          <input type="checkbox" name="channels" value={name} checked={chosen.includes(name)} />
          <span>
            <b safe>{`#${name}`}</b> <span class="hint" safe>{`– ${about}`}</span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}
