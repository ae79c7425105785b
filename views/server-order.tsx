import { AccountPlace } from "./account-place.tsx"
import { MoveButtons } from "./channel-order.tsx"
import type { PageViewer } from "./layout.tsx"
import { type Places, Shell } from "./shell.tsx"
import { FormErrors, ServerFace } from "./ui.tsx"

interface Props extends Places {
  viewer: PageViewer
  error?: string
}

/** The order of the viewer's servers, by buttons; with a mouse also by dragging (`static/server-order.js`). */
export function ServerOrderPage({ viewer, error, ...places }: Props) {
  return (
    <Shell title="Order of servers" viewer={viewer} {...places} bodyClass="home">
      <AccountPlace current="/account/servers">
        <main id="main" class="page" hx-ignore>
          <h1>Order of servers</h1>
          <p class="hint">
            How your servers are listed, for you alone and on all your devices. With a mouse you can drag
            them, here or in the list of servers on every page.
          </p>
          <FormErrors state={{ error }} />
          {places.servers.length === 0 ? (
            <p class="empty">You haven't joined a server yet.</p>
          ) : (
            <OrderForm servers={places.servers} />
          )}
        </main>
      </AccountPlace>
    </Shell>
  )
}

function OrderForm({ servers }: Pick<Places, "servers">) {
  return (
    <form method="post" action="/account/servers" id="server-order" class="channel-order">
      <input type="hidden" name="order" value="" />
      <ul aria-label="Your servers">
        {servers.map(({ id, name, iconUrl }) => (
          <li class="order-row" id={`server-${id}`} data-server={id} draggable="true">
            <span class="initials" aria-hidden="true">
              <ServerFace name={name} iconUrl={iconUrl} />
            </span>
            <bdi class="name" safe>
              {name}
            </bdi>
            <MoveButtons id={id} kind="server" name={name} />
          </li>
        ))}
      </ul>
    </form>
  )
}
