import { asset } from "../../web/assets.ts"
import { iconUrl, type Look } from "../../web/look.ts"
import { papers, shadesOf } from "../look/accent.ts"
import { hexOf } from "../roles/colors.ts"

/** Of the icon of Covenant Chat. */
const usualColor = "#1f5f5b"

const shortcuts = [
  { name: "Direct messages", url: "/conversations" },
  { name: "Search", url: "/search" },
  { name: "Saved messages", url: "/saved" },
  { name: "Go to…", url: "/switch" },
]

/** The manifest by which browsers install the chat. Source: W3C, "Web Application Manifest" and "Web Share Target API". */
export function manifestOf(look: Look, accent: string | null) {
  return {
    id: "/",
    name: look.name,
    short_name: look.name,
    start_url: "/",
    scope: "/",
    display: "standalone",
    background_color: hexOf(papers.light),
    theme_color: accent === null ? usualColor : shadesOf(accent, "light").accent,
    icons: iconsOf(look),
    shortcuts,
    share_target: {
      // Answered by `static/service-worker.js`, which keeps the files until a channel is chosen.
      action: "/share",
      method: "POST",
      enctype: "multipart/form-data",
      params: { title: "title", text: "text", url: "url", files: [{ name: "files", accept: ["*/*"] }] },
    },
  }
}

function iconsOf(look: Look) {
  const { iconVersion } = look
  const png = (size: number, src: string, purpose = "any") => ({
    ...{ src, sizes: `${size}x${size}`, type: "image/png", purpose },
  })
  if (iconVersion === null)
    return [
      png(192, asset("icons/app-192.png")),
      png(512, asset("icons/app-512.png")),
      png(512, asset("icons/app-maskable-512.png"), "maskable"),
    ]
  return [
    png(192, iconUrl(look, 192) ?? ""),
    png(512, iconUrl(look, 512) ?? ""),
    {
      src: `/instance/icon-${iconVersion}-maskable.svg`,
      sizes: "any",
      type: "image/svg+xml",
      purpose: "maskable",
    },
  ]
}
