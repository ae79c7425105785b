import { Elysia } from "elysia"
import { asset } from "./assets.ts"
import { currentLook, iconUrl } from "./look.ts"
import { goTo } from "./reply.ts"
import { route } from "./routes.ts"

/** How long `security.txt` says that it is true. Source: RFC 9116, 2.5.5, recommends less than a year. */
const securityTextDays = 180
const dayMs = 24 * 3_600_000

/** Everything here is private but what an invite says of its server, for programs that show links. */
const robots = `User-agent: *
Allow: /invites/
Disallow: /
`

interface WellKnownOptions {
  /** The contact for security reports, as `mailto:` or `https:`; `undefined` without one. */
  securityContact?: string
  publicOrigin?: string
}

/** Well-known files that programs request from every site. */
export function wellKnownRoutes({ securityContact, publicOrigin }: WellKnownOptions) {
  const quiet = route({ unlogged: true })
  return (
    new Elysia()
      .get("/robots.txt", () => plainText(robots), quiet)
      // For what does not read the page's own icon: feeds, bookmarks, old browsers.
      .get(
        "/favicon.ico",
        ({ request }) => {
          const location = iconUrl(currentLook(), 32) ?? asset("icons/favicon.ico")
          return goTo(request, location, { "cache-control": "public, max-age=3600" })
        },
        quiet,
      )
      // Source: W3C, A Well-Known URL for Changing Passwords.
      .get("/.well-known/change-password", ({ request }) => goTo(request, "/account/password"))
      .get("/.well-known/security.txt", ({ request }) => {
        if (!securityContact) return plainText("There is no security.txt here\n", 404)

        const origin = publicOrigin ?? new URL(request.url).origin
        return plainText(securityText(securityContact, origin, new Date()))
      })
  )
}

/** Source: RFC 9116. */
function securityText(contact: string, origin: string, now: Date): string {
  const expires = new Date(Math.floor(now.getTime() / dayMs + securityTextDays) * dayMs)
  return `Contact: ${contact}
Expires: ${expires.toISOString()}
Preferred-Languages: en
Canonical: ${origin}/.well-known/security.txt
`
}

function plainText(text: string, status = 200): Response {
  return new Response(text, {
    status,
    headers: {
      "content-type": "text/plain; charset=utf-8",
      "cache-control": "public, max-age=3600",
      "x-content-type-options": "nosniff",
    },
  })
}
