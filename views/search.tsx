import { escapeHtml } from "@kitajs/html"
import { maxQueryLength } from "../src/features/search/contract.ts"
import { asset } from "../src/web/assets.ts"
import type { Clock } from "../src/web/clock.ts"
import { Icon } from "./icons.tsx"
import type { PageViewer } from "./layout.tsx"
import { type Answer, Results, SearchHelp } from "./search-results.tsx"
import { type Places, Shell } from "./shell.tsx"

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
    "hx-sync": "replace",
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
