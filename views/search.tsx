import { escapeHtml } from "@kitajs/html"
import {
  type FoundMessage,
  maxQueryLength,
  type SearchResults,
  type SnippetPart,
} from "../src/features/search/contract.ts"
import { asset } from "../src/web/assets.ts"
import type { Clock } from "../src/web/clock.ts"
import { Icon } from "./icons.tsx"
import type { PageViewer } from "./layout.tsx"
import { shownName } from "./people.ts"
import { type Places, Shell } from "./shell.tsx"
import { Time } from "./times.tsx"
import { Avatar, BotBadge } from "./ui.tsx"

interface Answer {
  /** What was looked for; empty before anything was. */
  query: string
  error?: string
  found?: SearchResults
  /** It is not the first page. */
  isContinued: boolean
  clock: Clock
}

interface PageProps extends Omit<Answer, "clock">, Places {
  viewer: PageViewer
  /** What stands in the box. */
  typed: string
}

/** Looking for messages, and what was found. */
export function SearchPage({ viewer, servers, direct, inbox, typed, ...answer }: PageProps) {
  const { query, error } = answer
  return (
    <Shell
      title={query ? `${query} · Search` : "Search"}
      viewer={viewer}
      servers={servers}
      direct={direct}
      inbox={inbox}
      bodyClass="home"
    >
      <main id="main" class="page search">
        <h1>Search</h1>
        <SearchBox typed={typed} error={error} isLive />
        <SearchFound {...answer} clock={viewer.clock} />
      </main>
    </Shell>
  )
}

/** The search beside a room: what is found stays while one looks at it. */
export function SearchPane({
  typed,
  ...answer
}: Omit<PageProps, keyof Places | "viewer"> & { clock: Clock }) {
  return (
    <>
      <link rel="stylesheet" href={asset("settings.css")} />
      <header>
        <h2>Search</h2>
        <button type="button" class="quiet close-search" aria-label="Close search" title="Close search">
          <Icon name="close" />
        </button>
      </header>
      <SearchBox typed={typed} error={answer.error} isLive isBeside />
      <SearchFound {...answer} />
    </>
  )
}

interface BoxProps {
  typed?: string
  error?: string
  /** What is found appears below it. */
  isLive?: boolean
  /** It is shown beside a room, whose URL stays. */
  isBeside?: boolean
}

/** Where one writes what to look for. */
export function SearchBox({ typed, error, isLive, isBeside }: BoxProps) {
  const live = isLive && {
    "hx-get": "/search",
    "hx-target": "#search-found",
    "hx-swap": "outerHTML",
    "hx-push-url": isBeside ? undefined : "true",
  }
  return (
    <search>
      <form class="search-box" method="get" action="/search" {...live}>
        <label for="search-query" class="visually-hidden">
          Search messages
        </label>
        <input
          id="search-query"
          name="q"
          type="search"
          dir="auto"
          value={typed && escapeHtml(typed)}
          maxlength={maxQueryLength}
          placeholder="Search messages"
          autocomplete="off"
          autocapitalize="off"
          spellcheck="false"
          autofocus={isLive}
          aria-invalid={error ? "true" : undefined}
          aria-describedby={error ? "search-error" : undefined}
        />
        <button type="submit" class="primary" aria-label="Search">
          <Icon name="search" />
        </button>
      </form>
    </search>
  )
}

/** What was found, what was wrong, or how to look: what htmx puts below the box. */
export function SearchFound({ error, found, ...rest }: Answer) {
  return (
    <section id="search-found" aria-label="Results">
      {error !== undefined && (
        <p id="search-error" class="error search-error" role="alert" safe>
          {error}
        </p>
      )}
      <Filters query={rest.query} />
      {found === undefined ? <SearchHelp /> : <Results found={found} {...rest} />}
    </section>
  )
}

const filters = [
  ["from:me", "From me"],
  ["mentions:me", "Mentions me"],
  ["has:link", "Links"],
  ["has:image", "Images"],
  ["has:file", "Files"],
  ["on:today", "Today"],
] as const

/** Filters by clicking: each is a link to the search with it, or without it where it is set. */
function Filters({ query }: { query: string }) {
  const words = query.split(/\s+/).filter(Boolean)
  return (
    <ul class="search-filters" aria-label="Filters">
      {filters.map(([filter, label]) => {
        const isSet = words.includes(filter)
        const next = isSet ? words.filter((word) => word !== filter) : [...words, filter]
        return (
          <li>
            <a
              href={`/search?q=${encodeURIComponent(next.join(" "))}`}
              class="chip"
              data-filter={filter}
              aria-current={isSet ? "true" : undefined}
            >
              {label}
            </a>
          </li>
        )
      })}
    </ul>
  )
}

interface ResultsProps extends Pick<Answer, "query" | "isContinued" | "clock"> {
  found: SearchResults
}

function Results({ query, found, isContinued, clock }: ResultsProps) {
  const { results, older, lookedBackTo, isIncomplete } = found
  const address = (before?: string) => {
    const asked = new URLSearchParams({ q: query, ...(before && { before }) })
    return escapeHtml(`/search?${asked}`)
  }
  return (
    <>
      <p class="search-status" role="status">
        <span safe>{statusOf(found, isContinued)}</span>
      </p>
      {isIncomplete && (
        <p class="hint">Messages are still being indexed. There may be more results in a few minutes.</p>
      )}
      {[...Map.groupBy(results, ({ message }) => message.channelId).values()].map((ofChannel) => (
        <Run results={ofChannel} clock={clock} />
      ))}
      {results.length === 0 && !isContinued && !lookedBackTo && <SearchHelp isMissing />}
      {lookedBackTo !== null && (
        <p class="hint">
          Searched back to <Time at={lookedBackTo} clock={clock} />. These words are common but rarely occur
          together. Add another word, <code>in:</code> or <code>from:</code> to narrow the search.
        </p>
      )}
      {results.length > 0 && !isContinued && (
        <p class="hint">
          <a href={escapeHtml(`/account/feeds?${new URLSearchParams({ q: query })}`)}>
            Follow this search in a feed reader
          </a>
        </p>
      )}
      {(older !== null || isContinued) && (
        <nav class="search-pages" aria-label="Pages of results">
          {isContinued && <a href={address()}>Newest results</a>}
          {older !== null && (
            <a rel="next" href={address(older)}>
              {lookedBackTo ? "Search further back" : "Older results"}
            </a>
          )}
        </nav>
      )}
    </>
  )
}

function statusOf({ results, older, lookedBackTo }: SearchResults, isContinued: boolean): string {
  if (results.length === 0) {
    return `No ${isContinued ? "more " : ""}results${lookedBackTo ? " so far" : ""}`
  }

  const count = `${results.length} ${results.length === 1 ? "message" : "messages"}`
  return isContinued
    ? `${count} more, newest first`
    : older === null || lookedBackTo
      ? `${count}, newest first`
      : `The newest ${count}`
}

/** The results in one channel, newest first. */
function Run({ results, clock }: { results: FoundMessage[]; clock: Clock }) {
  const [first] = results
  if (!first) return ""

  const { message, channelName, serverName, isConversation, isThread } = first
  return (
    <section class="search-run">
      <h2>
        <a class="search-place" href={`/servers/${message.serverId}/channels/${message.channelId}`}>
          {isThread && <Icon name="thread" />}
          {isConversation && !isThread && <Icon name="talk" />}
          <bdi safe>{isConversation || isThread ? channelName : `#${channelName}`}</bdi>
        </a>
        {serverName !== "" && (
          <bdi class="search-server" safe>
            {serverName}
          </bdi>
        )}
      </h2>
      <ul>
        {results.map((result) => (
          <Result {...result} clock={clock} />
        ))}
      </ul>
    </section>
  )
}

/** One message: who, when, and what it says about where it fits. Those of blocked people are folded by their class. */
function Result({ message, snippet, clock }: FoundMessage & { clock: Clock }) {
  const { id, userId, extras } = message
  const name = extras?.bot?.name ?? shownName(message)
  return (
    <li class="found" data-author={userId}>
      <Avatar userId={userId} name={name} picture={extras?.bot ? undefined : message.avatarUrl} />
      <a href={`/messages/${id}`}>
        <span class="found-head">
          <b>
            <bdi safe>{name}</bdi>
          </b>{" "}
          {extras?.bot !== undefined && <BotBadge />} <Time at={message.createdAt} clock={clock} />
        </span>
        <span class="found-text" dir="auto">
          {snippet.map((part) => (
            <Snippet {...part} />
          ))}
        </span>
      </a>
    </li>
  )
}

function Snippet({ text, isMatch }: SnippetPart) {
  return isMatch ? <mark safe>{text}</mark> : <span safe>{text}</span>
}

/** How to look for something. */
function SearchHelp({ isMissing = false }: { isMissing?: boolean }) {
  return (
    <div class="search-help">
      <p class="hint">
        {isMissing
          ? "Finds only messages that contain every word, in any form, but not the middle of a word. Try fewer words, the beginning of a word with * (deploy*), or fewer filters."
          : "Finds messages that contain all words, in all your servers and conversations. A word finds its other forms too, in English and ten other languages, but not the middle of longer words. You can also use:"}
      </p>
      <dl>
        {help.map(([example, meaning]) => (
          <div>
            <dt>
              <a class="search-example" href={`/search?q=${encodeURIComponent(example)}`}>
                <code>{escapeHtml(example)}</code>
              </a>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

const help = [
  ['"good morning"', "exactly these words"],
  ["deploy*", "words that begin like this"],
  ["lunch -pizza", "one word but not the other"],
  ["from:me", "the author"],
  ["in:#general", "a channel, a server or a conversation"],
  ["has:link", "also has:image and has:file"],
  ["on:today", "also before:2026-01-31 and after:2026-01-31"],
  ["mentions:me", "who is mentioned"],
] as const
