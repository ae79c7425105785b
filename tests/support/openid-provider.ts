import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import Provider from "oidc-provider"

/** What the provider says about someone, by the name that they log in with there. */
export type Claims = Record<string, unknown>

export const clientSecret = "a secret that only the provider and the chat know"

/** A cookie jar: a browser that follows no redirect by itself. */
export class Browser {
  readonly #cookies = new Map<string, string>()

  /** With the cookies of that site. */
  async fetch(url: string, init: RequestInit = {}): Promise<Response> {
    const { host, origin, pathname } = new URL(url)
    const mine = [...this.#cookies].filter(([key]) => {
      const [at = "", path = "/"] = key.split(" ")
      return at === host && pathname.startsWith(path)
    })
    const cookie = mine.map(([key, value]) => `${key.split(" ")[2]}=${value}`).join("; ")
    const answer = await fetch(url, {
      redirect: "manual",
      ...init,
      headers: { cookie, origin, ...(init.headers as Record<string, string>) },
    })
    for (const text of answer.headers.getSetCookie()) {
      const [pair = "", ...attributes] = text.split(/;\s*/)
      const path = attributes.find((each) => /^path=/i.test(each))?.slice(5) ?? "/"
      const [name = "", ...value] = pair.split("=")
      const key = `${host} ${path} ${name}`
      if (value.join("=") === "" || attributes.some((each) => /^max-age=0$/i.test(each)))
        this.#cookies.delete(key)
      else this.#cookies.set(key, value.join("="))
    }
    return answer
  }

  post(url: string, fields: Record<string, string>): Promise<Response> {
    return this.fetch(url, { method: "POST", body: new URLSearchParams(fields) })
  }
}

function createProvider(issuer: string, redirectUris: string[], people: Record<string, Claims>): Provider {
  const { warn, info } = console
  // It warns of Bun, of its short memory and of its forms, which are for developers: all are meant.
  Object.assign(console, { warn: () => {}, info: () => {} })
  try {
    return new Provider(issuer, {
      clients: [
        {
          client_id: "chat",
          client_secret: clientSecret,
          redirect_uris: redirectUris,
          grant_types: ["authorization_code"],
          response_types: ["code"],
        },
      ],
      claims: {
        openid: ["sub"],
        profile: ["name", "preferred_username"],
        email: ["email", "email_verified"],
        groups: ["groups"],
      },
      features: { devInteractions: { enabled: true } },
      pkce: { required: () => true },
      findAccount: (_context, sub) => ({ accountId: sub, claims: async () => ({ sub, ...people[sub] }) }),
      ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
    })
  } finally {
    Object.assign(console, { warn, info })
  }
}

/**
 * A real provider (`oidc-provider`) at a port of its own. Logging in there needs no password; who it is, `people`
 * says, which a test may change.
 */
export async function startOpenIdProvider(origins: string[], people: Record<string, Claims>) {
  const server = createServer((request, response) => handle(request, response))
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const redirectUris = origins.map((origin) => `${origin}/login/with/keycloak/callback`)
  const handle = createProvider(issuer, redirectUris, people).callback()

  /** Logs in at an address of the provider, consents, and returns where it leads back to. */
  async function logIn(browser: Browser, url: string, login: string): Promise<string> {
    let answer = await browser.fetch(url)
    let at = url
    for (;;) {
      const location = answer.headers.get("location")
      if (location) {
        at = new URL(location, at).href
        if (!at.startsWith(issuer)) return at
        answer = await browser.fetch(at)
        continue
      }
      const page = await answer.text()
      const prompt = page.match(/name="prompt" value="([^"]+)"/)?.[1]
      if (!prompt) throw new Error(`The provider says: ${answer.status} ${page.slice(0, 300)}`)
      at = new URL(page.match(/action="([^"]+)"/)?.[1] ?? "", at).href
      answer = await browser.post(at, { prompt, login, password: "any" })
    }
  }

  function close() {
    server.closeAllConnections()
    server.close()
  }
  return { issuer, people, logIn, close, [Symbol.dispose]: close }
}
