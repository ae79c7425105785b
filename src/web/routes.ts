import type { AnyElysia, DocumentDecoration } from "elysia"
import { Memoirist } from "memoirist"

/** What a route says about itself to the code that works for all routes. */
export interface RouteTraits {
  /** Its page, an error page too, may stand in a frame of another page of ours. */
  frame?: boolean
  /** Programs read it as it comes: an error is one line of text, whatever the request accepts. */
  streams?: boolean
  /** It takes forms with files, as large as those may be. */
  upload?: boolean
  /** Largest body in bytes, where that is more than a form's. */
  maxBodyBytes?: number
  /** Path parameters that are secrets: logs show their names in place of their values. */
  redact?: readonly string[]
  /** Programs send to it too, which come from no page: it takes no cookie for a permission. */
  forPrograms?: boolean
  /** Machines request it all the time: it is not logged. */
  unlogged?: boolean
}

const field = "x-traits"

/** Says something about a route: `.get(path, handler, route({ frame: true }))`. */
export function route(traits: RouteTraits): { detail: DocumentDecoration } {
  return { detail: { [field]: traits } as DocumentDecoration }
}

interface Route {
  path: string
  traits: RouteTraits
}

const noTraits: RouteTraits = {}
const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]

/** Finds what routes say about themselves, by the router that Elysia uses too. */
export class RouteTable {
  readonly #router = new Memoirist<Route>()

  /** Call it once all routes are registered. */
  add({ routes }: Pick<AnyElysia, "routes">): void {
    for (const { method, path, hooks } of routes) {
      const traits = (hooks as { detail?: { [field]?: RouteTraits } }).detail?.[field] ?? noTraits
      // A WebSocket is opened by a GET.
      const added = method === "WS" ? "GET" : method
      for (const each of added === "ALL" ? methods : [added]) {
        // Without its history the router does not compare each route with all before it. Of two that are alike the first stays.
        this.#router.add(each, withoutSlash(path), { path, traits }, { ignoreHistory: true })
      }
    }
  }

  /** The traits of the route that answers a request; none when there is no such route. */
  traitsOf({ method, url }: Pick<Request, "method" | "url">): RouteTraits {
    return this.#find(method, new URL(url).pathname)?.traits ?? noTraits
  }

  /** A path as it may be logged. Of one that no route has, only the beginning: it may be a mistyped secret. */
  loggedPath({ method, url }: Pick<Request, "method" | "url">): string {
    const { pathname } = new URL(url)
    const [, first = "", ...rest] = pathname.split("/")
    const found = this.#find(method, pathname) ?? this.#findByPath(pathname)
    if (!found) return rest.length > 0 ? `/${first}/…` : pathname

    const { path, traits } = found
    const secrets = new Set(traits.redact?.map((name) => `:${name}`))
    if (secrets.size === 0) return pathname

    const names = path.split("/")
    return pathname
      .split("/")
      .map((segment, at) => (secrets.has(names[at] ?? "") ? names[at] : segment))
      .join("/")
  }

  #find(method: string, pathname: string): Route | undefined {
    const asked = method === "HEAD" ? "GET" : method
    const found = this.#router.find(asked, withoutSlash(pathname)) ?? this.#router.find(asked, pathname)
    return found?.store
  }

  /** A secret is one whatever the method of the request. */
  #findByPath(pathname: string): Route | undefined {
    for (const method of methods) {
      const found = this.#find(method, pathname)
      if (found) return found
    }
    return undefined
  }
}

/** As for Elysia, with a slash at the end or without one it is the same route. */
function withoutSlash(path: string): string {
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path
}
