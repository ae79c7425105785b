import type { Transfer } from "../src/features/transfers/contract.ts"
import type { PageViewer } from "./layout.tsx"
import type { ServerName } from "./shell.tsx"
import { Time } from "./times.tsx"
import { Field, FormErrors, type FormState, PanelForm } from "./ui.tsx"

interface Props {
  server: ServerName
  transfer: Transfer | null
  viewer: PageViewer
  mayOffer: boolean
  state: FormState
}

/** Handing a server over: its owner offers it, another member accepts. */
export function TransferPanel(props: Props) {
  const { transfer, viewer, mayOffer } = props
  if (transfer?.toUserId === viewer.id) return <Offered {...props} transfer={transfer} />
  if (!mayOffer) return <NoOffer state={props.state} />
  return transfer ? <Waiting {...props} transfer={transfer} /> : <OfferForm {...props} />
}

function OfferForm({ server, state }: Props) {
  return (
    <>
      <p>
        You can hand <bdi safe>{server.name}</bdi> over to another member. They become its owner when they
        accept; you stay a member, with the roles you have.
      </p>
      <PanelForm action={`/servers/${server.id}/transfer`} state={state} submit="Offer the server" danger>
        <Field
          name="username"
          label="New owner"
          hint="The username of a member, not of a bot"
          state={state}
          required
          autocomplete="off"
        />
        <Field
          name="name"
          label="Type the server's name to confirm"
          state={state}
          required
          autocomplete="off"
        />
      </PanelForm>
    </>
  )
}

function Waiting({ server, transfer, viewer, state }: Props & { transfer: Transfer }) {
  return (
    <>
      <FormErrors state={state} />
      <p>
        You have offered <bdi safe>{server.name}</bdi> to <bdi safe>{transfer.toUsername}</bdi>, who can
        accept until <Time at={transfer.expiresAt} clock={viewer.clock} />. Until then you own it.
      </p>
      <Answer action={`/servers/${server.id}/transfer/cancel`} label="Cancel the offer" />
    </>
  )
}

function Offered({ server, transfer, viewer, state }: Props & { transfer: Transfer }) {
  return (
    <>
      <FormErrors state={state} />
      <p>
        The owner of <bdi safe>{server.name}</bdi> offers it to you. If you accept, you own it: you may do
        everything in it, and are responsible for it. The offer ends{" "}
        <Time at={transfer.expiresAt} clock={viewer.clock} />.
      </p>
      <Answer action={`/servers/${server.id}/transfer/accept`} label="Accept the server" isPrimary />
      <Answer action={`/servers/${server.id}/transfer/cancel`} label="Decline" />
    </>
  )
}

function NoOffer({ state }: { state: FormState }) {
  return (
    <>
      <FormErrors state={state} />
      <p>You have no offer. Only the owner can hand the server over.</p>
    </>
  )
}

function Answer({ action, label, isPrimary }: { action: string; label: string; isPrimary?: boolean }) {
  return (
    <form method="post" action={action}>
      <p class="actions">
        <button type="submit" class={isPrimary ? "primary" : undefined} safe>
          {label}
        </button>
      </p>
    </form>
  )
}
