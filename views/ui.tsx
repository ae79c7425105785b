import { type Children, escapeHtml } from "@kitajs/html"
import { isAnimatedPath } from "./people.ts"

/** What was typed into a form and what was wrong with it: of the whole, and of each field by name. */
export interface FormState {
  values?: Record<string, string>
  error?: string
  errors?: Record<string, string>
}

interface FieldProps {
  name: string
  /** Where another field of the page may have this name. */
  id?: string
  label: string
  state: FormState
  type?: "text" | "password" | "number" | "email" | "color" | "date" | "time" | "datetime-local"
  hint?: string
  required?: boolean
  autocomplete?: string
  maxlength?: number
  minlength?: number
  min?: number
  max?: number
  autofocus?: boolean
}

/** A labelled input that keeps what was typed (a password never) and says what was wrong with it. */
export function Field({ name, id = name, label, state, type = "text", hint, ...input }: FieldProps) {
  const error = state.errors?.[name]
  const kept = state.values?.[name]
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ")
  return (
    <p class="field">
      <label for={id} safe>
        {label}
      </label>
      <input
        id={id}
        name={name}
        type={type}
        value={type === "password" ? undefined : kept && escapeHtml(kept)}
        dir={type === "text" ? "auto" : undefined}
        aria-invalid={error ? "true" : undefined}
        aria-describedby={described || undefined}
        {...input}
      />
      {hint !== undefined && (
        <small id={`${id}-hint`} class="hint" safe>
          {hint}
        </small>
      )}
      <FieldError name={id} error={error} />
    </p>
  )
}

/** What is wrong with one field; nothing when nothing is. */
export function FieldError({ name, error }: { name: string; error?: string }) {
  if (!error) return ""

  return (
    <small id={`${name}-error`} class="error" safe>
      {error}
    </small>
  )
}

/** Says that something is wrong, and what. Read aloud at once. */
export function FormErrors({ state }: { state: FormState }) {
  const errors = [...(state.error ? [state.error] : []), ...Object.values(state.errors ?? {})]
  if (errors.length === 0) return ""

  return (
    <div class="errors" role="alert">
      {errors.map((error) => (
        <p safe>{error}</p>
      ))}
    </div>
  )
}

interface DialogLinkProps {
  href: string
  class?: string
  label?: string
  rel?: "prev" | "next"
  children?: Children
}

/**
 * A link to a form: to a page of its own, or where there is JavaScript into the page's dialog (`static/dialog.js`).
 * It is short because every message has one, and every byte of a message goes to everyone in its room.
 */
export function DialogLink({ href, label, children, ...rest }: DialogLinkProps) {
  return (
    <a
      href={href}
      data-dialog
      aria-label={label && escapeHtml(label)}
      title={label && escapeHtml(label)}
      {...rest}
    >
      {children as "safe"}
    </a>
  )
}

/** A link in content that may be a page or a panel: to a page of its own, or to another panel in the same dialog. */
export function PanelLink({ isInPage, children, ...link }: DialogLinkProps & { isInPage: boolean }) {
  if (!isInPage) return <DialogLink {...link}>{children as "safe"}</DialogLink>

  const { href, class: looks, rel } = link
  return (
    <a href={href} class={looks} rel={rel}>
      {children as "safe"}
    </a>
  )
}

interface FormPanelProps {
  title: string
  /** It waits in a page that has a heading of its own. */
  isInPage?: boolean
  children?: Children
}

/** A form with its heading: the content of a dialog, and of a page. */
export function FormPanel({ title, isInPage, children }: FormPanelProps) {
  const Heading = isInPage ? "h2" : "h1"
  return (
    <section class="panel">
      <Heading id="dialog-title" safe>
        {title}
      </Heading>
      {children as "safe"}
    </section>
  )
}

interface PanelFormProps {
  action: string
  state: FormState
  submit: string
  danger?: boolean
  children?: Children
}

/** The form of a panel: whichever way it was opened, it comes back there with what was wrong. */
export function PanelForm({ action, state, submit, danger, children }: PanelFormProps) {
  return (
    <form method="post" action={action} hx-post={action} hx-target="#dialog-body" hx-swap="innerHTML">
      <FormErrors state={state} />
      {children as "safe"}
      <p class="actions">
        <button type="submit" class={danger ? "danger" : "primary"} safe>
          {submit}
        </button>
        <CancelButton />
      </p>
    </form>
  )
}

/** Closes the dialog it stands in; hidden on a page. */
export function CancelButton() {
  return (
    <button type="button" class="quiet cancel">
      Cancel
    </button>
  )
}

interface AccountNameProps {
  viewer: { username: string }
  /** Of the field. */
  name?: string
}

/** Tells password managers whose password it is. */
export function AccountName({ viewer, name = "username" }: AccountNameProps) {
  return <input type="text" name={name} value={viewer.username} autocomplete="username" hidden readonly />
}

interface AvatarProps {
  userId: string
  name: string
  /** A URL. */
  picture?: string | null
  /** For the card: the picture in its larger size. */
  isLarge?: boolean
}

/** A user's picture, or the first letter of their name on a color of their own. */
export function Avatar(props: AvatarProps) {
  return avatarHtml(props)
}

/** A template string, as it is part of every message. */
export function avatarHtml({ userId, name, picture, isLarge }: AvatarProps): string {
  return `<i class="avatar hue-${hue(userId)}" aria-hidden="true">${faceHtml({ name, picture, isLarge })}</i>`
}

/** The content of an avatar: the picture, or the first letter of the name. */
export function faceHtml({ name, picture, isLarge = false }: Omit<AvatarProps, "userId">): string {
  const [first = "?"] = name
  return picture ? pictureHtml(picture, isLarge) : Bun.escapeHTML(first.toUpperCase())
}

/** An animated picture is a second one above the still one: the style sheet shows it, and so the browser loads it, on hover. */
function pictureHtml(url: string, isLarge: boolean): string {
  const src = Bun.escapeHTML(url)
  const rest = `alt="" loading="lazy"`
  const still = `<img src="${src}${isLarge ? "/512" : ""}" ${rest}>`
  return isAnimatedPath(url) ? `${still}<img class="moving" src="${src}/animated" ${rest}>` : still
}

/** One of eight, the same for a user everywhere. */
function hue(userId: string): number {
  let sum = 0
  for (let at = 0; at < userId.length; at++) sum = (sum * 31 + userId.charCodeAt(at)) % 997
  return sum % 8
}

/** Beside the name of what is a program and no person. */
export function BotBadge() {
  return <span class="badge bot">bot</span>
}

/** A server's icon, or the first letters of its name. */
export function ServerFace({ name, iconUrl }: { name: string; iconUrl?: string | null }) {
  if (iconUrl) return <img class="server-icon" src={escapeHtml(iconUrl)} alt="" width="48" height="48" />

  return (
    <span aria-hidden="true" safe>
      {initials(name)}
    </span>
  )
}

/** The first letters of the first two words. */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean)
  return words
    .slice(0, 2)
    .map((word) => [...word][0])
    .join("")
}

/**
 * For `static/character-count.js`: how much more may be written. Browsers would cut off what is too long, without a word
 * (`maxlength`): here it is kept, and the server says by how much it is too long.
 */
export function LengthNote({ canAttach = false }: { canAttach?: boolean }) {
  return (
    <>
      <small class="length" hidden>
        <span aria-hidden="true" />
        {canAttach && <button type="button">Attach as a file</button>}
      </small>
      <span class="visually-hidden" role="status" />
    </>
  )
}
