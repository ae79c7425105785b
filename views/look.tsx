import { escapeHtml } from "@kitajs/html"
import { asset } from "../src/web/assets.ts"
import { iconUrl, type Look } from "../src/web/look.ts"

/** In the head of every page: the icon, and the colours where they are not the usual ones. */
export function LookLinks({ look }: { look: Look }) {
  const { iconVersion: icon, stylesUrl } = look
  return (
    <>
      <link rel="manifest" href="/manifest.webmanifest" />
      {stylesUrl !== null && <link rel="stylesheet" href={stylesUrl} />}
      {icon === null ? (
        // Apple's devices find `/apple-touch-icon.png` by themselves.
        <link
          rel="icon"
          href={asset("icons/icon.svg")}
          type="image/svg+xml"
          data-unread={asset("icons/icon-unread.svg")}
          data-mentions={asset("icons/icon-mentions.svg")}
        />
      ) : (
        <>
          <link
            rel="icon"
            href={iconUrl(look, 32)}
            data-unread={`/instance/icon-${icon}-unread.svg`}
            data-mentions={`/instance/icon-${icon}-mentions.svg`}
          />
          <link rel="apple-touch-icon" href={iconUrl(look, 180)} />
        </>
      )}
    </>
  )
}

/** The icon beside the name of the instance. */
export function BrandIcon({ look }: { look: Look }) {
  return <img src={iconUrl(look, 180) ?? asset("icons/icon.svg")} alt="" width="32" height="32" />
}

/** At the foot of the pages for those who are not signed in; nothing where there is nothing to link to. */
export function LegalLinks({ look }: { look: Look }) {
  const links = legalLinks(look)
  if (links.length === 0) return ""

  return (
    <footer class="legal">
      <nav aria-label="Legal">
        {links.map(({ name, url }) => (
          <a href={escapeHtml(url)} safe>
            {name}
          </a>
        ))}
      </nav>
    </footer>
  )
}

/** What people accept by making an account. */
export function Acceptance({ look: { termsUrl, privacyUrl } }: { look: Look }) {
  if (!termsUrl && !privacyUrl) return ""

  return (
    <p class="hint">
      By signing up you accept {termsUrl !== "" && <a href={escapeHtml(termsUrl)}>the terms</a>}
      {termsUrl !== "" && privacyUrl !== "" && " and "}
      {privacyUrl !== "" && <a href={escapeHtml(privacyUrl)}>the privacy policy</a>}.
    </p>
  )
}

function legalLinks({ termsUrl, privacyUrl }: Look): { name: string; url: string }[] {
  return [
    { name: "Terms", url: termsUrl },
    { name: "Privacy", url: privacyUrl },
  ].filter(({ url }) => url !== "")
}

/** Web addresses up to a space, without the punctuation that ends a sentence. */
const address = /https?:\/\/[^\s<>"]*[^\s<>".,:;!?)'\]]/g

/** Plain text, with its web addresses as links. */
export function LinkedText({ text }: { text: string }) {
  let [markup, end] = ["", 0]
  for (const { 0: url, index } of text.matchAll(address)) {
    markup += escapeHtml(text.slice(end, index))
    markup += URL.canParse(url)
      ? `<a href="${escapeHtml(url)}" rel="noopener">${escapeHtml(url)}</a>`
      : escapeHtml(url)
    end = index + url.length
  }
  return markup + escapeHtml(text.slice(end))
}
