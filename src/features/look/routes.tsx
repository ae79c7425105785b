import { Elysia } from "elysia"
import { LookSection } from "../../../views/look-settings.tsx"
import { type ProcedureError, Refusal } from "../../kernel/index.ts"
import { iconSizes } from "../../web/look.ts"
import { goTo } from "../../web/reply.ts"
import { route } from "../../web/routes.ts"
import { adminPage, asked, requireAdminViewer } from "../administration/page.tsx"
import { isMultipart, readForm, unreadMultipart } from "../files/forms.ts"
import { field, formState } from "../form-fields.ts"
import { hexOf } from "../roles/colors.ts"
import type { Services } from "../services.ts"
import { isRecentlyConfirmed } from "../sessions/confirmation.ts"
import { act, orThrow, type Visit } from "../visit.ts"
import { papers, schemes, shadesOf } from "./accent.ts"
import { Accent } from "./contract.ts"
import { storeIcon } from "./icon.ts"
import { iconFolder } from "./look-cache.ts"
import { markedIcon, maskableIcon } from "./marked-icon.ts"

const address = "/admin/look"

/** The settings of the look, and the files that pages get it from. */
export function lookRoutes(services: Services) {
  return new Elysia()
    .get(address, (visit) => settingsPage(services, visit))
    .post(address, async (visit) => {
      const names = ["name", "signInText", "accent", "termsUrl", "privacyUrl"]
      const values = Object.fromEntries(names.map((name) => [name, field(visit.body, name)]))
      const accent = field(visit.body, "usesAccent") ? values.accent : null
      const { success, error } = await act(services, visit, "updateLook", { ...values, accent })
      if (success) return goTo(visit.request, `${address}?saved=yes`)
      return settingsPage(services, visit, error, { ...values, usesAccent: accent === null ? "" : "yes" })
    })
    .post(`${address}/icon`, (visit) => upload(services, visit), {
      parse: unreadMultipart,
      ...route({ upload: true }),
    })
    .post(`${address}/icon/remove`, async (visit) => {
      orThrow(await act(services, visit, "removeInstanceIcon", null))
      return goTo(visit.request, `${address}?saved=yes`)
    })
    .get("/instance/:file", ({ params }) => serve(services, params.file))
}

async function settingsPage(
  services: Services,
  visit: Visit,
  error?: ProcedureError,
  typed?: Record<string, string>,
): Promise<Response> {
  const viewer = await requireAdminViewer(services, visit)
  const instance = orThrow(await act(services, visit, "getInstance", null))
  const { name, signInText, termsUrl, privacyUrl } = instance
  const stored = { name, signInText, termsUrl, privacyUrl, accent: instance.accent ?? usualAccent }
  const values = { ...stored, usesAccent: instance.accent === null ? "" : "yes", ...typed }
  const shown = Accent.safeParse(values.accent).data ?? usualAccent
  const markup = (
    <LookSection
      look={services.look.current}
      state={error ? formState(error, values) : { values }}
      isSaved={asked(visit, "saved") === "yes"}
      chosen={values.usesAccent ? shown : null}
      shades={schemes.map((scheme) => ({ scheme, ...pageColors[scheme], ...shadesOf(shown, scheme) }))}
    />
  )
  return adminPage(services, visit, viewer, { section: "look", markup, error })
}

/** The ground and the text of pages, for previews. */
const pageColors = {
  light: { ground: hexOf(papers.light), ink: "#17242c" },
  dark: { ground: hexOf(papers.dark), ink: "#e5e3dd" },
}

/** What the form suggests: near the colour that pages have without one. */
const usualAccent = "#005d59"

async function upload(services: Services, visit: Visit): Promise<Response> {
  const { request } = visit
  // Before anything is read.
  const viewer = await requireAdminViewer(services, visit)
  // A form with a file cannot be stored and sent again after the confirmation.
  if (!(await isRecentlyConfirmed(services, viewer)))
    return goTo(request, `/account/confirm?next=${encodeURIComponent(address)}`)
  if (!isMultipart(request))
    throw new Refusal("Send the image as multipart/form-data in the field `icon`", 415)

  const release = services.uploads.admit(viewer.id, Number(request.headers.get("content-length")))
  try {
    const file = (await readForm(request)).get("icon")
    if (!(file instanceof File) || file.size === 0) throw new Refusal("Choose an image first", 400)

    await storeIcon(services, viewer, file)
  } finally {
    release()
  }
  return goTo(request, `${address}?saved=yes`)
}

const forEver = "public, max-age=31536000, immutable"

/** Answers with the style sheet or an icon of the look, to everyone. Names have a version, so they are cached for ever. */
async function serve({ look, storage }: Services, file: string): Promise<Response> {
  const { iconVersion, stylesUrl } = look.current
  if (/^style-\w+\.css$/.test(file)) {
    // A page of a moment ago, or of another node, gets the colours of now, but nobody may keep them under its address.
    const isCurrent = stylesUrl === `/instance/${file}`
    return answer(look.styles, "text/css; charset=utf-8", isCurrent ? forEver : "no-store")
  }

  const [, version, kind = ""] =
    file.match(/^icon-([0-9a-f-]{36})-(\d+\.png|unread\.svg|mentions\.svg|maskable\.svg)$/) ?? []
  const isMark = kind.endsWith(".svg")
  const isMaskable = kind === "maskable.svg"
  const size = isMaskable ? 512 : isMark ? 32 : iconSizes.find((size) => `${size}.png` === kind)
  const stored =
    size && version === iconVersion ? await storage.get(`${iconFolder}/${version}.${size}`) : undefined
  if (!stored) throw new Refusal("There is no such file", 404)
  const bytes = new Uint8Array(await new Response(stored.body()).arrayBuffer())
  if (!isMark) return answer(bytes, "image/png", forEver)
  if (isMaskable) return answer(maskableIcon(bytes, hexOf(papers.light)), "image/svg+xml", forEver)
  return answer(markedIcon(bytes, kind === "mentions.svg" ? "mentions" : "unread"), "image/svg+xml", forEver)
}

function answer(body: string | Uint8Array<ArrayBuffer>, type: string, cacheControl: string): Response {
  return new Response(body, {
    headers: {
      "content-type": type,
      "cache-control": cacheControl,
      "content-security-policy": "default-src 'none'; img-src data:; frame-ancestors 'none'; sandbox",
      "x-content-type-options": "nosniff",
    },
  })
}
