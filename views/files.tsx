import { escapeHtml } from "@kitajs/html"
import { formatBytes, maxAltLength, type UploadedFile } from "../src/features/files/contract.ts"
import { kindLabel, languageName, showingOf, subtitlesOf } from "./file-kinds.ts"
import { Icon } from "./icons.tsx"
import { DialogLink, Field, FormPanel, type FormState, PanelForm } from "./ui.tsx"

/** The longest that a picture's sides may be in the log, in CSS pixels. */
const box = { width: 400, height: 320 }
/** The longer side of each preview. */
const small = 400
export const largePreview = 1200

export type SentPicture = UploadedFile & { width: number; height: number }

/** The files of a message: pictures, recordings, then all others. */
export function Attachments({ files, isStill }: { files: UploadedFile[]; isStill: boolean }) {
  const pictures = files.filter(isPicture)
  const others = files.filter((file) => !isPicture(file))
  const recordings = others.filter(isPlayable)
  const rest = others.filter((file) => !isPlayable(file))
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
      {recordings.length > 0 && (
        <ul class="recordings" aria-label="Recordings">
          {recordings.map((file) => (
            <li>
              {/* Kept when the message is rendered again: somebody may be listening. */}
              <Player file={file} files={files} keptAs={`media-${file.id}`} />
              <FileCard file={file} />
            </li>
          ))}
        </ul>
      )}
      {rest.length > 0 && (
        <ul class="downloads" aria-label="Files">
          {rest.map((file) => (
            <li>
              <FileCard file={file} />
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

export function isPicture(file: UploadedFile): file is SentPicture {
  return file.width !== undefined && file.height !== undefined
}

/** Whether its pixels were copied, and not drawn again: previews are still. GIFs of before are not marked. */
export function isMoving({ type, animated }: UploadedFile): boolean {
  return animated === true || type === "image/gif"
}

/** Whether a browser may play it. */
export function isPlayable(file: UploadedFile): boolean {
  const showing = showingOf(file)
  return showing === "audio" || showing === "video"
}

interface PlayerProps {
  file: UploadedFile
  /** All files of its message: subtitles are among them. */
  files: UploadedFile[]
  /** The id under which htmx keeps it. */
  keptAs?: string
}

/** Sound or film, played by the browser's own controls, which have speed and subtitles too. */
export function Player({ file, files, keptAs }: PlayerProps) {
  const label = escapeHtml(file.name)
  const source = { src: `/files/${file.id}/media`, preload: "metadata", "aria-label": label }
  const kept = keptAs === undefined ? {} : { id: keptAs, "hx-preserve": "" }
  if (showingOf(file) === "audio") return <audio class="player" controls="" {...source} {...kept} />

  return (
    <video class="player" controls {...{ playsinline: "" }} {...source} {...kept}>
      {subtitlesOf(file, files).map(({ file: { id }, language }, at) => (
        <track
          kind="subtitles"
          src={`/files/${id}/subtitles`}
          srclang={language ?? "en"}
          label={language ? escapeHtml(languageName(language) ?? language) : "Subtitles"}
          default={at === 0 ? "" : undefined}
        />
      ))}
    </video>
  )
}

/** Its width and height reserve its box. An animation does not play where reduced motion is preferred. */
export function PictureImage({ picture, isStill }: { picture: SentPicture; isStill: boolean }) {
  const { id, width, height } = picture
  const scale = Math.min(1, box.width / width, box.height / height)
  const shown = {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  }
  const [smaller, larger] = [small, largePreview].map((size) => ({
    address: `/files/${id}/preview/${size}`,
    width: Math.max(1, Math.round(width * Math.min(1, size / Math.max(width, height)))),
  }))
  const alt = escapeHtml(altOf(picture))
  if (isMoving(picture)) {
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
export function altOf({ alt, name }: UploadedFile): string {
  return alt || `Image ${name}`
}

/** A file to look at, where that is possible, and to save. */
export function FileCard({ file }: { file: UploadedFile }) {
  const isShown = showingOf(file) !== "download"
  const about = (
    <>
      <Icon name="file" />
      <bdi class="file-name" safe>
        {file.name}
      </bdi>
      <small safe>{`${kindLabel(file)}, ${formatBytes(file.bytes)}`}</small>
    </>
  )
  if (!isShown) {
    return (
      <a class="file download" href={`/files/${file.id}`} download={escapeHtml(file.name)}>
        {about}
        <Icon name="save" />
      </a>
    )
  }
  return (
    <div class="file">
      <DialogLink href={`/files/${file.id}/view`} class="look">
        {about}
      </DialogLink>
      <a
        class="download"
        href={`/files/${file.id}`}
        download={escapeHtml(file.name)}
        aria-label={escapeHtml(`Download ${file.name}`)}
        title="Download"
      >
        <Icon name="save" />
      </a>
    </div>
  )
}

interface DescribeProps {
  file: UploadedFile
  /** The viewer chose reduced motion. */
  isStill: boolean
  state: FormState
}

/** Describing an own picture. */
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
        <input type="hidden" name="files" />
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
