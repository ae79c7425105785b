import { escapeHtml } from "@kitajs/html"
import type { FoundMessage, SearchResults, SnippetPart } from "../src/features/search/contract.ts"
import type { Clock } from "../src/web/clock.ts"
import { Icon } from "./icons.tsx"
import { shownName } from "./people.ts"
import { Time } from "./times.tsx"
import { Avatar, BotBadge } from "./ui.tsx"

export interface Answer {
  /** What was looked for; empty before anything was. */
  query: string
  error?: string
  found?: SearchResults
  /** It is not the first page. */
  isContinued: boolean
  clock: Clock
}

interface ResultsProps extends Pick<Answer, "query" | "isContinued" | "clock"> {
  found: SearchResults
}

export function Results({ query, found, isContinued, clock }: ResultsProps) {
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
export function SearchHelp({ isMissing = false }: { isMissing?: boolean }) {
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
