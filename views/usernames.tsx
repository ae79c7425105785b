import type { PageViewer } from "./layout.tsx"
import { PasswordField } from "./password-fields.tsx"
import { AccountName, Field, FormPanel, type FormState, PanelForm } from "./ui.tsx"

interface Props {
  viewer: PageViewer
  hasPassword: boolean
  state: FormState
}

/** Changing the viewer's username. */
export function UsernamePanel({ viewer, hasPassword, state }: Props) {
  return (
    <FormPanel title="Change username">
      <p>
        You log in with the new name from then on. Nobody else can take <bdi safe>{viewer.username}</bdi> for
        14 days.
      </p>
      <PanelForm action="/account/username" state={state} submit="Change username">
        <AccountName viewer={viewer} />
        <Field
          name="newUsername"
          label="New username"
          state={state}
          hint="2 to 32 letters a–z, digits, dots, dashes or underscores"
          autocomplete="off"
          required
          maxlength={32}
        />
        {hasPassword && <PasswordField state={state} />}
      </PanelForm>
    </FormPanel>
  )
}
