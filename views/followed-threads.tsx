import type { FollowedThread } from "../src/features/inbox/contract.ts"
import type { Clock } from "../src/web/clock.ts"
import { Icon } from "./icons.tsx"
import { InboxShell } from "./inbox.tsx"
import { Entry } from "./inbox-items.tsx"
import type { PageViewer } from "./layout.tsx"
import { Tally } from "./reading.tsx"
import type { Places } from "./shell.tsx"
import { Time } from "./times.tsx"

interface ButtonProps {
  /** Of the thread's room. */
  address: string
  isFollowed?: boolean
}

/** In a thread's header: whether its new messages come to the viewer's inbox. */
export function FollowButton({ address, isFollowed = false }: ButtonProps) {
  const action = `${address}/${isFollowed ? "unfollow" : "follow"}`
  return (
    <form id="follow" method="post" action={action} hx-post={action} hx-target="this" hx-swap="outerHTML">
      <button type="submit" class="quiet">
        {isFollowed ? "Unfollow" : "Follow"}
      </button>
      {!isFollowed && <FollowRefresh address={address} />}
    </form>
  )
}

/** Refreshes the header after the viewer's first message in a thread, by which they follow it. */
function FollowRefresh({ address }: { address: string }) {
  return (
    <div
      hidden
      hx-get={`${address}/around`}
      hx-trigger="message:stored once from:document"
      hx-target="#around"
      hx-swap="innerHTML"
    />
  )
}

interface FoundProps {
  threads: FollowedThread[]
  /** How many to leave out for the next page, where there is one. */
  next?: number
  clock: Clock
}

interface PageProps extends Omit<FoundProps, "clock">, Places {
  viewer: PageViewer
}

/** The threads that the viewer follows in all their servers. */
export function FollowedThreadsPage({ viewer, threads, next, ...places }: PageProps) {
  return (
    <InboxShell title="Followed threads" tab="threads" isLive viewer={viewer} {...places}>
      <FollowedFound threads={threads} next={next} clock={viewer.clock} />
    </InboxShell>
  )
}

/** The list, which `static/inbox.js` keeps up to date. */
export function FollowedFound({ threads, next, clock }: FoundProps) {
  return (
    <section id="inbox-found" aria-label="Threads">
      {threads.length === 0 && (
        <p class="empty">
          No followed threads. You follow a thread when you write in it, are mentioned in it, or choose
          “Follow” above it.
        </p>
      )}
      <ul id="inbox-list" class="inbox-list">
        {threads.map((thread) => (
          <Thread thread={thread} clock={clock} />
        ))}
      </ul>
      {next !== undefined && (
        <nav id="inbox-pages" class="search-pages" aria-label="Pages">
          <a rel="next" href={`/inbox/threads?skip=${next}`}>
            More
          </a>
        </nav>
      )}
    </section>
  )
}

function Thread({ thread, clock }: { thread: FollowedThread; clock: Clock }) {
  const { id, serverId, name, unread, mentions, lastAt, count } = thread
  const address = `/servers/${serverId}/channels/${id}`
  const content = (
    <>
      <Icon name="thread" />
      <div class="inbox-body">
        <a class="inbox-head" href={address}>
          <bdi class="name" safe>
            {name}
          </bdi>{" "}
          <Tally unread={unread} mentions={mentions} />{" "}
          <span class="hint">
            in <bdi safe>{placeOf(thread)}</bdi>, <span safe>{sizeOf(count)}</span>, last{" "}
            <Time at={lastAt} clock={clock} />
          </span>
        </a>
        <form method="post" action={`${address}/unfollow?from=inbox`}>
          <button type="submit" class="quiet" data-done title="Unfollow (e)">
            Unfollow
          </button>
        </form>
      </div>
    </>
  )
  return <Entry id={`thread-${id}`} isUnread={unread > 0} content={String(content)} />
}

function placeOf({ parentChannelName, serverName, isConversation }: FollowedThread): string {
  return isConversation ? "direct messages" : `#${parentChannelName}, ${serverName}`
}

function sizeOf(count: number): string {
  return count === 1 ? "1 message" : `${count} messages`
}
