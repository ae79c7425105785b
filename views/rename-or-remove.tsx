import { escapeHtml } from "@kitajs/html"

interface Props {
  id: string
  name: string
  /** Of the list that it is in. */
  address: string
}

/** Forms to rename or remove something that a person has registered, such as a passkey or a device. */
export function RenameOrRemove({ id, name, address }: Props) {
  return (
    <details>
      <summary aria-label={escapeHtml(`Change ${name}`)}>Change</summary>
      <form class="inline" method="post" action={`${address}/${id}/rename`}>
        <p class="field">
          <label for={`name-${id}`}>Name</label>
          <input
            id={`name-${id}`}
            name="name"
            type="text"
            dir="auto"
            value={escapeHtml(name)}
            required
            maxlength={50}
            autocomplete="off"
          />
        </p>
        <button type="submit">Rename</button>
      </form>
      <form method="post" action={`${address}/${id}/remove`}>
        <button class="danger" type="submit" aria-label={escapeHtml(`Remove ${name}`)}>
          Remove
        </button>
      </form>
    </details>
  )
}
