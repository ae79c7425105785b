import { type Children, escapeHtml } from "@kitajs/html"
import { formatBytes, type UploadedFile } from "../src/features/files/contract.ts"
import { asset } from "../src/web/assets.ts"
import { kindLabel, showingOf } from "./file-kinds.ts"
import { altOf, isMoving, isPicture, isPlayable, largePreview, Player, type SentPicture } from "./files.tsx"
import { FormPage } from "./form-page.tsx"
import type { PageViewer } from "./layout.tsx"
import { DialogLink } from "./ui.tsx"

interface ViewerProps {
  file: UploadedFile
  /** All files of its message, in order. */
  files: UploadedFile[]
  /** The message it was sent with; `undefined` before that. */
  messageId?: string
  isOwn: boolean
  /** The content of a file that is not a picture, audio or video. */
  children?: Children
}

/** One file, large, with the ways to those beside it: in the page's dialog, or on a page of its own. */
export function FileViewer({ file, files, messageId, isOwn, children }: ViewerProps) {
  const shown = files.filter((other) => isPicture(other) === isPicture(file) && isShown(other))
  const at = shown.findIndex((other) => other.id === file.id)
  const [previous, next] = [shown[at - 1], shown[at + 1]]
  const place = shown.length > 1 ? `${isPicture(file) ? "Image" : "File"} ${at + 1} of ${shown.length}. ` : ""
  return (
    <section class={`panel viewer viewer-${isPicture(file) ? "picture" : showingOf(file)}`}>
      <link rel="stylesheet" href={asset("viewer.css")} />
      <h1 id="dialog-title">
        <bdi safe>{file.name}</bdi>
      </h1>
      {isPicture(file) && <PictureFrame picture={file} />}
      {!isPicture(file) && isPlayable(file) && <PlayerPanel file={file} files={files} />}
      {children as "safe"}
      {file.alt !== undefined && (
        <p class="alt" dir="auto" safe>
          {file.alt}
        </p>
      )}
      <p class="hint" safe>{`${place}${aboutOf(file)}`}</p>
      <nav class="actions" aria-label={isPicture(file) ? "Images" : "Files"}>
        {previous !== undefined && (
          <DialogLink href={`/files/${previous.id}/view`} class="button" rel="prev">
            Previous
          </DialogLink>
        )}
        {next !== undefined && (
          <DialogLink href={`/files/${next.id}/view`} class="button" rel="next">
            Next
          </DialogLink>
        )}
        {isPicture(file) ? (
          <a class="button" href={`/files/${file.id}`} target="_blank" rel="noopener">
            Open original
          </a>
        ) : (
          <a class="button" href={`/files/${file.id}`} download={escapeHtml(file.name)}>
            Download
          </a>
        )}
        {isPicture(file) && isOwn && (
          <DialogLink href={`/files/${file.id}/alt`} class="button">
            Describe
          </DialogLink>
        )}
        {messageId !== undefined && (
          <a class="button to-message" href={`/messages/${messageId}`}>
            Go to message
          </a>
        )}
      </nav>
    </section>
  )
}

/** Whether it can be looked at: the others are only saved. */
function isShown(file: UploadedFile): boolean {
  return isPicture(file) || showingOf(file) !== "download"
}

function aboutOf(file: UploadedFile): string {
  const size = formatBytes(file.bytes)
  return isPicture(file) ? `${file.width} × ${file.height} pixels, ${size}` : `${kindLabel(file)}, ${size}`
}

/** `static/viewer.js` makes it larger and smaller, from the original. */
function PictureFrame({ picture }: { picture: SentPicture }) {
  const { id, width, height } = picture
  const scale = Math.min(1, largePreview / Math.max(width, height))
  return (
    <div class="frame" data-original={`/files/${id}`} data-width={width}>
      <img
        src={isMoving(picture) ? `/files/${id}` : `/files/${id}/preview/${largePreview}`}
        alt={escapeHtml(altOf(picture))}
        width={Math.max(1, Math.round(width * scale))}
        height={Math.max(1, Math.round(height * scale))}
        draggable="false"
      />
      {/* Put in place by the script, which it needs. */}
      <template>
        <p class="zoom">
          <button type="button" data-zoom="out" aria-label="Zoom out" title="Zoom out (−)">
            −
          </button>
          <button type="button" data-zoom="fit" title="Fit (0)">
            Fit
          </button>
          <button type="button" data-zoom="in" aria-label="Zoom in" title="Zoom in (+)">
            +
          </button>
        </p>
      </template>
    </div>
  )
}

const speeds = ["0.5", "0.75", "1", "1.25", "1.5", "1.75", "2"]

/** The browser's controls, and the speed beside them, which some browsers hide well. */
function PlayerPanel({ file, files }: { file: UploadedFile; files: UploadedFile[] }) {
  return (
    <div class="stage">
      <Player file={file} files={files} />
      <template>
        <label class="speed">
          Speed
          <select>
            {speeds.map((speed) => (
              <option value={speed} selected={speed === "1"} safe>
                {speed === "1" ? "Normal" : `${speed}×`}
              </option>
            ))}
          </select>
        </label>
      </template>
    </div>
  )
}

interface TextProps {
  /** Highlighted and escaped. */
  html: string
  /** How much of the text is shown, in bytes; `undefined` for all of it. */
  shownBytes?: number
}

/** A text or code, as it is. */
export function TextContent({ html, shownBytes }: TextProps) {
  return (
    <>
      <CutNote shownBytes={shownBytes} />
      {/* Scrolls by keyboard. */}
      <section class="file-text" tabindex="0" aria-label="Content">
        <pre dir="auto">
          <code>{html as "safe"}</code>
        </pre>
      </section>
    </>
  )
}

interface TableProps {
  rows: string[][]
  /** More rows or columns follow. */
  isCut: boolean
  shownBytes?: number
}

/** Comma-separated values as a table, whose first row names the columns. */
export function TableContent({ rows, isCut, shownBytes }: TableProps) {
  const [head = [], ...body] = rows
  return (
    <>
      {shownBytes === undefined && isCut && (
        <p class="hint">Only the first rows and columns are shown. Download the file to see everything.</p>
      )}
      <CutNote shownBytes={shownBytes} />
      <section class="file-table" tabindex="0" aria-label="Content">
        <table>
          <thead>
            <tr>
              {head.map((cell) => (
                <th scope="col" dir="auto" safe>
                  {cell}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {body.map((row) => (
              <tr>
                {row.map((cell) => (
                  <td dir="auto" safe>
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  )
}

function CutNote({ shownBytes }: { shownBytes?: number }) {
  if (shownBytes === undefined) return ""

  return (
    <p
      class="hint"
      safe
    >{`The first ${formatBytes(shownBytes)} are shown. Download the file to see everything.`}</p>
  )
}

/** Pages of a PDF, drawn by `static/pdf.js`: nothing in the file runs. */
export function PdfContent({ file }: { file: UploadedFile }) {
  return (
    <section
      class="pdf"
      tabindex="0"
      aria-label="Pages"
      data-file={`/files/${file.id}`}
      data-library={asset("pdf/build/pdf.min.mjs")}
    >
      <p class="hint pdf-status" role="status">
        Showing pages needs JavaScript. Without it, download the file.
      </p>
    </section>
  )
}

/** A text that could not be read as one. */
export function UnreadableContent() {
  return <p class="hint">This file cannot be shown here. Download it to look at it.</p>
}

interface PageProps {
  title: string
  viewer: PageViewer
  messageId?: string
  children?: Children
}

/** The viewer as a page. Unlike forms it has a script, for zoom, speed and PDFs. */
export function FileViewerPage({ title, viewer, messageId, children }: PageProps) {
  const back = messageId === undefined ? undefined : { href: `/messages/${messageId}`, name: "message" }
  return (
    <FormPage
      title={title}
      viewer={viewer}
      back={back}
      head={<script type="module" src={asset("viewer.js")} />}
    >
      {children as "safe"}
    </FormPage>
  )
}
