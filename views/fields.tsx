import { type Children, escapeHtml } from "@kitajs/html"
import { FieldError, type FormState } from "./ui.tsx"

// Fields of longer forms, beside `Field` in `ui.tsx`. All keep what was submitted, and say what was wrong with it.

interface BaseProps {
  name: string
  label: string
  state: FormState
  hint?: string
}

/** The ids that describe a field. */
function describedBy({ name, hint, state }: BaseProps): string | undefined {
  const ids = [hint && `${name}-hint`, state.errors?.[name] && `${name}-error`]
  return ids.filter(Boolean).join(" ") || undefined
}

function Wrapped({ children, ...props }: BaseProps & { children?: Children }) {
  const { name, label, hint, state } = props
  return (
    <p class="field">
      <label for={name} safe>
        {label}
      </label>
      {children as "safe"}
      {hint !== undefined && (
        <small id={`${name}-hint`} class="hint" safe>
          {hint}
        </small>
      )}
      <FieldError name={name} error={state.errors?.[name]} />
    </p>
  )
}

interface TextAreaProps extends BaseProps {
  maxlength?: number
  required?: boolean
}

/** A text of several lines. */
export function TextArea({ maxlength, required, ...props }: TextAreaProps) {
  const { name, state } = props
  return (
    <Wrapped {...props}>
      <textarea
        id={name}
        name={name}
        dir="auto"
        maxlength={maxlength}
        required={required}
        aria-invalid={state.errors?.[name] ? "true" : undefined}
        aria-describedby={describedBy(props)}
        safe
      >
        {/* A line feed at the start of a textarea is dropped by the parser. */}
        {`\n${state.values?.[name] ?? ""}`}
      </textarea>
    </Wrapped>
  )
}

export interface Option {
  value: string
  label: string
}

/** One of several options. */
export function Select({ options, ...props }: BaseProps & { options: readonly Option[] }) {
  const { name, state } = props
  const chosen = state.values?.[name] ?? ""
  return (
    <Wrapped {...props}>
      <select
        id={name}
        name={name}
        aria-invalid={state.errors?.[name] ? "true" : undefined}
        aria-describedby={describedBy(props)}
      >
        {options.map(({ value, label }) => (
          <option value={escapeHtml(value)} selected={value === chosen} safe>
            {label}
          </option>
        ))}
      </select>
    </Wrapped>
  )
}

interface CheckProps {
  name: string
  label: string
  /** Default: `on`. */
  value?: string
  isChecked: boolean
  type?: "checkbox" | "radio"
}

/** A checkbox with its label beside it. */
export function Check({ name, label, value = "on", isChecked, type = "checkbox" }: CheckProps) {
  return (
    <label class="check">
      <input type={type} name={name} value={escapeHtml(value)} checked={isChecked} />
      <span dir="auto" safe>
        {label}
      </span>
    </label>
  )
}

interface ChecksProps {
  name: string
  legend: string
  options: readonly Option[]
  chosen: readonly string[]
  hint?: string
}

/** Any number of several options, folded away while none is chosen. */
export function Checks({ name, legend, options, chosen, hint }: ChecksProps) {
  return (
    <details class="checks" open={chosen.length > 0}>
      <summary safe>{chosen.length > 0 ? `${legend} (${chosen.length})` : legend}</summary>
      <fieldset aria-label={escapeHtml(legend)}>
        {hint !== undefined && (
          <small class="hint" safe>
            {hint}
          </small>
        )}
        {options.length === 0 && <p class="empty">None to choose from</p>}
        {options.map(({ value, label }) => (
          <Check name={name} value={value} label={label} isChecked={chosen.includes(value)} />
        ))}
      </fieldset>
    </details>
  )
}
