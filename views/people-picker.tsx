import { escapeHtml } from "@kitajs/html"
import type { Person } from "../src/features/conversations/contract.ts"
import { shownName } from "./people.ts"
import { Avatar, CancelButton, FormErrors, type FormState } from "./ui.tsx"

export interface PickerProps {
  /** What was asked for, and who was found. */
  search: string
  found: Person[]
  chosen: Person[]
  state: FormState
}

/** The list follows what is typed; without JavaScript there is a button, and chosen people stay chosen. */
export function PeoplePicker({
  action,
  searchAction,
  submit,
  search,
  found,
  chosen,
  state,
}: PickerProps & { action: string; searchAction: string; submit: string }) {
  const ids = new Set(chosen.map(({ userId }) => userId))
  return (
    <form method="post" action={action} hx-post={action} hx-target="#dialog-body" hx-swap="innerHTML">
      <FormErrors state={state} />
      <p class="field">
        <label for="search">Find people you share a server with</label>
        <span class="search-row">
          <input
            id="search"
            name="search"
            type="search"
            value={Bun.escapeHTML(search)}
            maxlength={100}
            autocomplete="off"
            autofocus
            hx-get={searchAction}
            hx-trigger="input changed delay:200ms"
            hx-sync="replace"
            hx-include="closest form"
            hx-target="#people-found"
            hx-select="#people-found"
            hx-swap="outerHTML"
          />
          <button type="submit" class="without-script" formmethod="get" formaction={searchAction}>
            Search
          </button>
        </span>
      </p>
      <fieldset id="people-found" class="people-found">
        <legend class="visually-hidden">People</legend>
        {[...chosen, ...found.filter(({ userId }) => !ids.has(userId))].map(
          ({ userId, avatarUrl, ...names }) => (
            <label>
              <input type="checkbox" name="with" value={userId} checked={ids.has(userId)} />
              <Avatar userId={userId} name={shownName(names)} picture={avatarUrl} />
              <bdi class="name" title={escapeHtml(`@${names.username}`)} safe>
                {shownName(names)}
              </bdi>
            </label>
          ),
        )}
        {found.length === 0 && (
          <p class="hint" role="status">
            {search
              ? "No one by that name shares a server with you."
              : "No one shares a server with you yet."}
          </p>
        )}
      </fieldset>
      <p class="actions">
        <button type="submit" class="primary" safe>
          {submit}
        </button>
        <CancelButton />
      </p>
    </form>
  )
}
