import { extensionIn, isSubtitles, showingOf } from "../../../views/file-kinds.ts"
import {
  FileViewer,
  FileViewerPage,
  PdfContent,
  TableContent,
  TextContent,
  UnreadableContent,
} from "../../../views/file-viewer.tsx"
import { isPicture, isPlayable } from "../../../views/files.tsx"
import { Refusal } from "../../kernel/index.ts"
import { goTo, html, wantsFragment } from "../../web/reply.ts"
import { findMessage } from "../messages/store.ts"
import { highlight } from "../messages/text/highlight.ts"
import type { Services } from "../services.ts"
import type { SignedInViewer, Visit } from "../visit.ts"
import { noSuchFile } from "./require-file.ts"
import { serveFile } from "./serve.ts"
import { type FileRow, toAttachment } from "./store.ts"
import { toWebVtt } from "./subtitles.ts"
import { tableOf } from "./table.ts"
import { decodeText } from "./text-encoding.ts"

/** The first bytes of a text are shown: a page with more is slow to read and to make. */
const maxTextBytes = 128 * 1024
/** Hours of film have about 200 KB of subtitles. */
const maxSubtitleBytes = 1024 * 1024

interface Viewing {
  viewer: SignedInViewer
  file: FileRow
  isOwn: boolean
}

/** A file in the viewer, as a panel or a page. Redirects to the download of what cannot be looked at. */
export async function viewFile(services: Services, visit: Visit, found: Viewing): Promise<Response> {
  const { viewer, file: row, isOwn } = found
  const file = toAttachment(row)
  if (!isPicture(file) && showingOf(file) === "download") return goTo(visit.request, `/files/${file.id}`)

  const message = row.messageId ? await findMessage(services.db, row.messageId) : undefined
  const markup = (
    <FileViewer
      file={file}
      files={message?.extras?.attachments ?? [file]}
      messageId={message?.id}
      isOwn={isOwn}
    >
      {(await contentOf(services, row)) as "safe"}
    </FileViewer>
  )
  if (wantsFragment(visit.request)) return html(visit.request, String(markup))

  const page = (
    <FileViewerPage title={file.name} viewer={viewer} messageId={message?.id}>
      {markup as "safe"}
    </FileViewerPage>
  )
  return html(visit.request, String(page))
}

/** Renders the content of a file as markup. The browser never gets the bytes themselves. */
async function contentOf(services: Services, row: FileRow): Promise<JSX.Element> {
  const file = toAttachment(row)
  if (isPicture(file) || isPlayable(file)) return ""
  if (showingOf(file) === "pdf") return <PdfContent file={file} />

  const text = await readText(services, row, maxTextBytes)
  if (text === undefined) return <UnreadableContent />
  const shownBytes = row.bytes > maxTextBytes ? maxTextBytes : undefined
  const extension = extensionIn(row.name)
  if (extension === "csv" || extension === "tsv") {
    return <TableContent {...tableOf(text, extension)} shownBytes={shownBytes} />
  }
  return <TextContent html={highlight(text, extension)} shownBytes={shownBytes} />
}

/** Sound or film of a file, for the player. Only types that a browser plays, and never runs, are named. */
export async function serveMedia(services: Services, request: Request, row: FileRow): Promise<Response> {
  const file = toAttachment(row)
  const stored = !isPicture(file) && isPlayable(file) ? await services.storage.get(row.key) : undefined
  if (!stored) throw new Refusal(noSuchFile, 404)

  return serveFile(request, { stored, name: row.name, type: row.type, etag: `"${row.id}"` })
}

/** Subtitles of a film, in the form that browsers read. */
export async function serveSubtitles(services: Services, request: Request, row: FileRow): Promise<Response> {
  const isRead = isSubtitles(row) && row.bytes <= maxSubtitleBytes
  const text = isRead ? await readText(services, row, maxSubtitleBytes) : undefined
  if (text === undefined) throw new Refusal(noSuchFile, 404)

  const bytes = new TextEncoder().encode(toWebVtt(text))
  const stored = {
    bytes: bytes.length,
    body: (from?: number, to?: number) => new Blob([bytes.subarray(from, to)]),
  }
  const options = { stored, name: row.name, type: "text/vtt; charset=utf-8", etag: `"${row.id}.vtt"` }
  return serveFile(request, options)
}

/** The beginning of a text; `undefined` when it is none. */
async function readText(services: Services, row: FileRow, maxBytes: number): Promise<string | undefined> {
  const stored = await services.storage.get(row.key)
  if (!stored) throw new Refusal(noSuchFile, 404)

  const length = Math.min(stored.bytes, maxBytes)
  const bytes = await new Response(stored.body(0, length)).bytes()
  return decodeText(bytes, stored.bytes > length)
}
