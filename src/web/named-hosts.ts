import { PublicFetch } from "./public-fetch.ts"

/** Reaches any IP and port: for hosts that the operator named. */
const privateFetcher = new PublicFetch({ allows: () => true })

/** Is the host of a URL among those that the operator named, with this port or for all ports? */
export function isNamedHost(names: readonly string[], url: string): boolean {
  const { host, hostname } = new URL(url)
  return names.some((name) => name === host || name === hostname)
}

/** Fetches a URL that a user chose: public IPs only, or any IP if the operator allowed its host. */
export function fetcherFor(names: readonly string[], url: string, usual: PublicFetch): PublicFetch {
  return isNamedHost(names, url) ? privateFetcher : usual
}
