import { escapeHtml } from "@kitajs/html"
import { formatBytes, maxAltLength, type UploadedFile } from "../src/features/files/contract.ts"
import { Icon } from "./icons.tsx"
import { DialogLink, Field, FormPanel, type FormState, PanelForm } from "./ui.tsx"

/** The longest that a picture's sides may be in the log, in CSS pixels. */
const box = { width: 400, height: 320 }
/** The longer side of each preview. */
const [small, large] = [400, 1200]

type Picture = UploadedFile & { width: number; height: number }

/** What was sent with a message: pictures, then the rest to download. */
export function Attachments({ files, isStill }: { files: UploadedFile[]; isStill: boolean }) {
  const pictures = files.filter(isPicture)
  const others = files.filter((file) => !isPicture(file))
  return (
    <>
      {pictures.length > 0 && (
        <ul class={`pictures ${gridOf(pictures.length)}`} aria-label="Images">
          {pictures.map((picture) => (
            <li>
              <DialogLink href={`/files/${picture.id}/view`} class="picture">
                <PictureImage picture={picture} isStill={isStill} />
              </DialogLink>
            </li>
          ))}
        </ul>
      )}
      {others.length > 0 && (
        <ul class="downloads" aria-label="Files">
          {others.map((file) => (
            <li>
              <DownloadCard file={file} />
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

/** Several stand in a grid of three columns, where two would leave a gap. */
function gridOf(count: number): string {
  if (count === 1) return "single"
  return count === 2 || count === 4 ? "grid pairs" : "grid"
}

export function isPicture(file: UploadedFile): file is Picture {
  return file.width !== undefined && file.height !== undefined
}

/** Its width and height reserve its box. An animation does not play where reduced motion is preferred. */
function PictureImage({ picture, isStill }: { picture: Picture; isStill: boolean }) {
  const { id, type, width, height } = picture
  const scale = Math.min(1, box.width / width, box.height / height)
  const shown = {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  }
  const [smaller, larger] = [small, large].map((size) => ({
    address: `/files/${id}/preview/${size}`,
    width: Math.max(1, Math.round(width * Math.min(1, size / Math.max(width, height)))),
  }))
  const alt = escapeHtml(altOf(picture))
  if (type === "image/gif") {
    return (
      <picture>
        <source media={isStill ? "all" : "(prefers-reduced-motion: reduce)"} srcset={smaller?.address} />
        <img src={`/files/${id}`} alt={alt} loading="lazy" {...shown} />
      </picture>
    )
  }
  const isSmall = smaller?.width === larger?.width
  const srcset = `${smaller?.address} ${smaller?.width}w, ${larger?.address} ${larger?.width}w`
  const choice = isSmall ? {} : { srcset, sizes: `${shown.width}px` }
  return <img src={smaller?.address} alt={alt} loading="lazy" {...shown} {...choice} />
}

/** What is said instead of a picture: what its sender said it shows, or at least how it is called. */
function altOf({ alt, name }: UploadedFile): string {
  return alt || `Image ${name}`
}

function DownloadCard({ file }: { file: UploadedFile }) {
  return (
    <a class="download" href={`/files/${file.id}`} download={escapeHtml(file.name)}>
      <Icon name="file" />
      <bdi class="file-name" safe>
        {file.name}
      </bdi>
      <small safe>{`${kindOf(file)}, ${formatBytes(file.bytes)}`}</small>
      <Icon name="save" />
    </a>
  )
}

const kinds: Record<string, string> = {
  "application/pdf": "PDF",
  "application/zip": "Archive",
  "application/gzip": "Archive",
  "application/x-7z-compressed": "Archive",
  "text/plain": "Text",
}

/** What a file is, in a word, by its content. */
function kindOf({ type }: UploadedFile): string {
  if (type.startsWith("audio/")) return "Audio"
  if (type.startsWith("video/")) return "Video"
  return kinds[type] ?? "File"
}

interface ViewerProps {
  picture: Picture
  /** All pictures of its message, in order. */
  pictures: UploadedFile[]
  /** Where it was sent; none before that. */
  messageId?: string
  isOwn: boolean
}

/** One picture, large, with the ways to those beside it: in the page's dialog, or on a page of its own. */
export function PictureViewer({ picture, pictures, messageId, isOwn }: ViewerProps) {
  const { id, name, bytes, type, width, height } = picture
  const at = pictures.findIndex((other) => other.id === id)
  const [previous, next] = [pictures[at - 1], pictures[at + 1]]
  const scale = Math.min(1, large / Math.max(width, height))
  const place = pictures.length > 1 ? `Image ${at + 1} of ${pictures.length}. ` : ""
  return (
    <section class="panel viewer">
      <h1 id="dialog-title">
        <bdi safe>{name}</bdi>
      </h1>
      <img
        src={type === "image/gif" ? `/files/${id}` : `/files/${id}/preview/${large}`}
        alt={escapeHtml(altOf(picture))}
        width={Math.max(1, Math.round(width * scale))}
        height={Math.max(1, Math.round(height * scale))}
      />
      {picture.alt !== undefined && (
        <p class="alt" dir="auto" safe>
          {picture.alt}
        </p>
      )}
      <p class="hint" safe>{`${place}${width} × ${height} pixels, ${formatBytes(bytes)}`}</p>
      <nav class="actions" aria-label="Images">
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
        <a class="button" href={`/files/${id}`} target="_blank" rel="noopener">
          Open original
        </a>
        {isOwn && (
          <DialogLink href={`/files/${id}/alt`} class="button">
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

interface DescribeProps {
  file: UploadedFile
  /** The viewer chose reduced motion. */
  isStill: boolean
  state: FormState
}

/** Saying in words what one's own picture shows. */
export function DescribePanel({ file, isStill, state }: DescribeProps) {
  return (
    <FormPanel title="Describe image">
      {isPicture(file) && (
        <p class="described">
          <PictureImage picture={file} isStill={isStill} />
        </p>
      )}
      <PanelForm action={`/files/${file.id}/alt`} state={state} submit="Save">
        <Field
          name="alt"
          label="Description"
          hint="For screen readers, and for when the image does not load."
          state={state}
          maxlength={maxAltLength}
          autofocus
        />
      </PanelForm>
    </FormPanel>
  )
}

/**
 * What goes with the next message. Without JavaScript: what was uploaded with one that was refused, to be kept or
 * left out. `static/file-tray.js` fills it with what is chosen, pasted or dropped.
 */
export function Tray({ files }: { files: { id: string; name: string }[] }) {
  return (
    <>
      <ul id="tray" class="tray" aria-label="Attached files">
        {files.map(({ id, name }) => (
          <li class="tray-kept">
            <label>
              <input type="checkbox" name="files" value={escapeHtml(id)} checked /> <bdi safe>{name}</bdi>
            </label>
          </li>
        ))}
      </ul>
      <p id="tray-status" class="tray-status" role="status" />
    </>
  )
}

/** One file in the tray: cloned and filled in by `static/tray-file.js`. */
export function TrayTemplate() {
  return (
    <template id="tray-item">
      <li class="tray-item">
        <span class="thumb">
          <Icon name="file" />
        </span>
        <span class="tray-about">
          <bdi class="file-name" /> <small class="tray-state" />
        </span>
        <progress max="1" value="0" />
        <input class="tray-alt" type="text" maxlength={maxAltLength} placeholder="Description" hidden />
        <button type="button" class="tray-retry" hidden>
          Try again
        </button>
        <button type="button" class="tray-remove quiet">
          <Icon name="close" />
        </button>
      </li>
    </template>
  )
}
