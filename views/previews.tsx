import { escapeHtml } from "@kitajs/html"
import type { Message } from "../src/features/messages/contract.ts"
import type { LinkPreview } from "../src/features/previews/message-fields.ts"
import { FormPanel, PanelForm } from "./ui.tsx"

/** How wide a picture must be, and how much wider than high, to stand below the words and not beside them. */
const large = { width: 400, ratio: 1.3 }
/** The longest that its sides may be there, and beside the words, in CSS pixels. */
const below = { width: 400, height: 300 }
const beside = { width: 80, height: 80 }

/** What the pages say of themselves that a message links to. */
export function Previews({ previews }: { previews: LinkPreview[] }) {
  return (
    <ul class="previews" aria-label="Link previews">
      {previews.map((preview) => (
        <li>
          <PreviewCard preview={preview} />
        </li>
      ))}
    </ul>
  )
}

function PreviewCard({ preview }: { preview: LinkPreview }) {
  const { url, title, description, siteName } = preview
  const isWide = isLarge(preview)
  return (
    <a
      class={isWide ? "linked-page wide" : "linked-page"}
      href={escapeHtml(url)}
      target="_blank"
      rel="noopener noreferrer nofollow ugc"
      dir="auto"
    >
      <span class="words">
        <small class="site" safe>
          {siteName ?? hostOf(url)}
        </small>
        <b class="title" safe>
          {title}
        </b>
        {description !== undefined && (
          <span class="description" safe>
            {description}
          </span>
        )}
      </span>
      {preview.image !== undefined && (
        <PreviewImage id={preview.id} image={preview.image} box={isWide ? below : beside} />
      )}
    </a>
  )
}

/** Its box is reserved before it loads. The words beside it say what there is to say. */
function PreviewImage({ id, image, box }: { id: string; image: Size; box: Size }) {
  const scale = Math.min(1, box.width / image.width, box.height / image.height)
  const [width, height] = [image.width, image.height].map((side) => Math.max(1, Math.round(side * scale)))
  return (
    <img
      class="preview-picture"
      src={`/previews/${id}/image`}
      alt=""
      width={width}
      height={height}
      loading="lazy"
    />
  )
}

interface Size {
  width: number
  height: number
}

function isLarge({ image }: LinkPreview): boolean {
  return image !== undefined && image.width >= large.width && image.width / image.height >= large.ratio
}

function hostOf(url: string): string {
  return URL.parse(url)?.host.replace(/^www\./, "") ?? url
}

/** Which previews a message may be shown without. */
export function RemovePreviewsPanel({ message, error }: { message: Message; error?: string }) {
  const previews = message.extras?.previews ?? []
  return (
    <FormPanel title="Remove previews">
      {previews.length === 0 && <p class="empty">No link previews.</p>}
      <p>A removed preview does not come back. The link stays.</p>
      {previews.map(({ id, title, url }) => (
        <PanelForm
          action={`/messages/${message.id}/previews/${id}/remove`}
          state={{ error }}
          submit="Remove"
          danger
        >
          <p>
            <b safe>{title}</b>
            <br />
            <small class="hint hook-address" dir="ltr" safe>
              {url}
            </small>
          </p>
        </PanelForm>
      ))}
    </FormPanel>
  )
}
