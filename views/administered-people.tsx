import { escapeHtml } from "@kitajs/html"
import type { AdministeredPerson } from "../src/features/administration/contract.ts"
import type { Clock } from "../src/web/clock.ts"
import { Application, Badges, LastSeen } from "./administered-person.tsx"
import { sizeOf } from "./administration.tsx"
import { Select } from "./fields.tsx"
import { Time } from "./times.tsx"
import { Field } from "./ui.tsx"

interface SearchProps {
  action: string
  search: string
  /** The name of the filter, where there are some. */
  filter?: string
}

const filterOptions = [
  { value: "all", label: "Everyone" },
  { value: "administrators", label: "Administrators" },
  { value: "suspended", label: "Suspended" },
  { value: "waiting", label: "Waiting for approval" },
]

/** A search by name. */
export function NameSearch({ action, search, filter }: SearchProps) {
  return (
    <form class="inline" method="get" action={action}>
      <Field name="search" label="Name" state={{ values: { search } }} maxlength={50} />
      {filter !== undefined && (
        <Select name="filter" label="Show" options={filterOptions} state={{ values: { filter } }} />
      )}
      <button type="submit">Search</button>
    </form>
  )
}

interface PeopleProps {
  people: AdministeredPerson[]
  search: string
  filter: string
  /** The address of the next page. */
  next?: string
  clock: Clock
}

/** People by name. */
export function People({ people, search, filter, next, clock }: PeopleProps) {
  return (
    <>
      <NameSearch action="/admin/people" search={search} filter={filter} />
      {people.length === 0 && <p class="empty">No results. Try another name or filter.</p>}
      <ul class="entries">
        {people.map((person) => (
          <li>
            <span class="grow">
              <a href={`/admin/people/${person.id}`}>
                <bdi safe>{person.username}</bdi>
              </a>{" "}
              <Badges person={person} />
              <br />
              <small class="hint">
                <LastSeen person={person} clock={clock} />
                <span safe>{` · ${sizeOf(person.fileBytes)} of files`}</span>
              </small>
            </span>
          </li>
        ))}
      </ul>
      {next !== undefined && <NextPage href={next} />}
    </>
  )
}

interface ApprovalsProps {
  people: AdministeredPerson[]
  clock: Clock
}

/** Those who wait for an approval. */
export function Approvals({ people, clock }: ApprovalsProps) {
  if (people.length === 0) return <p class="empty">Nobody is waiting for approval.</p>

  return (
    <ul class="entries">
      {people.map((person) => (
        <li>
          <div class="grow">
            <p>
              <a href={`/admin/people/${person.id}`}>
                <bdi safe>{person.username}</bdi>
              </a>{" "}
              <small class="hint">
                <Time at={person.waitingSince ?? person.createdAt} clock={clock} />
              </small>
            </p>
            <Application person={person} />
          </div>
        </li>
      ))}
    </ul>
  )
}

/** The link below a list that has more. */
export function NextPage({ href }: { href: string }) {
  return (
    <p>
      <a rel="next" href={escapeHtml(href)}>
        Next page
      </a>
    </p>
  )
}
