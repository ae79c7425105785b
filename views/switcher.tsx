import { escapeHtml } from "@kitajs/html"
import { Icon } from "./icons.tsx"
import { Tally } from "./reading.tsx"
import { Avatar, FormPanel, initials } from "./ui.tsx"

/** Somewhere one can go. */
export interface Destination {
  kind: "server" | "channel" | "conversation" | "person"
  id: string
  href: string
  name: string
  /** What it is, or is in. */
  hint: string
  unread: number
  mentions: number
  /** Of a conversation between two, or a person: the other one. */
  personId?: string
}

interface ListProps {
  query: string
  found: Destination[]
  /** For a text box that has the focus and chooses in it, by `static/switcher-list.js`; else they are links and buttons. */
  chosen?: boolean
}

/** Where one could go. */
export function Destinations({ query, found, chosen }: ListProps) {
  return (
    <div id="switch-found" class="destinations" data-q={escapeHtml(query)}>
      {found.length === 0 ? (
        <p class="hint" role="status">
          {query ? "No results. Try another name." : "Enter a name to find a server, channel or person."}
        </p>
      ) : (
        <ul id="switch-list" role={chosen ? "listbox" : undefined} aria-label="Servers, channels and people">
          {found.map((destination, at) => (
            <li role={chosen ? "presentation" : undefined}>
              <Way destination={destination} at={at} chosen={chosen} />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

/** A link; where a conversation has to be begun first, a button of the form around it. */
function Way({ destination, at, chosen }: { destination: Destination; at: number; chosen?: boolean }) {
  const { kind, id, href, name, hint, unread, mentions } = destination
  const option = chosen
    ? { id: `switch-${at}`, role: "option", tabindex: -1, "aria-selected": "false" as const }
    : {}
  const shown = (
    <>
      <Face destination={destination} />
      <bdi class="name" safe>
        {name}
      </bdi>{" "}
      <small safe>{hint}</small> <Tally unread={unread} mentions={mentions} />
    </>
  )
  if (kind === "person") {
    return (
      <button type="submit" name="with" value={id} {...option}>
        {shown as "safe"}
      </button>
    )
  }
  return (
    <a href={href} data-channel={kind === "server" ? undefined : id} {...option}>
      {shown as "safe"}
    </a>
  )
}

function Face({ destination: { kind, id, name, personId } }: { destination: Destination }) {
  if (kind === "channel") {
    return (
      <span class="hash" aria-hidden="true">
        #
      </span>
    )
  }
  if (kind === "server") {
    return (
      <span class="initials" aria-hidden="true" safe>
        {initials(name)}
      </span>
    )
  }
  if (personId === undefined) {
    return (
      <span class="avatar group" aria-hidden="true">
        <Icon name="people" />
      </span>
    )
  }
  return <Avatar userId={kind === "person" ? id : personId} name={name} />
}

/** Going somewhere, as a page of its own. */
export function SwitcherPanel({ query, found }: ListProps) {
  return (
    <Switcher>
      <form method="get" action="/switch" class="search-row">
        <input
          id="switch-query"
          name="q"
          type="search"
          value={escapeHtml(query)}
          maxlength={100}
          autocomplete="off"
          autofocus
          aria-label="Server, channel or person"
          placeholder="Server, channel or person"
        />
        <button type="submit">Find</button>
      </form>
      <form method="post" action="/conversations">
        <Destinations query={query} found={found} />
      </form>
    </Switcher>
  )
}

/** The same for the dialog: cloned by `static/switcher.js`, so that no letter is lost while it opens. */
export function SwitcherTemplate() {
  return (
    <template id="switcher">
      <Switcher isInPage>
        <form method="get" action="/switch" id="switch-form">
          <input
            id="switch-query"
            name="q"
            type="text"
            role="combobox"
            enterkeyhint="go"
            maxlength={100}
            autocomplete="off"
            aria-label="Server, channel or person"
            placeholder="Server, channel or person"
            aria-autocomplete="list"
            aria-expanded="false"
            aria-controls="switch-found"
            hx-get="/switch"
            hx-trigger="load, input changed delay:50ms"
            hx-sync="this:replace"
            hx-include="closest form"
            hx-target="#switch-found"
            hx-swap="outerHTML"
          />
          <input type="hidden" name="recent" />
          <input type="hidden" name="here" />
        </form>
        <form
          method="post"
          action="/conversations"
          hx-post="/conversations"
          hx-target="#dialog-body"
          hx-swap="innerHTML"
        >
          <div id="switch-found" class="destinations" />
        </form>
      </Switcher>
    </template>
  )
}

function Switcher({ isInPage, children }: { isInPage?: boolean; children?: JSX.Element | JSX.Element[] }) {
  return (
    <FormPanel title="Go to" isInPage={isInPage}>
      <div class="switcher">{children as "safe"}</div>
      <p class="hint">
        Start with <kbd>#</kbd> for channels, <kbd>@</kbd> for people, <kbd>*</kbd> for servers.
      </p>
    </FormPanel>
  )
}
