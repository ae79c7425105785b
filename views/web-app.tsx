import type { Conversation } from "../src/features/conversations/contract.ts"
import { asset } from "../src/web/assets.ts"
import { CardPage, type PageViewer } from "./layout.tsx"
import { type ServerName, Shell } from "./shell.tsx"

/** The offline page of an installed app. The same for everyone, because it is cached on the device. */
export function OfflinePage() {
  return (
    <CardPage title="Not connected">
      <section class="panel">
        <h1>Not connected</h1>
        <p>
          The chat cannot be reached: this device or the server is offline. Messages are not shown, because
          they could be out of date.
        </p>
        <p>Drafts and unsent messages stay in this browser.</p>
        <p class="aside">
          {/* To the page that was asked for. */}
          <a href="?">Try again</a>
        </p>
      </section>
    </CardPage>
  )
}

/** A channel of a server, or a server that has none. */
interface PlaceToShare {
  serverId: string
  serverName: string
  channelId: string | null
  name: string
}

interface ShareProps {
  viewer: PageViewer
  servers: ServerName[]
  places: PlaceToShare[]
  conversations: Pick<Conversation, "id" | "channelId" | "name">[]
  text: string
}

/** Asks for the channel that something shared goes to. Each button sends the form to the channel that it names. */
export function SharePage({ viewer, servers, places, conversations, text }: ShareProps) {
  const groups = Map.groupBy(places, ({ serverId }) => serverId)
  return (
    <Shell
      title="Share"
      viewer={viewer}
      servers={servers}
      bodyClass="home"
      head={<link rel="stylesheet" href={asset("settings.css")} />}
    >
      <main id="main" class="page">
        <h1>Share</h1>
        <form id="share" class="share-form" method="post" enctype="multipart/form-data" action="/share">
          <p class="field">
            <label for="share-content">Message</label>
            <textarea id="share-content" name="content" rows="4" dir="auto" safe>
              {text}
            </textarea>
          </p>
          <p class="field">
            <label for="share-files">Files</label>
            <input id="share-files" name="files" type="file" multiple />
          </p>
          <h2>Send to</h2>
          {conversations.length > 0 && (
            <fieldset class="share-places">
              <legend>Direct messages</legend>
              {conversations.map(({ id, channelId, name }) => (
                <SendTo serverId={id} channelId={channelId} name={name} />
              ))}
            </fieldset>
          )}
          {[...groups.values()].map((group) => (
            <fieldset class="share-places">
              <legend safe>{group[0]?.serverName ?? ""}</legend>
              {group.flatMap(({ serverId, channelId, name }) =>
                channelId === null
                  ? []
                  : [<SendTo serverId={serverId} channelId={channelId} name={`#${name}`} />],
              )}
            </fieldset>
          ))}
        </form>
        <script type="module" src={asset("share.js")} />
      </main>
    </Shell>
  )
}

function SendTo({ serverId, channelId, name }: { serverId: string; channelId: string; name: string }) {
  return (
    <button type="submit" formaction={`/servers/${serverId}/channels/${channelId}/messages`}>
      <bdi safe>{name}</bdi>
    </button>
  )
}
