import { escapeHtml } from "@kitajs/html"
import { iconUrl, type Look } from "../src/web/look.ts"
import { Check, TextArea } from "./fields.tsx"
import { Field, FormErrors, type FormState } from "./ui.tsx"

/** A colour in one of the color schemes, each part as `#rrggbb`. */
interface Shown {
  scheme: "light" | "dark"
  ground: string
  ink: string
  accent: string
  soft: string
  onAccent: string
}

interface LookProps {
  look: Look
  state: FormState
  isSaved: boolean
  /** The colour that was chosen; `null` for the usual one. */
  chosen: string | null
  shades: Shown[]
}

/** How the chat presents itself. */
export function LookSection({ look, state, isSaved, chosen, shades }: LookProps) {
  return (
    <>
      {isSaved && <p role="status">Appearance saved.</p>}
      <form method="post" action="/admin/look">
        <FormErrors state={state} />
        <Field name="name" label="Name of the chat" state={state} required maxlength={50} />
        <TextArea
          name="signInText"
          label="Text above the form to log in"
          hint="For example who runs this chat. Web addresses become links"
          state={state}
        />
        <Field
          name="termsUrl"
          label="Link to the terms"
          hint="Linked where people log in, and accepted by those who sign up; optional"
          state={state}
        />
        <Field name="privacyUrl" label="Link to the privacy policy" hint="As above; optional" state={state} />
        <Check
          name="usesAccent"
          value="yes"
          label="Use your own color for links and buttons"
          isChecked={Boolean(state.values?.usesAccent)}
        />
        <Field
          name="accent"
          label="Color"
          type="color"
          hint="Pages use a darker or lighter shade where text would be hard to read"
          state={state}
        />
        {chosen !== null && <Shades chosen={chosen} shades={shades} />}
        <p class="actions">
          <button class="primary" type="submit">
            Save
          </button>
        </p>
      </form>
      <IconForms look={look} />
    </>
  )
}

/** What becomes of a colour in both color schemes. */
function Shades({ chosen, shades }: Pick<LookProps, "shades"> & { chosen: string }) {
  return (
    <div class="shades">
      {shades.map((shown) => (
        <figure>
          <ShadePreview {...shown} />
          <figcaption safe>
            {`${shown.scheme === "light" ? "Light" : "Dark"} pages: ${
              shown.accent === chosen ? `${chosen}, as chosen` : `${shown.accent}, adjusted for contrast`
            }`}
          </figcaption>
        </figure>
      ))}
    </div>
  )
}

/** A picture, because the page itself is shown in one scheme only. */
function ShadePreview({ ground, ink, accent, soft, onAccent }: Shown) {
  return (
    <svg viewBox="0 0 240 96" width="240" height="96" aria-hidden="true">
      <rect x="1" y="1" width="238" height="94" rx="8" fill={ground} stroke="#808080" />
      <text x="16" y="30" font-size="15" fill={ink}>
        Text with{" "}
        <tspan fill={accent} text-decoration="underline">
          a link
        </tspan>
      </text>
      <rect x="16" y="48" width="92" height="32" rx="8" fill={accent} />
      <text x="62" y="69" font-size="14" font-weight="600" text-anchor="middle" fill={onAccent}>
        Button
      </text>
      <rect x="124" y="48" width="100" height="32" rx="8" fill={soft} />
      <text x="174" y="69" font-size="14" text-anchor="middle" fill={accent}>
        Selected
      </text>
    </svg>
  )
}

function IconForms({ look }: { look: Look }) {
  const url = iconUrl(look, 192)
  return (
    <>
      <h2>Icon</h2>
      {url !== undefined && (
        <img class="server-icon" src={escapeHtml(url)} alt="The icon now" width="96" height="96" />
      )}
      <form method="post" action="/admin/look/icon" enctype="multipart/form-data">
        <p class="field">
          <label for="icon">Icon image</label>
          <input id="icon" name="icon" type="file" accept="image/*" required />
          <small class="hint">
            PNG, JPEG, GIF, WebP or AVIF, up to 8 MB, cropped to a square. Shown in tabs, on home screens and
            where people log in
          </small>
        </p>
        <p class="actions">
          <button type="submit">Upload icon</button>
        </p>
      </form>
      {url !== undefined && (
        <form method="post" action="/admin/look/icon/remove">
          <p class="actions">
            <button type="submit" class="danger">
              Remove icon
            </button>
          </p>
        </form>
      )}
    </>
  )
}
