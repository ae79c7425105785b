import { escapeHtml } from "@kitajs/html"
import { type AtomFeed, maxFeeds } from "../src/features/feeds/contract.ts"
import { maxQueryLength } from "../src/features/search/contract.ts"
import type { Clock } from "../src/web/clock.ts"
import { AccountPlace } from "./account-place.tsx"
import { NewSecret } from "./bots.tsx"
import type { PageViewer } from "./layout.tsx"
import { type ServerName, Shell } from "./shell.tsx"
import { Time } from "./times.tsx"
import { Field, FieldError, FormErrors, type FormState } from "./ui.tsx"

interface FeedChannel {
  channelId: string
  channelName: string
  serverName: string
  isConversation: boolean
}

interface PageProps {
  viewer: PageViewer
  servers: ServerName[]
  feeds: AtomFeed[]
  /** The channels that a feed can show. */
  channels: FeedChannel[]
  /** Of a feed that was just made. */
  address?: string
  isDeleted: boolean
  state: FormState
}

/** The viewer's feeds, and creating one. */
export function FeedsPage({ viewer, servers, feeds, channels, address, isDeleted, state }: PageProps) {
  return (
    <Shell title="Feeds" viewer={viewer} servers={servers} bodyClass="home">
      <AccountPlace current="/account/feeds">
        <main id="main" class="page">
          <h1>Feeds</h1>
          <p>
            A feed reader shows the newest messages of a channel or of a search, as long as you may read them.
            Anyone with the address of a feed can read it. Remove a feed if somebody else has learned its
            address.
          </p>
          {isDeleted && <p role="status">Feed removed. Its address no longer works.</p>}
          {address !== undefined && <NewSecret label="Address of the feed" secret={address} />}
          <section aria-labelledby="new-feed">
            <h2 id="new-feed">New feed</h2>
            <form method="post" action="/account/feeds" class="settings">
              <FormErrors state={state} />
              <ChannelField channels={channels} state={state} />
              <Field
                name="query"
                label="Or a search"
                state={state}
                hint="As on the search page, for example from:alice has:link"
                maxlength={maxQueryLength}
                autocomplete="off"
              />
              <p class="actions">
                <button class="primary" type="submit">
                  Create feed
                </button>
              </p>
            </form>
          </section>
          <section aria-labelledby="your-feeds">
            <h2 id="your-feeds">Your feeds</h2>
            {feeds.length === 0 && <p class="empty">No feeds yet.</p>}
            <ul class="entries">
              {feeds.map((feed) => (
                <li>
                  <FeedRow feed={feed} clock={viewer.clock} />
                </li>
              ))}
            </ul>
            <p class="hint">{`You can have up to ${maxFeeds} feeds.`}</p>
          </section>
        </main>
      </AccountPlace>
    </Shell>
  )
}

function ChannelField({ channels, state }: Pick<PageProps, "channels" | "state">) {
  const error = state.errors?.channelId
  return (
    <p class="field">
      <label for="channelId">Channel</label>
      <select id="channelId" name="channelId" aria-describedby={error ? "channelId-error" : undefined}>
        <option value="">None</option>
        {channels.map((channel) => (
          <option
            value={escapeHtml(channel.channelId)}
            selected={state.values?.channelId === channel.channelId}
            safe
          >
            {channel.isConversation ? channel.channelName : `#${channel.channelName}, ${channel.serverName}`}
          </option>
        ))}
      </select>
      <FieldError name="channelId" error={error} />
    </p>
  )
}

function FeedRow({ feed: { id, name, createdAt, lastUsedAt }, clock }: { feed: AtomFeed; clock: Clock }) {
  return (
    <>
      <div class="grow">
        <b>
          <bdi safe>{name}</bdi>
        </b>
        <br />
        <small class="hint">
          Created <Time at={createdAt} clock={clock} />,{" "}
          {lastUsedAt ? (
            <>
              last fetched <Time at={lastUsedAt} clock={clock} />
            </>
          ) : (
            "never fetched"
          )}
        </small>
      </div>
      <form method="post" action={`/account/feeds/${id}/delete`}>
        <button class="quiet" type="submit" aria-label={escapeHtml(`Remove ${name}`)}>
          Remove
        </button>
      </form>
    </>
  )
}
