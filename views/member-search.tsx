import { escapeHtml } from "@kitajs/html"

interface MemberSearchProps {
  action: string
  query: string
  shown: number
  /** Of the whole server. */
  total: number
}

/** The search above a list of members, which says how many of them the list has. */
export function MemberSearch({ action, query, shown, total }: MemberSearchProps) {
  return (
    <>
      <form method="get" action={action} class="inline">
        <p class="field">
          <label for="q">Search members</label>
          <input id="q" name="q" type="search" value={escapeHtml(query)} maxlength={32} autocomplete="off" />
        </p>
        <button type="submit">Search</button>
      </form>
      <p class="hint" role="status" safe>
        {shownOf(shown, total, query)}
      </p>
    </>
  )
}

function shownOf(shown: number, total: number, query: string): string {
  if (query !== "") return shown === 1 ? "1 member found" : `${shown} members found`
  if (shown === total) return total === 1 ? "1 member" : `${total} members`
  return `The first ${shown} of ${total} members. Search for others.`
}
