import { Field, type FormState } from "./ui.tsx"

/** Asks for the password that the account has. */
export function PasswordField({
  name = "password",
  label = "Password",
  state,
}: {
  name?: string
  label?: string
  state: FormState
}) {
  return (
    <Field name={name} label={label} type="password" state={state} autocomplete="current-password" required />
  )
}

/** Asks for a new password. */
export function NewPasswordField({
  name = "newPassword",
  label = "New password",
  state,
}: {
  name?: string
  label?: string
  state: FormState
}) {
  return (
    <Field
      name={name}
      label={label}
      type="password"
      state={state}
      hint="At least 8 characters"
      autocomplete="new-password"
      required
    />
  )
}
